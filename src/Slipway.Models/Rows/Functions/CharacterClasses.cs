using System.Collections.Frozen;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>The classes of characters that PCRE and Java name: <c>\d</c>, <c>\h</c>, <c>\p{Punct}</c>, <c>[:alpha:]</c>. Without a prefix they are ASCII's.</summary>
internal static class CharacterClasses
{
    private const string Vertical = "\n\r\u0085\u0085\u2028\u2029";
    private const string Horizontal = "\t\t  \u00A0\u00A0\u1680\u1680\u180E\u180E\u2000\u200A\u202F\u202F\u205F\u205F\u3000\u3000";
    private const string Space = "\t\r  ";
    private const string Word = "azAZ09__";
    private const string Digit = "09";

    private static readonly FrozenDictionary<string, string> Posix = new Dictionary<string, string>
    {
        ["ascii"] = "\0\u007F",
        ["alpha"] = "azAZ",
        ["alnum"] = "azAZ09",
        ["digit"] = Digit,
        ["lower"] = "az",
        ["upper"] = "AZ",
        ["punct"] = "!/:@[`{~",
        ["graph"] = "!~",
        ["print"] = " ~",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\0\u001F\u007F\u007F",
        ["xdigit"] = "09afAF",
        ["space"] = Space,
        ["word"] = Word,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Categories = FrozenSet.ToFrozenSet(
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "Z", "Zs", "Zl", "Zp",
        "C", "Cc", "Cf", "Cs", "Co", "Cn", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So",
    ]);

    /// <summary>The class of an escaped letter: <c>d</c>, <c>W</c>, <c>h</c>.</summary>
    /// <returns>Null when the letter names no class.</returns>
    public static CharacterSet? OfEscape(char letter) => letter switch
    {
        'd' => CharacterSet.Of(Digit),
        'w' => CharacterSet.Of(Word),
        's' => CharacterSet.Of(Space),
        'h' => CharacterSet.Of(Horizontal),
        'v' => CharacterSet.Of(Vertical),
        'N' => CharacterSet.Of("\n\n").Complement(),
        'D' or 'W' or 'S' or 'H' or 'V' => OfEscape(char.ToLowerInvariant(letter))!.Complement(),
        _ => null,
    };

    /// <summary>The class inside of <c>[:…:]</c>.</summary>
    /// <exception cref="ModelException">There is none of that name.</exception>
    public static CharacterSet OfPosix(string name)
    {
        var isNegated = name.StartsWith('^');
        var set = CharacterSet.Of(Posix.GetValueOrDefault(isNegated ? name[1..] : name) ?? throw new ModelException($"there is no class of characters [:{name}:]"));
        return isNegated ? set.Complement() : set;
    }

    /// <summary>The class inside of <c>\p{…}</c>: a Unicode category, or a POSIX class as Java writes it.</summary>
    /// <exception cref="ModelException">There is none of that name, or it is a script or block, which are not supported.</exception>
    public static CharacterSet OfProperty(string name)
    {
        if (Categories.Contains(name)) return CharacterSet.OfCategory(name);
        if (name.Length > 1 && char.IsAsciiLetterUpper(name[0]) && Posix.TryGetValue(name.ToLowerInvariant(), out var ranges)) return CharacterSet.Of(ranges);
        if (name.StartsWith("Is", StringComparison.Ordinal) && Categories.Contains(name[2..])) return CharacterSet.OfCategory(name[2..]);
        switch (name)
        {
            case "IsAlphabetic":
                var letters = CharacterSet.OfCategory("L");
                letters.Join(CharacterSet.OfCategory("Nl"));
                return letters;
            case "IsLowercase" or "javaLowerCase":
                return CharacterSet.OfCategory("Ll");
            case "IsUppercase" or "javaUpperCase":
                return CharacterSet.OfCategory("Lu");
            case "IsDigit":
                return CharacterSet.OfCategory("Nd");
            case "IsPunctuation":
                return CharacterSet.OfCategory("P");
            case "IsWhite_Space" or "javaWhitespace":
                var spaces = CharacterSet.OfCategory("Z");
                spaces.Join(CharacterSet.Of(Space));
                return spaces;
            default:
                throw new ModelException($@"the class of characters \p{{{name}}} is not supported");
        }
    }
}

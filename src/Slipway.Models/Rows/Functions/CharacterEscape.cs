using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>What a backslash and what follows it stand for: a class of characters, or one character.</summary>
internal readonly record struct CharacterEscape(CharacterSet? Class, string Text)
{
    /// <param name="pattern">The pattern.</param>
    /// <param name="at">Where the backslash is; moved behind the escape.</param>
    /// <exception cref="ModelException">The escape means nothing, or nothing that .NET could do.</exception>
    public static CharacterEscape Read(string pattern, ref int at)
    {
        if (at + 1 >= pattern.Length) throw new ModelException($@"pattern '{pattern}': a '\' at the end");
        var letter = pattern[at + 1];
        at += 2;
        if (CharacterClasses.OfEscape(letter) is { } set) return new(set, "");
        if (letter is 'p' or 'P')
        {
            var property = CharacterClasses.OfProperty(Braced(pattern, ref at) ?? (at < pattern.Length ? pattern[at++..at] : ""));
            return new(letter == 'P' ? property.Complement() : property, "");
        }
        return new(null, letter switch
        {
            't' => "\t",
            'n' => "\n",
            'r' => "\r",
            'f' => "\f",
            'a' => "\a",
            'e' => "\e",
            'c' when at < pattern.Length => ((char)(char.ToUpperInvariant(pattern[at++]) ^ 64)).ToString(),
            'x' => Scalar(pattern, Braced(pattern, ref at) ?? Digits(pattern, ref at, 2), 16),
            'u' => Unit(pattern, Digits(pattern, ref at, 4)),
            '0' => Scalar(pattern, "0" + Digits(pattern, ref at, 3, octal: true), 8),
            _ when !char.IsAsciiLetterOrDigit(letter) => letter.ToString(),
            _ => throw new ModelException($@"pattern '{pattern}': '\{letter}' is not supported"),
        });
    }

    private static string? Braced(string pattern, ref int at)
    {
        if (at >= pattern.Length || pattern[at] != '{') return null;
        var end = pattern.IndexOf('}', at);
        if (end < 0) throw new ModelException($"pattern '{pattern}': a '{{' without its '}}'");
        var inside = pattern[(at + 1)..end];
        at = end + 1;
        return inside;
    }

    private static string Digits(string pattern, ref int at, int maximum, bool octal = false)
    {
        var start = at;
        while (at < pattern.Length && at - start < maximum && (octal ? pattern[at] is >= '0' and <= '7' : char.IsAsciiHexDigit(pattern[at]))) at++;
        return pattern[start..at];
    }

    private static string Unit(string pattern, string digits) =>
        digits.Length == 4
            ? ((char)int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
            : throw new ModelException($@"pattern '{pattern}': '\u' without four digits");

    private static string Scalar(string pattern, string digits, int radix)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            var number = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (number >= radix || value > 0x10FFFF) return Wrong();
            value = value * radix + number;
        }
        return digits.Length > 0 && Rune.IsValid(value) ? new Rune(value).ToString() : Wrong();

        string Wrong() => throw new ModelException($"pattern '{pattern}': '{digits}' is no character");
    }
}

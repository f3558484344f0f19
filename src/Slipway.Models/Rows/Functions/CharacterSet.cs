using System.Globalization;
using System.Text;

namespace Slipway.Models.Rows.Functions;

/// <summary>A set of UTF-16 units, as the brackets of a regular expression name it: one bit each, so that any sets can be joined, met and turned around.</summary>
internal sealed class CharacterSet
{
    private const int Size = char.MaxValue + 1;

    private readonly ulong[] _bits = new ulong[Size / 64];

    /// <summary>A set of ranges, each named by its first and last unit: <c>azAZ</c>.</summary>
    public static CharacterSet Of(string ranges)
    {
        var set = new CharacterSet();
        for (var i = 0; i < ranges.Length; i += 2) set.Add(ranges[i], ranges[i + 1]);
        return set;
    }

    /// <summary>The units of the Unicode categories whose names start with <paramref name="prefix"/>: <c>L</c>, <c>Lu</c>.</summary>
    public static CharacterSet OfCategory(string prefix)
    {
        var set = new CharacterSet();
        for (var unit = 0; unit < Size; unit++)
        {
            if (CategoryName(CharUnicodeInfo.GetUnicodeCategory((char)unit)).StartsWith(prefix, StringComparison.Ordinal)) set.Add((char)unit, (char)unit);
        }
        return set;
    }

    public void Add(char first, char last)
    {
        for (int unit = first; unit <= last; unit++) _bits[unit / 64] |= 1UL << (unit % 64);
    }

    public void Join(CharacterSet other)
    {
        for (var i = 0; i < _bits.Length; i++) _bits[i] |= other._bits[i];
    }

    public void Meet(CharacterSet other)
    {
        for (var i = 0; i < _bits.Length; i++) _bits[i] &= other._bits[i];
    }

    public CharacterSet Complement()
    {
        var set = new CharacterSet();
        for (var i = 0; i < _bits.Length; i++) set._bits[i] = ~_bits[i];
        return set;
    }

    /// <summary>Writes the set as one bracketed class.</summary>
    public void WriteTo(StringBuilder pattern)
    {
        if (IsEmpty)
        {
            // Empty brackets would be a syntax error.
            pattern.Append(@"[^\s\S]");
            return;
        }
        pattern.Append('[');
        for (var unit = 0; unit < Size; unit++)
        {
            if (!Contains(unit)) continue;
            var first = unit;
            while (unit + 1 < Size && Contains(unit + 1)) unit++;
            WriteUnit(pattern, first);
            if (unit == first) continue;
            pattern.Append('-');
            WriteUnit(pattern, unit);
        }
        pattern.Append(']');
    }

    private bool IsEmpty => !_bits.AsSpan().ContainsAnyExcept(0UL);

    private bool Contains(int unit) => (_bits[unit / 64] >> (unit % 64) & 1) != 0;

    private static void WriteUnit(StringBuilder pattern, int unit)
    {
        if (char.IsAsciiLetterOrDigit((char)unit)) pattern.Append((char)unit);
        else pattern.Append(CultureInfo.InvariantCulture, $@"\u{unit:X4}");
    }

    private static string CategoryName(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.TitlecaseLetter => "Lt",
        UnicodeCategory.ModifierLetter => "Lm",
        UnicodeCategory.OtherLetter => "Lo",
        UnicodeCategory.NonSpacingMark => "Mn",
        UnicodeCategory.SpacingCombiningMark => "Mc",
        UnicodeCategory.EnclosingMark => "Me",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.LetterNumber => "Nl",
        UnicodeCategory.OtherNumber => "No",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.LineSeparator => "Zl",
        UnicodeCategory.ParagraphSeparator => "Zp",
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.Format => "Cf",
        UnicodeCategory.Surrogate => "Cs",
        UnicodeCategory.PrivateUse => "Co",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.InitialQuotePunctuation => "Pi",
        UnicodeCategory.FinalQuotePunctuation => "Pf",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.OtherSymbol => "So",
        _ => "Cn",
    };
}

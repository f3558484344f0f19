using System.Globalization;

namespace Slipway.Data;

/// <summary>Numbers as table files write them.</summary>
internal static class NumberText
{
    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// The double nearest to a decimal number (<c>-12.5</c>, <c>1e-3</c>; no thousands separators), or what <c>nan</c>, <c>inf</c>, <c>infinity</c> spell in any case.
    /// False for anything else, and for numbers beyond the range of a double.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double value)
    {
        // Clinger's fast path: a mantissa below 2^53 and a power of ten up to 10^22 are both exact, so one division rounds once.
        var digits = utf8;
        var negative = false;
        if (digits is [(byte)'-' or (byte)'+', ..])
        {
            negative = digits[0] == '-';
            digits = digits[1..];
        }
        if (digits.Length is > 0 and <= 17)
        {
            var mantissa = 0UL;
            var point = -1;
            var i = 0;
            for (; i < digits.Length; i++)
            {
                var digit = (uint)(digits[i] - '0');
                if (digit <= 9) mantissa = (mantissa * 10) + digit;
                else if (digits[i] == '.' && point < 0) point = i;
                else break;
            }
            if (i == digits.Length && mantissa <= 1UL << 53 && (point < 0 || digits.Length > 1))
            {
                value = point < 0 ? mantissa : mantissa / PowersOfTen[digits.Length - 1 - point];
                if (negative) value = -value;
                return true;
            }
        }
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (digits is [>= (byte)'0' and <= (byte)'9' or (byte)'.', ..])
        {
            return double.TryParse(utf8, styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        }
        value = Named(digits);
        if (negative) value = -value;
        return value != 0;
    }

    private static double Named(ReadOnlySpan<byte> word)
    {
        Span<byte> lower = stackalloc byte[8];
        if (word.Length is not (3 or 8)) return 0;
        for (var i = 0; i < word.Length; i++) lower[i] = (byte)(word[i] | 0x20);
        return lower[..word.Length] switch
        {
            var w when w.SequenceEqual("nan"u8) => double.NaN,
            var w when w.SequenceEqual("inf"u8) || w.SequenceEqual("infinity"u8) => double.PositiveInfinity,
            _ => 0,
        };
    }

    /// <summary>The text without spaces and tabs around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || (utf8[0] > ' ' && utf8[^1] > ' ')) return utf8;
        return utf8.Trim(" \t"u8);
    }
}

namespace Slipway.Core;

/// <summary>
/// Quick reading of decimal numbers that need no big arithmetic: up to 19 digits whose value is below 2^53, times a power of ten up to 10^22. Both are exact as
/// doubles, so one multiplication or division rounds correctly (W. D. Clinger, "How to read floating point numbers accurately", 1990). Most numbers in
/// requests are like this; for the others the caller takes the general way.
/// </summary>
internal static class DecimalNumber
{
    private const ulong MaxExact = 1UL << 53;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <param name="text">A JSON number.</param>
    public static bool TryReadDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var negative = text[0] == '-';
        ulong digits = 0;
        var exponent = 0;
        var start = negative ? 1 : 0;
        if (text.Length - start > 20) return false;
        var i = start;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++) digits = (digits * 10) + (uint)(text[i] - '0');
        if (i < text.Length && text[i] == '.')
        {
            var point = ++i;
            for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++) digits = (digits * 10) + (uint)(text[i] - '0');
            exponent = point - i;
        }
        if (i - start > 19) return false;
        if (i < text.Length && !TryAddExponent(text[(i + 1)..], ref exponent)) return false;
        if (digits > MaxExact || exponent is < -22 or > 22) return false;
        value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        if (negative) value = -value;
        return true;
    }

    /// <param name="text">A JSON number.</param>
    public static bool TryReadSingle(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        if (!TryReadDouble(text, out var number)) return false;
        // Rounding twice goes wrong only from the middle between two floats; there, and where floats are subnormal, the general way decides.
        const ulong Discarded = (1UL << 29) - 1;
        const ulong Middle = 1UL << 28;
        if ((BitConverter.DoubleToUInt64Bits(number) & Discarded) == Middle || (Math.Abs(number) < 1.1754943508222875e-38 && number != 0)) return false;
        value = (float)number;
        return true;
    }

    private static bool TryAddExponent(ReadOnlySpan<byte> text, ref int exponent)
    {
        var negative = text[0] == '-';
        var digits = negative || text[0] == '+' ? text[1..] : text;
        if (digits.Length > 3) return false;
        var power = 0;
        foreach (var digit in digits) power = (power * 10) + (digit - '0');
        exponent += negative ? -power : power;
        return true;
    }
}

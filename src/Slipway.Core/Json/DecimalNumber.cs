using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.Core;

/// <summary>
/// Quick reading of JSON numbers that need no big arithmetic: up to 19 digits whose value is below 2^53, times a power of ten up to 10^22. Both are exact as
/// doubles, so one multiplication or division rounds correctly (W. D. Clinger, "How to read floating point numbers accurately", 1990). Most numbers in
/// requests are like this; for the others the caller takes the general way.
/// </summary>
internal static class DecimalNumber
{
    private const ulong MaxExact = 1UL << 53;
    private const int MaxDigits = 19;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static readonly uint[] SmallPowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Reads the number that begins at <paramref name="at"/> and moves behind it; false, and nothing moves, when it is not a JSON number or needs the general way.</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, ref int at, out double value)
    {
        value = 0;
        var i = at;
        var negative = i < text.Length && text[i] == '-';
        if (negative) i++;
        ulong digits = 0;
        var start = i;
        ScanDigits(text, ref i, ref digits);
        var count = i - start;
        if (count == 0 || (count > 1 && text[start] == '0')) return false;
        var exponent = 0;
        if (i < text.Length && text[i] == '.')
        {
            start = ++i;
            ScanDigits(text, ref i, ref digits);
            if (i == start) return false;
            exponent = start - i;
            count -= exponent;
        }
        if (count > MaxDigits) return false;
        if (i < text.Length && (text[i] | 0x20) == 'e' && !TryScanExponent(text, ref i, ref exponent)) return false;
        if (digits > MaxExact || exponent is < -22 or > 22) return false;
        value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        if (negative) value = -value;
        at = i;
        return true;
    }

    /// <inheritdoc cref="TryScan(ReadOnlySpan{byte}, ref int, out double)"/>
    public static bool TryScan(ReadOnlySpan<byte> text, ref int at, out float value)
    {
        value = 0;
        var end = at;
        if (!TryScan(text, ref end, out double number)) return false;
        // Rounding twice goes wrong only from the middle between two floats; there, and where floats are subnormal, the general way decides.
        const ulong Discarded = (1UL << 29) - 1;
        const ulong Middle = 1UL << 28;
        if ((BitConverter.DoubleToUInt64Bits(number) & Discarded) == Middle || (Math.Abs(number) < 1.1754943508222875e-38 && number != 0)) return false;
        value = (float)number;
        at = end;
        return true;
    }

    // Eight characters at a time: digits become bytes 0 to 9, the first of them lowest; shifted up, the bytes below them are leading zeros; then
    // neighbours are joined to pairs, pairs to fours, fours to eight (D. Lemire, "Number parsing at a gigabyte per second", 2021).
    private static void ScanDigits(ReadOnlySpan<byte> text, ref int i, ref ulong digits)
    {
        while (text.Length - i >= sizeof(ulong))
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(text[i..]);
            var others = ((eight + 0x4646464646464646) | (eight - 0x3030303030303030)) & 0x8080808080808080;
            var count = BitOperations.TrailingZeroCount(others) >> 3;
            if (count == 0) return;
            eight = (eight - 0x3030303030303030) << (64 - (count * 8));
            eight = (eight * 10) + (eight >> 8);
            eight = (((eight & 0x000000FF000000FF) * 0x000F424000000064) + (((eight >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
            digits = (digits * SmallPowersOfTen[count]) + (uint)eight;
            i += count;
            if (count < 8) return;
        }
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++) digits = (digits * 10) + (uint)(text[i] - '0');
    }

    private static bool TryScanExponent(ReadOnlySpan<byte> text, ref int i, ref int exponent)
    {
        var at = i + 1;
        var negative = at < text.Length && text[at] == '-';
        if (negative || (at < text.Length && text[at] == '+')) at++;
        var start = at;
        ulong power = 0;
        ScanDigits(text, ref at, ref power);
        if (at == start || at - start > 3) return false;
        exponent += negative ? -(int)power : (int)power;
        i = at;
        return true;
    }
}

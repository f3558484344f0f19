using System.Buffers;
using System.Globalization;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Json;

/// <summary>
/// Arrays of numbers, of which nearly all of a model file is, read from their bytes. What is not as plain as libraries write it is left to a JSON reader:
/// these methods then say that they did not read the array.
/// </summary>
internal static class JsonNumberArray
{
    /// <summary>Digits of which any number fits an <see cref="int"/>.</summary>
    private const int IntegerDigits = 9;

    /// <summary>Digits of which any number is exact in float64.</summary>
    private const int ExactDigits = 15;

    private static readonly double[] PowersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE, \t\r\n"u8);

    /// <param name="at">After the opening bracket.</param>
    /// <returns>The place of the closing bracket; -1 when the array has to be read another way.</returns>
    public static int FindEnd(ReadOnlySpan<byte> json, int at)
    {
        var length = json[at..].IndexOfAnyExcept(NumberBytes);
        return length >= 0 && json[at + length] == ']' ? at + length : -1;
    }

    /// <inheritdoc cref="FindEnd"/>
    public static int ReadIntegers(ReadOnlySpan<byte> json, int at, GrowingArray<int> values)
    {
        if (IsEmpty(json, ref at)) return at;
        while (TryInteger(json, ref at, out var value))
        {
            values.Add(value);
            if (!TryNext(json, ref at, out var ended)) return -1;
            if (ended) return at;
        }
        return -1;
    }

    /// <inheritdoc cref="FindEnd"/>
    public static int ReadNumbers(ReadOnlySpan<byte> json, int at, GrowingArray<float> values)
    {
        if (IsEmpty(json, ref at)) return at;
        while (TryNumber(json, ref at, out var value))
        {
            values.Add(value);
            if (!TryNext(json, ref at, out var ended)) return -1;
            if (ended) return at;
        }
        return -1;
    }

    private static bool IsEmpty(ReadOnlySpan<byte> json, ref int at)
    {
        SkipSpace(json, ref at);
        return at < json.Length && json[at] == ']';
    }

    /// <summary>Moves over a comma to the next number; at the closing bracket, the array has ended.</summary>
    private static bool TryNext(ReadOnlySpan<byte> json, ref int at, out bool ended)
    {
        SkipSpace(json, ref at);
        ended = at < json.Length && json[at] == ']';
        if (ended) return true;
        if (at >= json.Length || json[at] != ',') return false;
        at++;
        SkipSpace(json, ref at);
        return true;
    }

    private static void SkipSpace(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
    }

    private static bool TryInteger(ReadOnlySpan<byte> json, ref int at, out int value)
    {
        value = 0;
        var i = at;
        var negative = i < json.Length && json[i] == '-';
        if (negative) i++;
        var first = i;
        for (; i < json.Length && (uint)(json[i] - '0') <= 9; i++) value = (value * 10) + (json[i] - '0');
        if (i == first || i - first > IntegerDigits || (json[first] == '0' && i - first > 1)) return false;
        if (negative) value = -value;
        at = i;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> json, ref int at, out float value)
    {
        value = 0;
        var i = at;
        var negative = i < json.Length && json[i] == '-';
        if (negative) i++;
        var (first, digits, scale) = (i, 0L, 0);
        for (; i < json.Length && (uint)(json[i] - '0') <= 9; i++) digits = (digits * 10) + (json[i] - '0');
        var count = i - first;
        if (count == 0 || (json[first] == '0' && count > 1)) return false;
        if (i < json.Length && json[i] == '.')
        {
            var point = ++i;
            for (; i < json.Length && (uint)(json[i] - '0') <= 9; i++) digits = (digits * 10) + (json[i] - '0');
            scale = point - i;
            if (scale == 0) return false;
            count -= scale;
        }
        if (i < json.Length && (json[i] | 0x20) == 'e' && !TryExponent(json, ref i, ref scale)) return false;
        // Both factors are exact, so the float64 is rounded once; halfway between two float32 a second rounding could go astray.
        var exact = count <= ExactDigits && Math.Abs(scale) < PowersOfTen.Length;
        var number = !exact ? 0 : scale < 0 ? digits / PowersOfTen[-scale] : digits * PowersOfTen[scale];
        if (exact && (BitConverter.DoubleToInt64Bits(number) & 0x1FFF_FFFF) != 0x1000_0000) value = (float)(negative ? -number : number);
        else if (!float.TryParse(json[at..i], NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return false;
        at = i;
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<byte> json, ref int i, ref int scale)
    {
        i++;
        var negative = i < json.Length && json[i] == '-';
        if (negative || (i < json.Length && json[i] == '+')) i++;
        var (first, exponent) = (i, 0);
        for (; i < json.Length && (uint)(json[i] - '0') <= 9; i++) exponent = Math.Min(9999, (exponent * 10) + (json[i] - '0'));
        scale += negative ? -exponent : exponent;
        return i > first;
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows;

/// <summary>Numbers as models and their data write them: XML Schema's <c>INF</c> and <c>NaN</c>, spaces around; plain decimals take a short way.</summary>
internal static class NumberText
{
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        if (TryDecimal(MemoryMarshal.AsBytes(text), sizeof(char), 1UL << 53, 22, out var mantissa, out var decimals, out var negative))
        {
            value = decimals == 0 ? mantissa : mantissa / Powers[decimals];
            if (negative) value = -value;
            return true;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || TryInfinity(text, out value);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out double value)
    {
        if (TryDecimal(utf8, sizeof(byte), 1UL << 53, 22, out var mantissa, out var decimals, out var negative))
        {
            value = decimals == 0 ? mantissa : mantissa / Powers[decimals];
            if (negative) value = -value;
            return true;
        }
        return double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || TryInfinity(System.Text.Encoding.UTF8.GetString(utf8), out value);
    }

    /// <summary>Rounded once, from the decimal to float32.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out float value)
    {
        if (TryDecimal(MemoryMarshal.AsBytes(text), sizeof(char), 1UL << 24, 10, out var mantissa, out var decimals, out var negative))
        {
            value = decimals == 0 ? mantissa : mantissa / (float)Powers[decimals];
            if (negative) value = -value;
            return true;
        }
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        var found = TryInfinity(text, out var infinity);
        value = (float)infinity;
        return found;
    }

    /// <summary>
    /// A mantissa and a power of ten that the type holds exactly: then one division rounds right (W. D. Clinger, "How to Read Floating Point Numbers Accurately", 1990).
    /// </summary>
    /// <param name="text">Characters of one or of two bytes. (A generic method over both would be compiled when it is first called, not ahead of time.)</param>
    private static bool TryDecimal(ReadOnlySpan<byte> text, int width, ulong maxMantissa, int maxDecimals, out ulong mantissa, out int decimals, out bool negative)
    {
        mantissa = 0;
        decimals = 0;
        negative = text.Length > 0 && CharacterAt(text, 0, width) == '-';
        var first = negative ? width : 0;
        var point = -1;
        if (text.Length - first > 18 * width) return false;
        for (var i = first; i < text.Length; i += width)
        {
            var digit = CharacterAt(text, i, width) - '0';
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
            }
            else if (digit == unchecked('.' - (uint)'0') && point < 0)
            {
                point = i;
            }
            else
            {
                return false;
            }
        }
        decimals = point < 0 ? 0 : ((text.Length - point) / width) - 1;
        return text.Length - first - (point < 0 ? 0 : width) > 0 && mantissa <= maxMantissa && decimals <= maxDecimals;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint CharacterAt(ReadOnlySpan<byte> text, int at, int width) =>
        width == sizeof(byte) ? text[at] : Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at));

    private static bool TryInfinity(ReadOnlySpan<char> text, out double value)
    {
        value = text.Trim() switch
        {
            "INF" or "+INF" => double.PositiveInfinity,
            "-INF" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0;
    }
}

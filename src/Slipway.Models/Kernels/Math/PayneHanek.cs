namespace Slipway.Models.Kernels;

/// <summary>
/// Arguments of any size modulo π/2 by integer arithmetic: of the digits of 2/π only those matter that, times the argument, are neither whole
/// turns nor too small to see (Payne and Hanek, "Radian reduction for trigonometric functions", SIGNUM 1983).
/// </summary>
internal static class PayneHanek
{
    private const double HalfPiHigh = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>The binary digits of 2/π behind the point, after 64 zeros.</summary>
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0,
        0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
        0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
        0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
        0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
        0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
    ];

    /// <summary>x = quadrant · π/2 + high + low with |high| ≤ π/4; the quadrant modulo 4. Not a number for infinities.</summary>
    /// <param name="x">At least 2⁻⁸ in magnitude, or not finite.</param>
    public static int Reduce(double x, out double high, out double low)
    {
        if (!double.IsFinite(x))
        {
            high = low = double.NaN;
            return 0;
        }
        var bits = BitConverter.DoubleToUInt64Bits(x);
        var exponent = (int)(bits >> 52 & 0x7ff) - 1075;
        var mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
        // mantissa · 2^exponent · 2/π modulo 4, scaled by 2^190: digits of 2/π before `first` give multiples of 4.
        var first = exponent - 2 + 64;
        var word = first >> 6;
        var shift = first & 63;
        var (w2, w1, w0) = (Digits(word, shift), Digits(word + 1, shift), Digits(word + 2, shift));
        var p0 = (UInt128)w0 * mantissa;
        var p1 = (UInt128)w1 * mantissa + (p0 >> 64);
        var top = w2 * mantissa + (ulong)(p1 >> 64);
        var middle = (ulong)p1;
        var bottom = (ulong)p0;

        var quadrant = (int)(top >> 62);
        // The fraction as a signed number of quarter turns in 2^-192 after dropping the two whole digits.
        var fractionTop = top << 2 | middle >> 62;
        var fraction = new UInt128(fractionTop, middle << 2 | bottom >> 62);
        var negative = (long)fractionTop < 0;
        if (negative)
        {
            fraction = UInt128.Zero - fraction;
            quadrant++;
        }
        var zeros = (int)UInt128.LeadingZeroCount(fraction);
        fraction <<= zeros;
        // 128 digits as two numbers of 53 and 53.
        var scale = Math.ScaleB(1.0, -zeros - 53);
        var f1 = (double)(ulong)(fraction >> 75) * scale;
        var f2 = (double)((ulong)(fraction >> 22) & 0x1fffffffffffff) * scale * 1.1102230246251565e-16;
        high = f1 * HalfPiHigh;
        low = Math.FusedMultiplyAdd(f1, HalfPiHigh, -high) + (f1 * HalfPiLow + f2 * HalfPiHigh);
        var sum = high + low;
        low -= sum - high;
        high = sum;
        if (negative != (x < 0))
        {
            high = -high;
            low = -low;
        }
        return (x < 0 ? -quadrant : quadrant) & 3;
    }

    private static ulong Digits(int word, int shift) => shift == 0 ? TwoOverPi[word] : TwoOverPi[word] << shift | TwoOverPi[word + 1] >> (64 - shift);
}

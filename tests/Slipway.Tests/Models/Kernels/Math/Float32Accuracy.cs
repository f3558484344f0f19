using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

/// <summary>Float32 numbers of every exponent and sign, and how far results are from exact ones.</summary>
internal static class Float32Accuracy
{
    /// <summary>About 2²⁰ numbers whose bits are 4099 apart: subnormals, infinities and NaN among them.</summary>
    public static float[] Everywhere()
    {
        var numbers = new float[(int)(uint.MaxValue / 4099) + 9];
        for (var i = 0; i < numbers.Length - 8; i++) numbers[i] = BitConverter.UInt32BitsToSingle((uint)i * 4099u);
        ReadOnlySpan<float> special = [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, -float.Epsilon, 1f];
        special.CopyTo(numbers.AsSpan(^8));
        return numbers;
    }

    /// <summary>The largest error in units in the last place of a float32 number near the exact one. Infinite when a special value is wrong.</summary>
    public static (double Ulps, float At) Worst(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Func<double, double> exact)
    {
        (double Ulps, float At) worst = (0, 0);
        for (var i = 0; i < x.Length; i++)
        {
            var ulps = Error(y[i], exact(x[i]));
            if (ulps > worst.Ulps) worst = (ulps, x[i]);
        }
        return worst;
    }

    private static double Error(float actual, double exact)
    {
        var rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsNaN(actual)) return float.IsNaN(rounded) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (rounded.Equals(actual)) return rounded == 0 && float.IsNegative(rounded) != float.IsNegative(actual) ? double.PositiveInfinity : 0;
        if (float.IsInfinity(rounded) != float.IsInfinity(actual)) return Math.Abs(exact) > 3.4028234e38 && Math.Abs(actual) > 3.4028e38 ? 1 : double.PositiveInfinity;
        if (rounded == 0 || actual == 0) return Math.Abs(actual - exact) / float.Epsilon;
        return Math.Abs(actual - exact) / Math.Max(float.Epsilon, Math.ScaleB(1, Math.ILogB(exact) - 23));
    }
}

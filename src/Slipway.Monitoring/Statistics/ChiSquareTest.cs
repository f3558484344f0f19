using MathNet.Numerics;

namespace Slipway.Monitoring.Statistics;

/// <summary>
/// The two-sample chi-square test of a contingency table with two rows (reference, current) and one column per category.
/// Statistic: Σ (observed − expected)²/expected with expectations from the pooled shares. Null distribution: χ² with (categories seen − 1) degrees
/// of freedom, good while expectations are about 5 or more. The reference counts as a sample too: to take it as exact multiplies false alarms.
/// </summary>
public static class ChiSquareTest
{
    /// <param name="yates">Yates's continuity correction; only for two categories.</param>
    /// <exception cref="ArgumentException">The lists differ in length, a count is negative, or a sample is empty.</exception>
    public static TwoSampleTest Contingency(ReadOnlySpan<long> reference, ReadOnlySpan<long> current, bool yates = false)
    {
        if (reference.Length != current.Length) throw new ArgumentException($"{reference.Length} reference counts and {current.Length} current counts are not the same categories");
        double n = 0;
        double m = 0;
        var seen = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(reference[i]);
            ArgumentOutOfRangeException.ThrowIfNegative(current[i]);
            n += reference[i];
            m += current[i];
            if (reference[i] + current[i] > 0) seen++;
        }
        if (n == 0 || m == 0) throw new ArgumentException("the chi-square test needs at least one row in each sample");
        if (yates && seen != 2) throw new ArgumentException($"Yates's correction is for two categories; there are {seen}");
        if (seen < 2) return new TwoSampleTest(0, 1);
        double statistic = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            double pooled = reference[i] + current[i];
            if (pooled == 0) continue;
            var expected = pooled * n / (n + m);
            var distance = Math.Abs(reference[i] - expected);
            if (yates) distance -= Math.Min(0.5, distance);
            statistic += distance * distance * ((1 / expected) + (1 / (pooled - expected)));
        }
        return new TwoSampleTest(statistic, UpperTail(statistic, seen - 1));
    }

    /// <summary>P(χ² ≥ <paramref name="statistic"/>).</summary>
    internal static double UpperTail(double statistic, int degreesOfFreedom) =>
        statistic <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2.0, statistic / 2);

    /// <summary>The value that χ² exceeds with probability <paramref name="level"/>: the tail inverted by bisection, which keeps its digits however small the level.</summary>
    internal static double UpperQuantile(double level, int degreesOfFreedom)
    {
        double low = 0;
        double high = Math.Max(1, degreesOfFreedom);
        while (UpperTail(high, degreesOfFreedom) > level) high *= 2;
        for (var i = 0; i < 100 && high - low > 1e-12 * high; i++)
        {
            var middle = (low + high) / 2;
            if (UpperTail(middle, degreesOfFreedom) > level) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }
}

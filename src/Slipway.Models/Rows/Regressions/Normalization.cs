namespace Slipway.Models.Rows.Regressions;

/// <summary>How a regression's sums become predictions or probabilities (PMML 4.4.1, Regression: REGRESSIONNORMALIZATIONMETHOD).</summary>
internal enum Normalization : byte
{
    None,
    SimpleMax,
    SoftMax,
    Logit,
    Probit,
    CLogLog,
    Exp,
    LogLog,
    Cauchit,
}

internal static class Normalizations
{
    /// <summary>The inverse of the link function.</summary>
    public static double Inverse(Normalization link, double value) => link switch
    {
        Normalization.Logit or Normalization.SoftMax => 1 / (1 + Math.Exp(-value)),
        Normalization.Probit => Functions.NormalDistribution.Probability(value),
        Normalization.CLogLog => 1 - Math.Exp(-Math.Exp(value)),
        Normalization.Exp => Math.Exp(value),
        Normalization.LogLog => Math.Exp(-Math.Exp(-value)),
        Normalization.Cauchit => 0.5 + ((1 / Math.PI) * Math.Atan(value)),
        _ => value,
    };

    /// <summary>In float32; functions are taken in float64 and rounded.</summary>
    public static float Inverse(Normalization link, float value) => link switch
    {
        Normalization.Logit or Normalization.SoftMax => 1f / (1f + (float)Math.Exp(-value)),
        Normalization.CLogLog => 1f - (float)Math.Exp(-(float)Math.Exp(value)),
        Normalization.LogLog => (float)Math.Exp(-(float)Math.Exp(-value)),
        _ => (float)Inverse(link, (double)value),
    };

    /// <summary>Makes exponentials of values that sum to 1; the largest is taken off first, so that none overflows.</summary>
    public static void SoftMax(Span<double> values)
    {
        var max = double.NegativeInfinity;
        foreach (var value in values) max = Math.Max(max, value);
        double sum = 0;
        foreach (ref var value in values) sum += value = Math.Exp(value - max);
        foreach (ref var value in values) value /= sum;
    }

    /// <summary>In float32, but for the sum of the exponentials, as XGBoost does.</summary>
    public static void SoftMaxFloat(Span<double> values)
    {
        var max = float.NegativeInfinity;
        foreach (var value in values) max = Math.Max(max, (float)value);
        double sum = 0;
        foreach (ref var value in values)
        {
            var exponential = (float)Math.Exp((float)value - max);
            sum += exponential;
            value = exponential;
        }
        foreach (ref var value in values) value = (float)value / (float)sum;
    }

    public static void SimpleMax(Span<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        foreach (ref var value in values) value /= sum;
    }

    public static void SimpleMaxFloat(Span<double> values)
    {
        float sum = 0;
        foreach (var value in values) sum += (float)value;
        foreach (ref var value in values) value = (float)value / sum;
    }
}

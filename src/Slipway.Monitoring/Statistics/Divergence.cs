namespace Slipway.Monitoring.Statistics;

/// <summary>
/// Distances and divergences between two discrete distributions over the same categories. Arguments are counts or shares: each is divided by its sum.
/// These are descriptions, not tests: how large one is without any drift depends on the sizes of the samples.
/// </summary>
public static class Divergence
{
    /// <summary>Kullback–Leibler divergence Σ p·ln(p/q), in nats; infinite when p has mass where q has none.</summary>
    public static double KullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (sumP, sumQ) = Sums(p, q);
        double sum = 0;
        for (var i = 0; i < p.Length; i++) sum += Relative(p[i] / sumP, q[i] / sumQ);
        return sum;
    }

    /// <summary>Jensen–Shannon divergence: the mean Kullback–Leibler divergence of both from their mixture, with logarithms to <paramref name="logBase"/>; at most 1 in base 2.</summary>
    public static double JensenShannon(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double logBase)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(logBase, 1);
        var (sumP, sumQ) = Sums(p, q);
        double sum = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var (a, b) = (p[i] / sumP, q[i] / sumQ);
            sum += Relative(a, (a + b) / 2) + Relative(b, (a + b) / 2);
        }
        return Math.Max(0, sum / 2 / Math.Log(logBase));
    }

    /// <summary>Jensen–Shannon distance, a metric: the square root of the divergence in the same base.</summary>
    public static double JensenShannonDistance(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double logBase) => Math.Sqrt(JensenShannon(p, q, logBase));

    /// <summary>Hellinger distance √(½ Σ (√p − √q)²), from 0 to 1.</summary>
    public static double Hellinger(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (sumP, sumQ) = Sums(p, q);
        double sum = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var difference = Math.Sqrt(p[i] / sumP) - Math.Sqrt(q[i] / sumQ);
            sum += difference * difference;
        }
        return Math.Sqrt(sum / 2);
    }

    /// <summary>Total variation distance ½ Σ |p − q|, from 0 to 1: the largest difference in probability of any event.</summary>
    public static double TotalVariation(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (sumP, sumQ) = Sums(p, q);
        double sum = 0;
        for (var i = 0; i < p.Length; i++) sum += Math.Abs((p[i] / sumP) - (q[i] / sumQ));
        return sum / 2;
    }

    /// <summary>Population stability index Σ (p − q)·ln(p/q), in nats: the sum of both Kullback–Leibler divergences; infinite when one has mass where the other has none.</summary>
    public static double PopulationStability(ReadOnlySpan<double> p, ReadOnlySpan<double> q) => KullbackLeibler(p, q) + KullbackLeibler(q, p);

    private static double Relative(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);

    private static (double P, double Q) Sums(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length) throw new ArgumentException($"{p.Length} and {q.Length} values are not over the same categories");
        double sumP = 0;
        double sumQ = 0;
        for (var i = 0; i < p.Length; i++)
        {
            if (!(p[i] >= 0) || !(q[i] >= 0)) throw new ArgumentException($"category {i}: counts and shares cannot be negative or NaN");
            sumP += p[i];
            sumQ += q[i];
        }
        if (sumP == 0 || sumQ == 0) throw new ArgumentException("a distribution needs some mass");
        return (sumP, sumQ);
    }
}

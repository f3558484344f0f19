using Slipway.Monitoring.Statistics;

namespace Slipway.Tests.Monitoring.Statistics;

/// <summary>Values computed with independent code (scipy 1.10, R).</summary>
public sealed class GoldenValueTests
{
    private static readonly double[] X = [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58];
    private static readonly double[] Y = [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8];
    private static readonly double[] P = [0.1, 0.2, 0.3, 0.4];
    private static readonly double[] Uniform = [0.25, 0.25, 0.25, 0.25];

    [Fact]
    public void Kolmogorov_Smirnov_of_two_small_samples()
    {
        var test = KolmogorovSmirnov.Test(X, Y);
        Assert.Equal(0.625, test.Statistic);
        Assert.Equal(0.087024, test.PValue, 5e-7);
        Assert.Equal(0.049316, KolmogorovSmirnov.AsymptoticPValue(0.625, 8, 8), 5e-7);
    }

    [Theory]
    [InlineData(10, 12, 30, 0.7955589302338527)]
    [InlineData(50, 40, 600, 0.029491469753400675)]
    [InlineData(100, 100, 2000, 0.03638428787491733)]
    [InlineData(7, 5, 35, 0.0025252525252525255)]
    [InlineData(7, 5, 0, 1.0)]
    public void Kolmogorov_Smirnov_exact(int n, int m, int steps, double pValue) =>
        Assert.Equal(pValue, KolmogorovSmirnov.ExactPValue((double)steps / (n * m), n, m), 1e-12);

    [Theory]
    [InlineData(0.1, 300, 400, 0.06100028140888436, 1e-6)]
    [InlineData(0.05, 2000, 3000, 0.004784209236950445, 1e-8)]
    [InlineData(0.3, 20, 25, 0.22523905881721107, 1e-9)]
    [InlineData(0.12, 150, 150, 0.2125205559797408, 1e-9)]
    [InlineData(0.2, 10, 12, 0.9616, 1e-9)]
    [InlineData(0.9, 10, 12, 2e-5, 1e-9)]
    [InlineData(0.02, 9000, 9000, 0.05391485387568773, 1e-4)]
    public void Kolmogorov_Smirnov_asymptotic(double statistic, int n, int m, double pValue, double tolerance) =>
        Assert.Equal(pValue, KolmogorovSmirnov.AsymptoticPValue(statistic, n, m), tolerance);

    [Fact]
    public void Kolmogorov_Smirnov_with_ties()
    {
        double[] x = [.. Enumerable.Range(0, 30).Select(i => i * 7919 % 101 / 10.0)];
        double[] y = [.. Enumerable.Range(0, 50).Select(i => (i * 104729 % 97 / 9.0) + 1)];
        var test = KolmogorovSmirnov.Test(x, y);
        Assert.Equal(0.18, test.Statistic, 1e-12);
        Assert.Equal(0.5272138036613896, test.PValue, 1e-12);
        Assert.Equal(1.3722222222222218, Wasserstein.Distance(x, y), 1e-12);
        Assert.Equal(0, KolmogorovSmirnov.Statistic(x, x));
        Assert.Equal(1, KolmogorovSmirnov.Statistic([1, 2], [3]));
    }

    [Fact]
    public void Wasserstein_distance()
    {
        Assert.Equal(4.1625, Wasserstein.Distance(X, Y), 1e-12);
        var mean = X.Average();
        var deviation = Math.Sqrt(X.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(0.781236, Wasserstein.Distance(X, Y) / deviation, 5e-7);
        Assert.Equal(2.5, Wasserstein.Distance([0], [2, 3]));
    }

    [Fact]
    public void Divergences_of_discrete_distributions()
    {
        Assert.Equal(0.16692997, Divergence.JensenShannonDistance(P, Uniform, Math.E), 5e-9);
        Assert.Equal(0.20050332, Divergence.JensenShannonDistance(P, Uniform, 2), 5e-9);
        Assert.Equal(0.16692997 * 0.16692997, Divergence.JensenShannon(P, Uniform, Math.E), 5e-9);
        Assert.Equal(0.10644014, Divergence.KullbackLeibler(P, Uniform), 5e-9);
        Assert.Equal(0.22821741, Divergence.PopulationStability(P, Uniform), 5e-9);
        Assert.Equal(0.16789960, Divergence.Hellinger(P, Uniform), 5e-9);
        Assert.Equal(0.2, Divergence.TotalVariation(P, Uniform), 1e-12);
    }

    [Fact]
    public void Divergences_take_counts_and_empty_categories()
    {
        double[] counts = [10, 20, 30, 40];
        Assert.Equal(Divergence.KullbackLeibler(P, Uniform), Divergence.KullbackLeibler(counts, [7, 7, 7, 7]), 1e-12);
        Assert.Equal(1, Divergence.JensenShannon([1, 0], [0, 5], 2), 1e-12);
        Assert.Equal(1, Divergence.Hellinger([1, 0], [0, 5]), 1e-12);
        Assert.Equal(1, Divergence.TotalVariation([1, 0], [0, 5]), 1e-12);
        Assert.Equal(double.PositiveInfinity, Divergence.KullbackLeibler([1, 1], [1, 0]));
        Assert.Equal(0, Divergence.JensenShannon(P, P, 2));
        Assert.Throws<ArgumentException>(() => Divergence.Hellinger([1, -1], [1, 1]));
        Assert.Throws<ArgumentException>(() => Divergence.Hellinger([1], [1, 1]));
        Assert.Throws<ArgumentException>(() => Divergence.Hellinger([0], [1]));
    }

    [Fact]
    public void Chi_square_of_a_contingency_table()
    {
        var test = ChiSquareTest.Contingency([50, 950], [70, 930]);
        Assert.Equal(3.546099, test.Statistic, 5e-7);
        Assert.Equal(0.0596856, test.PValue, 5e-8);
        var corrected = ChiSquareTest.Contingency([50, 950], [70, 930], yates: true);
        Assert.Equal(3.200355, corrected.Statistic, 5e-7);
        Assert.Equal(0.0736223, corrected.PValue, 5e-8);
        var wide = ChiSquareTest.Contingency([10, 20, 0, 30, 5], [15, 18, 0, 22, 11]);
        Assert.Equal(4.578665607334636, wide.Statistic, 1e-12);
        Assert.Equal(0.20537991124585367, wide.PValue, 1e-12);
        Assert.Equal(1, ChiSquareTest.Contingency([5], [9]).PValue);
        Assert.Throws<ArgumentException>(() => ChiSquareTest.Contingency([0, 0], [1, 2]));
    }

    [Fact]
    public void Chi_square_tail_keeps_its_digits()
    {
        Assert.Equal(9.976151469298895e-49, ChiSquareTest.UpperTail(250, 9), 1e-57);
        Assert.Equal(0.2018965179946554, ChiSquareTest.UpperTail(3.2, 2), 1e-12);
        Assert.Equal(3.869826300664181e-06, ChiSquareTest.UpperTail(60, 19), 1e-15);
        Assert.Equal(55.449105115434534, ChiSquareTest.UpperQuantile(1e-8, 9), 1e-8);
    }

    [Fact]
    public void Holm_adjusts_as_R_does()
    {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm")
        Assert.Equal([0.04, 0.09, 0.09, 0.025, 0.5], Holm.Adjust([0.01, 0.04, 0.03, 0.005, 0.5]).Select(p => Math.Round(p, 12)));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void Holm_levels_agree_with_adjusted_p_values()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            double[] pValues = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Math.Pow(random.NextDouble(), 4))];
            var adjusted = Holm.Adjust(pValues);
            var levels = Holm.Levels(pValues, 0.05);
            for (var i = 0; i < pValues.Length; i++) Assert.Equal(adjusted[i] <= 0.05, pValues[i] <= levels[i]);
        }
    }
}

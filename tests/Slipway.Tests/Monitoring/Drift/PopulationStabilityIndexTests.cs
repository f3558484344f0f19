using Slipway.Monitoring.Drift;
using Slipway.Monitoring.Statistics;

namespace Slipway.Tests.Monitoring.Drift;

public sealed class PopulationStabilityIndexTests
{
    private const int Trials = 1_000;

    [Theory]
    [InlineData(50, 10)]
    [InlineData(100, 10)]
    [InlineData(100, 20)]
    [InlineData(200, 10)]
    [InlineData(200, 20)]
    [InlineData(500, 10)]
    [InlineData(500, 20)]
    [InlineData(1000, 10)]
    [InlineData(1000, 20)]
    public void False_alarms_come_at_the_nominal_rate(int rows, int bins)
    {
        var tests = Simulate(rows, rows, bins, Trials).Select(s => Psi(s, bins)).ToArray();
        Assert.InRange(tests.Count(t => t.PValue <= 0.05) / (double)Trials, 0.031, 0.072);
        Assert.InRange(tests.Count(t => t.PValue <= 0.01) / (double)Trials, 0.002, 0.020);
    }

    [Theory]
    [InlineData(2000, 100, 10)]
    [InlineData(2000, 100, 20)]
    [InlineData(100, 2000, 10)]
    public void False_alarms_come_at_the_nominal_rate_when_samples_differ_in_size(int reference, int current, int bins)
    {
        var tests = Simulate(reference, current, bins, Trials).Select(s => Psi(s, bins)).ToArray();
        Assert.InRange(tests.Count(t => t.PValue <= 0.05) / (double)Trials, 0.031, 0.072);
    }

    [Theory]
    [InlineData(100, 10, 0.80, 0.90)]
    [InlineData(100, 20, 0.99, 1.00)]
    [InlineData(200, 10, 0.32, 0.44)]
    [InlineData(200, 20, 0.93, 0.98)]
    [InlineData(500, 10, 0.00, 0.015)]
    [InlineData(500, 20, 0.13, 0.21)]
    [InlineData(1000, 10, 0.00, 0.00)]
    public void Folk_rule_of_one_tenth_fires_on_undrifted_data(int rows, int bins, double least, double most)
    {
        const int trials = 500;
        var alarms = Simulate(rows, rows, bins, trials).Count(s =>
            Divergence.PopulationStability([.. s.Reference.Select(c => Math.Max(c, 1e-4 * rows))], [.. s.Current.Select(c => Math.Max(c, 1e-4 * rows))]) > 0.1);
        Assert.InRange(alarms / (double)trials, least, most);
    }

    [Theory]
    [InlineData(1000, 1000, 10)]
    [InlineData(5000, 2000, 20)]
    public void Scale_tends_to_the_sum_of_reciprocal_sizes(int n, int m, int bins)
    {
        var test = PopulationStabilityIndex.Test([.. Enumerable.Repeat(n / bins, bins)], [.. Enumerable.Repeat(m / bins, bins)]);
        Assert.Equal((1.0 / n) + (1.0 / m), test.Scale, 0.03 * test.Scale);
        Assert.Equal(bins - 1, test.DegreesOfFreedom);
        Assert.Equal((0.0, 1.0), (test.Value, test.PValue));
    }

    [Theory]
    [InlineData(150, 150, 12)]
    [InlineData(1000, 120, 20)]
    [InlineData(120, 1000, 6)]
    public void False_alarms_come_at_the_nominal_rate_for_given_bins(int n, int m, int bins)
    {
        var alarms = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var random = new Random(trial);
            // Unequal bins: the sum of two dice of unequal size.
            int Draw() => (random.Next(bins) + random.Next(bins / 2)) % bins;
            var (reference, current) = (new int[bins], new int[bins]);
            for (var i = 0; i < n; i++) reference[Draw()]++;
            for (var i = 0; i < m; i++) current[Draw()]++;
            if (PopulationStabilityIndex.Test(reference, current).PValue <= 0.05) alarms++;
        }
        Assert.InRange(alarms / (double)Trials, 0.031, 0.072);
    }

    [Fact]
    public void Null_mean_of_quantile_bins_is_that_of_all_orders()
    {
        // Reference order statistics 1..3 with an edge at the second, window of 2: all ten interleavings, one by one.
        double sum = 0;
        for (var mask = 0; mask < 32; mask++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)mask) != 3) continue;
            var (seen, below) = (0, 0);
            for (var i = 0; i < 5; i++)
            {
                if ((mask >> i & 1) == 1) seen++;
                else if (seen < 2) below++;
            }
            sum += PopulationStabilityIndex.Test([2, 1], [below, 2 - below]).Value;
        }
        Assert.Equal(sum / 10, PopulationStabilityIndex.Test([2, 1], [1, 1], quantileBins: 2).Scale, 1e-12);
    }

    [Fact]
    public void Null_mean_of_given_bins_is_that_of_all_assignments()
    {
        // Two bins of 3 and 2 pooled rows, 2 of the 5 in the reference: all ten assignments, one by one.
        double sum = 0;
        for (var mask = 0; mask < 32; mask++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)mask) != 2) continue;
            var first = System.Numerics.BitOperations.PopCount((uint)mask & 7);
            sum += PopulationStabilityIndex.Test([first, 2 - first], [3 - first, first]).Value;
        }
        Assert.Equal(sum / 10, PopulationStabilityIndex.Test([1, 1], [2, 1]).Scale, 1e-12);
    }

    [Fact]
    public void Shift_is_found_with_few_rows()
    {
        var found = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (edges, reference) = Reference(random, 200, 10);
            var current = new int[10];
            for (var i = 0; i < 200; i++) current[Bin(edges, Normal(random) + 1)]++;
            if (PopulationStabilityIndex.Test(reference, current, 10).PValue < 0.001) found++;
        }
        Assert.InRange(found, 199, 200);
    }

    [Fact]
    public void Threshold_is_where_the_p_value_is_the_level()
    {
        var test = PopulationStabilityIndex.Test([30, 40, 30, 0], [45, 35, 18, 2]);
        var threshold = test.Threshold(test.PValue);
        Assert.Equal(test.Value, threshold, 1e-9);
        Assert.Equal(3, test.DegreesOfFreedom);
    }

    [Fact]
    public void One_bin_has_nothing_to_compare()
    {
        Assert.Equal(1, PopulationStabilityIndex.Test([5, 0], [9, 0]).PValue);
        Assert.Throws<ArgumentException>(() => PopulationStabilityIndex.Test([0, 0], [1, 2]));
        Assert.Throws<ArgumentException>(() => PopulationStabilityIndex.Test([1], [1, 2]));
    }

    [Fact]
    public void Taking_the_reference_as_exact_would_multiply_chi_square_false_alarms()
    {
        var (contingency, naive) = (0, 0);
        for (var seed = 0; seed < Trials; seed++)
        {
            var random = new Random(seed);
            var (edges, reference) = Reference(random, 300, 10);
            var current = new int[10];
            for (var i = 0; i < 300; i++) current[Bin(edges, Normal(random))]++;
            if (ChiSquareTest.Contingency([.. reference.Select(c => (long)c)], [.. current.Select(c => (long)c)]).PValue <= 0.05) contingency++;
            var goodness = reference.Zip(current, (r, c) => (double)(c - r) * (c - r) / r).Sum();
            if (ChiSquareTest.UpperTail(goodness, 9) <= 0.05) naive++;
        }
        Assert.InRange(contingency / (double)Trials, 0.031, 0.072);
        Assert.InRange(naive / (double)Trials, 0.25, 0.5);
    }

    private static PsiTest Psi((int[] Reference, int[] Current) sample, int bins) => PopulationStabilityIndex.Test(sample.Reference, sample.Current, bins);

    /// <summary>Undrifted samples, counted into bins between quantiles of the reference.</summary>
    private static IEnumerable<(int[] Reference, int[] Current)> Simulate(int n, int m, int bins, int trials)
    {
        for (var trial = 0; trial < trials; trial++)
        {
            var random = new Random((trial * 31) + n + bins);
            var values = new double[n];
            for (var i = 0; i < n; i++) values[i] = random.NextDouble();
            var (edges, reference) = Quantiles(values, bins);
            var current = new int[bins];
            for (var i = 0; i < m; i++) current[Bin(edges, random.NextDouble())]++;
            yield return (reference, current);
        }
    }

    private static (double[] Edges, int[] Counts) Reference(Random random, int n, int bins) => Quantiles([.. Enumerable.Range(0, n).Select(_ => Normal(random))], bins);

    private static (double[] Edges, int[] Counts) Quantiles(double[] values, int bins)
    {
        Array.Sort(values);
        double[] edges = [.. Enumerable.Range(1, bins - 1).Select(k => values[(k * values.Length / bins) - 1])];
        var counts = new int[bins];
        foreach (var value in values) counts[Bin(edges, value)]++;
        return (edges, counts);
    }

    private static int Bin(double[] edges, double value)
    {
        var at = Array.BinarySearch(edges, value);
        return at < 0 ? ~at : at;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

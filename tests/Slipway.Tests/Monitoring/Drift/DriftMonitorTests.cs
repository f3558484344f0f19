using Slipway.Core;
using Slipway.Monitoring.Drift;
using Slipway.Monitoring.Samples;

namespace Slipway.Tests.Monitoring.Drift;

public sealed class DriftMonitorTests
{
    private static readonly DriftOptions Options = new();

    [Fact]
    public void Column_that_shifts_is_named_and_the_others_are_not()
    {
        using var reference = Machines(1, 2_000);
        using var current = Machines(2, 500, torqueShift: 1);
        var report = Compare(reference, current);
        Assert.True(report.Drifted);
        Assert.Equal(["torque"], report.Columns.Where(c => c.Drifted).Select(c => c.Name));
        var torque = report.Columns.Single(c => c.Name == "torque");
        Assert.True(torque.Psi > torque.Threshold && torque.PValue <= torque.AdjustedPValue && torque.AdjustedPValue <= Options.Alpha);
        Assert.Equal((2_000, 500), (torque.ReferenceRows, torque.CurrentRows));
        Assert.Equal(11, torque.Bins.Length);
        foreach (var column in report.Columns)
        {
            Assert.Equal(1, column.Bins.Sum(b => b.ReferenceShare), 1e-9);
            Assert.Equal(1, column.Bins.Sum(b => b.CurrentShare), 1e-9);
            Assert.Equal(column.Drifted, column.Psi > column.Threshold);
        }
    }

    [Fact]
    public void Undrifted_windows_raise_no_more_alarms_than_alpha()
    {
        var options = new DriftOptions(Alpha: 0.05, NegligiblePsi: 0);
        var alarms = 0;
        const int looks = 300;
        for (var seed = 0; seed < looks; seed++)
        {
            using var reference = Machines(seed, 400);
            using var current = Machines(seed + 100_000, 300);
            if (Compare(reference, current, options).Drifted) alarms++;
        }
        Assert.InRange(alarms / (double)looks, 0.02, 0.075);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Whole_numbers_with_ties_raise_no_more_alarms_than_alpha(int different)
    {
        var options = new DriftOptions(Alpha: 0.05, NegligiblePsi: 0);
        var alarms = 0;
        const int looks = 500;
        for (var seed = 0; seed < looks; seed++)
        {
            var random = new Random(seed);
            using var reference = new Batch(Numbers(random, 300));
            using var current = new Batch(Numbers(random, 200));
            if (Compare(reference, current, options).Drifted) alarms++;
        }
        Assert.InRange(alarms / (double)looks, 0.025, 0.075);

        Tensor Numbers(Random random, int rows) => Tensor.Of<int>("x", [.. Enumerable.Range(0, rows).Select(_ => random.Next(different))]);
    }

    [Fact]
    public void Rare_categories_do_not_look_rarer_than_they_are()
    {
        var options = new DriftOptions(Alpha: 0.05, NegligiblePsi: 0);
        var alarms = 0;
        const int looks = 250;
        for (var seed = 0; seed < looks; seed++)
        {
            var random = new Random(seed);
            using var reference = new Batch(Words(random, 1_000));
            using var current = new Batch(Words(random, 1_000));
            if (Compare(reference, current, options).Drifted) alarms++;
        }
        Assert.InRange(alarms / (double)looks, 0.01, 0.085);

        static Tensor Words(Random random, int rows) => Tensor.OfText("word", [.. Enumerable.Range(0, rows).Select(_ => $"w{random.Next(200)}")]);
    }

    [Fact]
    public void New_category_drifts_into_a_bin_of_its_own()
    {
        using var reference = new Batch(Tensor.OfText("grade", [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "H" : "L")]));
        using var current = new Batch(Tensor.OfText("grade", [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? "H" : i % 3 == 1 ? "L" : "X")]));
        var column = Assert.Single(Compare(reference, current).Columns);
        Assert.True(column.Drifted);
        Assert.Equal(["L", "H", "X", "missing"], column.Bins.Select(b => b.Label));
        Assert.Equal(1 / 3.0, column.Bins[2].CurrentShare, 1e-12);
    }

    [Fact]
    public void Missing_values_drift_too()
    {
        using var reference = Machines(1, 500);
        using var current = Machines(2, 500);
        for (var i = 0; i < 500; i += 10) current["torque"].SetMissing(i);
        var torque = Compare(reference, current).Columns.Single(c => c.Name == "torque");
        Assert.True(torque.Drifted);
        Assert.Equal(("missing", 0.0, 0.1), (torque.Bins[^1].Label, torque.Bins[^1].ReferenceShare, Math.Round(torque.Bins[^1].CurrentShare, 12)));
    }

    [Fact]
    public void Values_beyond_the_reference_count_in_the_outer_bins()
    {
        using var reference = new Batch(Tensor.Of<double>("x", [.. Enumerable.Range(0, 200).Select(i => (double)i)]));
        using var current = new Batch(Tensor.Of<double>("x", [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? double.NegativeInfinity : 1e9)]));
        var column = Assert.Single(Compare(reference, current).Columns);
        Assert.True(column.Drifted);
        Assert.Equal((0.5, 0.5), (column.Bins[0].CurrentShare, column.Bins[^2].CurrentShare));
        Assert.Equal(("≤ 19", "19 to 39", "> 179"), (column.Bins[0].Label, column.Bins[1].Label, column.Bins[^2].Label));
    }

    [Fact]
    public void Many_equal_values_make_fewer_bins()
    {
        using var reference = new Batch(Tensor.Of<double>("rain", [.. Enumerable.Range(0, 200).Select(i => i < 140 ? 0.0 : i)]));
        var column = Assert.Single(Compare(reference, reference).Columns);
        Assert.Equal(["≤ 0", "0 to 159", "159 to 179", "> 179", "missing"], column.Bins.Select(b => b.Label));
        Assert.Equal(0.7, column.Bins[0].ReferenceShare, 1e-12);
        Assert.False(column.Drifted);
    }

    [Fact]
    public void Number_with_few_values_is_a_category()
    {
        using var reference = new Batch(Tensor.Of<long>("season", [.. Enumerable.Range(0, 200).Select(i => (long)(i % 4) + 9)]));
        using var current = new Batch(Tensor.Of<double>("season", [.. Enumerable.Range(0, 200).Select(i => (double)(i % 4) + 9)]));
        var column = Assert.Single(Compare(reference, current).Columns);
        Assert.Equal(["9", "10", "11", "12", "missing"], column.Bins.Select(b => b.Label));
        Assert.Equal(0, column.Psi!.Value, 1e-9);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void Float_rows_that_went_through_samples_do_not_drift(int different)
    {
        using var reference = new Batch(Tensor.Of<float>("x", [.. Enumerable.Range(0, 400).Select(i => i % different / 10f)]));
        Sample[] samples = [.. Enumerable.Range(0, 400).Select(i => new Sample("id", "u", "m", 1, default, SampleJson.Write(reference, i), "{}"))];
        using var current = SampleTable.Read(samples, new TableSchema([new("x", ElementType.Float32)]));
        var column = Assert.Single(Compare(reference, current).Columns);
        Assert.All(column.Bins, b => Assert.Equal(b.ReferenceShare, b.CurrentShare));
        Assert.Contains(column.Bins, b => b.Label == (different == 5 ? "0.1" : "≤ 0.3"));
    }

    [Fact]
    public void Flag_read_back_as_a_number_is_the_same_flag()
    {
        using var reference = new Batch(Tensor.Of<bool>("open", [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0)]));
        using var current = new Batch(Tensor.Of<double>("open", [.. Enumerable.Range(0, 100).Select(i => (double)(i % 2))]));
        Assert.Equal(0, Assert.Single(Compare(reference, current).Columns).Psi!.Value, 1e-9);
    }

    [Fact]
    public void Column_that_cannot_be_tested_says_why()
    {
        using var reference = Machines(1, 500);
        using var current = new Batch(Tensor.OfText("torque", "a", "b"), Tensor.Of<float>("wear", [1, 2, 3]));
        var report = Compare(reference, current);
        Assert.False(report.Drifted);
        Assert.Equal("the reference has numbers here, the window BYTES", report.Columns.Single(c => c.Name == "torque").NotTested);
        Assert.Equal("the window has 3 rows; 100 are needed", report.Columns.Single(c => c.Name == "wear").NotTested);
        Assert.Equal("the window has no such column", report.Columns.Single(c => c.Name == "grade").NotTested);
        Assert.All(report.Columns, c => Assert.Null(c.Psi));
    }

    [Fact]
    public void Difference_too_small_to_matter_is_not_drift()
    {
        using var reference = new Batch(Normal(1, 100_000, 0));
        using var current = new Batch(Normal(2, 100_000, 0.05));
        var column = Assert.Single(Compare(reference, current).Columns);
        Assert.True(column.AdjustedPValue < Options.Alpha);
        Assert.False(column.Drifted);
        Assert.Equal(Options.NegligiblePsi, column.Threshold);
        Assert.True(Assert.Single(Compare(reference, current, Options with { NegligiblePsi = 0 }).Columns).Drifted);
    }

    [Fact]
    public void Images_are_not_compared()
    {
        using var reference = new Batch(new Tensor("image", ElementType.UInt8, 100, 8, 8), Tensor.Of<float>("x", new float[100]));
        Assert.Equal(["x"], DriftReference.From(reference, Options).Schema.Names);
    }

    private static DriftReport Compare(Batch reference, Batch current, DriftOptions? options = null) =>
        new DriftMonitor(DriftReference.From(reference, options ?? Options), options ?? Options).Compare(current);

    private static Batch Machines(int seed, int rows, double torqueShift = 0)
    {
        var random = new Random(seed);
        return new Batch(
            Normal(random.Next(), rows, torqueShift, "torque"),
            Tensor.Of<float>("wear", [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(0, 250))]),
            Tensor.OfText("grade", [.. Enumerable.Range(0, rows).Select(_ => random.Next(10) switch { < 6 => "L", < 9 => "M", _ => "H" })]),
            Tensor.Of<bool>("open", [.. Enumerable.Range(0, rows).Select(_ => random.Next(3) == 0)]));
    }

    private static Tensor Normal(int seed, int rows, double shift, string name = "x")
    {
        var random = new Random(seed);
        return Tensor.Of<double>(name, [.. Enumerable.Range(0, rows).Select(_ => shift + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))]);
    }
}

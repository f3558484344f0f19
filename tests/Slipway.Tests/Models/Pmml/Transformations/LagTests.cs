using Slipway.Core;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class LagTests
{
    /// <summary>Scores rows one after another, alone and as one batch, which must agree.</summary>
    private static double?[] Series(string lag, (double? X, string? Block)[] rows)
    {
        using var model = PmmlTest.Open(PmmlTest.Document("x block:string *y", Derived.Model(lag)));
        var scorer = model.CreateScorer();
        var answers = new double?[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].X is { } x) scorer.Set(0, x);
            else scorer.SetMissing(0);
            if (scorer.InputCount > 1) scorer.Set(1, rows[row].Block ?? "");
            scorer.Score();
            answers[row] = scorer.TryGetNumber(scorer.OutputCount - 1, out var number) ? number : null;
        }
        for (var run = 0; run < 2; run++)
        {
            using var inputs = new Batch
            {
                Tensor.OfText("x", [.. rows.Select(r => r.X?.ToString("R", System.Globalization.CultureInfo.InvariantCulture))]),
                Tensor.OfText("block", [.. rows.Select(r => r.Block ?? "")]),
            };
            using var outputs = model.Run(inputs);
            var column = outputs["out"];
            Assert.Equal(answers, Enumerable.Range(0, rows.Length).Select(r => column.IsMissing(r) ? (double?)null : column.NumberAt(r)));
        }
        return answers;
    }

    private static double?[] Series(string lag, params double?[] values) => Series(lag, [.. values.Select(v => (v, (string?)null))]);

    [Fact]
    public void Without_n_it_is_the_record_before() => Assert.Equal([null, 1, 2, null, 4], Series("<Lag field='x'/>", 1, 2, null, 4, 5));

    [Fact]
    public void N_records_before_are_counted() => Assert.Equal([null, null, null, 1, 2, 3], Series("<Lag field='x' n='3'/>", 1, 2, 3, 4, 5, 6));

    [Theory]
    [InlineData("none", null, null, null, 2.0)]
    [InlineData("avg", null, 2.0, 5.0, 13.0 / 3)]
    [InlineData("max", null, 2.0, 8.0, 8.0)]
    [InlineData("min", null, 2.0, 2.0, 2.0)]
    [InlineData("median", null, 2.0, 5.0, 3.0)]
    [InlineData("sum", null, 2.0, 10.0, 13.0)]
    [InlineData("product", null, 2.0, 16.0, 48.0)]
    [InlineData("stddev", null, 0.0, 4.242640687119285, 3.2145502536643184)] // statistics.stdev
    public void Up_to_n_records_before_are_aggregated(string aggregate, double? first, double? second, double? third, double? fourth)
    {
        var found = Series($"<Lag field='x' n='3' aggregate='{aggregate}'/>", 2, 8, 3, 1);
        double?[] expected = [first, second, third, fourth];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].HasValue, found[i].HasValue);
            if (expected[i] is { } number) Assert.Equal(number, found[i]!.Value, 1e-14);
        }
    }

    [Fact]
    public void Missing_values_are_not_aggregated() => Assert.Equal([null, null, null, 6, 8], Series("<Lag field='x' n='2' aggregate='sum'/>", null, null, 6, 2, 5));

    [Fact]
    public void A_block_starts_anew() =>
        Assert.Equal(
            [null, 1, null, 3, null],
            Series("<Lag field='x'><BlockIndicator field='block'/></Lag>", [(1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "a")]));

    [Fact]
    public void Long_series_give_what_the_list_of_values_gives()
    {
        var random = new Random(2);
        var values = Enumerable.Range(0, 700).Select(_ => random.Next(5) == 0 ? (double?)null : random.Next(100)).ToArray();
        foreach (var n in new[] { 1, 2, 7, 100 })
        {
            var lag = Series($"<Lag field='x' n='{n}'/>", values);
            var sum = Series($"<Lag field='x' n='{n}' aggregate='sum'/>", values);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.Equal(i < n ? null : values[i - n], lag[i]);
                var window = values[Math.Max(0, i - n)..i].Where(v => v is not null).ToArray();
                Assert.Equal(window.Length == 0 ? null : window.Sum(), sum[i]);
            }
        }
    }

    [Theory]
    [InlineData("<Lag field='x' n='0'/>", "n=\"0\" is outside 1…65536")]
    [InlineData("<Lag field='x' aggregate='mode'/>", "aggregate=\"mode\" is unknown")]
    [InlineData("<Lag field='t' aggregate='sum'/>", "only numbers can be aggregated")]
    [InlineData("<Lag field='z'/>", "'z' is not declared")]
    [InlineData("<Lag/>", "'field' is absent")]
    public void What_is_wrong_is_named(string expression, string says) => Assert.Contains(says, Derived.Fault("x t:string *y", expression), StringComparison.Ordinal);
}

using Slipway.Core;
using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

/// <summary>fill-missing, clip and scale.</summary>
public class NumberStepTests
{
    [Fact]
    public void Fill_missing_fills_only_what_is_missing() =>
        Assert.Equal(
            ["t=1.5 n=7 s=a b=false", "t=20 n=-1 s=none b=true", "t=20 n=0 s= b=true"],
            StepKit.Lines(
                new FillMissing(new() { ["t"] = 20L, ["n"] = -1L, ["s"] = "none", ["b"] = true }),
                ("t", [1.5, null, double.NaN]), ("n", [7L, null, 0L]), ("s", ["a", null, ""]), ("b", [false, null, true])));

    [Theory]
    [InlineData((byte)0)]
    [InlineData((sbyte)0)]
    [InlineData((short)0)]
    [InlineData((ushort)0)]
    [InlineData(0)]
    [InlineData(0u)]
    [InlineData(0L)]
    [InlineData(0ul)]
    [InlineData(0f)]
    [InlineData(0d)]
    public void Fill_missing_knows_every_number_type(object zero) =>
        Assert.Equal(["a=0", "a=120"], StepKit.Lines(new FillMissing(new() { ["a"] = 120L }), ("a", [zero, null])));

    [Fact]
    public void Fill_missing_refuses_values_of_another_type() =>
        Assert.Equal(
            [
                "n: 1.5 is not a value of a INT64 column; write a whole number from -9223372036854775808 to 9223372036854775807, or cast the column to number first",
                "t: warm is not a value of a FP64 column; write a number",
                "u: 300 is not a value of a UINT8 column; write a whole number from 0 to 255, or cast the column to number first",
                "other: no column is called 'other'; there are: n, t, u",
            ],
            StepKit.Problems(new FillMissing(new() { ["n"] = 1.5, ["t"] = "warm", ["u"] = 300L, ["other"] = 1L }), ("n", [1L]), ("t", [1.0]), ("u", [(byte)1])));

    [Fact]
    public void Clip_moves_values_onto_the_bounds() =>
        Assert.Equal(
            ["t=0 n=5", "t=10 n=5", "t=4.5 n=-100", "t=NaN n=∅"],
            StepKit.Lines(
                new Clip(new() { ["t"] = new ClipBounds(0, 10), ["n"] = new ClipBounds(Max: 5) }),
                ("t", [-3.0, double.PositiveInfinity, 4.5, double.NaN]), ("n", [6L, 5L, -100L, null])));

    [Fact]
    public void Clip_keeps_infinity_where_there_is_no_bound() =>
        Assert.Equal(["t=-Infinity"], StepKit.Lines(new Clip(new() { ["t"] = new ClipBounds(Max: 1) }), ("t", [double.NegativeInfinity])));

    [Fact]
    public void Clip_with_a_bound_outside_the_type_changes_nothing_there() =>
        Assert.Equal(["a=0", "a=200"], StepKit.Lines(new Clip(new() { ["a"] = new ClipBounds(-5, 1000) }), ("a", [(byte)0, (byte)200])));

    [Fact]
    public void Clip_leaves_the_stored_zero_of_a_missing_value()
    {
        var (rows, _) = StepKit.Apply(new Clip(new() { ["a"] = new ClipBounds(Min: 3) }), ("a", [null, 1.0]));
        using (rows) Assert.Equal([0, 3], rows["a"].Values<double>().ToArray());
    }

    [Fact]
    public void Clip_refuses_text_and_fractions_for_integers() =>
        Assert.Equal(
            ["s: column 's' holds BYTES, numbers are needed; cast it to number first", "n.min: column 'n' holds INT64: a whole bound is needed, or cast it to number first"],
            StepKit.Problems(new Clip(new() { ["s"] = new ClipBounds(1), ["n"] = new ClipBounds(0.5) }), ("s", ["a"]), ("n", [1L])));

    [Fact]
    public void Clip_bounds_must_make_sense()
    {
        Assert.Throws<FormatException>(() => new ClipBounds());
        Assert.Throws<FormatException>(() => new ClipBounds(2, 1));
        Assert.Throws<FormatException>(() => new ClipBounds(double.NaN));
    }

    [Fact]
    public void Scale_computes_in_doubles()
    {
        var lines = StepKit.Lines(
            new Scale(new() { ["t"] = new Scaling(Mean: 20, Std: 4), ["n"] = new Scaling(Min: 10, Max: 30) }),
            ("t", [22f, null]), ("n", [15L, 40L]));
        Assert.Equal(["t=0.5 n=0.25", "t=∅ n=1.5"], lines);
    }

    /// <summary>sklearn 1.2.1: StandardScaler().fit([[1.5],[2.25],[9.75]]).transform([[4.1]]), and MinMaxScaler likewise.</summary>
    [Fact]
    public void Scale_gives_what_scikit_learn_gives()
    {
        var (rows, _) = StepKit.Apply(
            new Scale(new() { ["s"] = new Scaling(Mean: 4.5, Std: 3.724916106437835), ["m"] = new Scaling(Min: 1.5, Max: 9.75) }), ("s", [4.1]), ("m", [4.1]));
        using (rows)
        {
            Assert.Equal(-0.10738496883424399, rows["s"].Values<double>()[0], 1e-15);
            Assert.Equal(0.3151515151515151, rows["m"].Values<double>()[0], 1e-15);
        }
    }

    [Fact]
    public void Scaling_must_make_sense()
    {
        Assert.Throws<FormatException>(() => new Scaling());
        Assert.Throws<FormatException>(() => new Scaling(Mean: 1));
        Assert.Throws<FormatException>(() => new Scaling(Mean: 1, Std: 0));
        Assert.Throws<FormatException>(() => new Scaling(Min: 1, Max: 1));
        Assert.Throws<FormatException>(() => new Scaling(Mean: 1, Std: 1, Min: 0, Max: 1));
        Assert.Throws<FormatException>(() => new Scaling(Mean: double.NaN, Std: 1));
    }

    [Fact]
    public void Scale_refuses_what_holds_no_numbers()
    {
        Assert.Equal(["b: column 'b' holds BOOL, numbers are needed; cast it to number first"], StepKit.Problems(new Scale(new() { ["b"] = new Scaling(0, 1) }), ("b", [true])));
        Assert.Throws<SpecException>(() => new Scale(new() { ["h"] = new Scaling(0, 1) }).Bind(new TableSchema([new("h", ElementType.BFloat16)])));
    }
}

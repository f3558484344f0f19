using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

public class CastTests
{
    [Theory]
    [InlineData("12", "12")]
    [InlineData(" -1.5e3 ", "-1500")]
    [InlineData(".5", "0.5")]
    [InlineData(null, "∅")]
    public void Text_becomes_a_number(string? text, string expected) => Assert.Equal([$"a={expected}"], Cast(CastType.Number, text, "x"));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    public void Text_that_is_no_number_is_a_fault(string text) => Assert.Equal($"'a': '{text}' is not a number", Fault(CastType.Number, text));

    [Theory]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-3", "-3")]
    [InlineData("4.0", "4")]
    [InlineData("1e3", "1000")]
    public void Text_becomes_an_integer_exactly(string text, string expected) => Assert.Equal([$"a={expected}"], Cast(CastType.Integer, text, "x"));

    [Theory]
    [InlineData("4.5")]
    [InlineData("9223372036854775808")]
    [InlineData("")]
    public void Text_that_is_no_integer_is_a_fault(string text) => Assert.StartsWith($"'a': '{text}' is not a whole number", Fault(CastType.Integer, text), StringComparison.Ordinal);

    [Fact]
    public void Numbers_become_integers_only_when_whole_and_in_range()
    {
        Assert.Equal(["a=3"], Cast(CastType.Integer, 3.0, 0.0));
        Assert.Equal(["a=-9223372036854775808"], Cast(CastType.Integer, -9223372036854775808.0, 0.0));
        Assert.Equal(["a=∅"], Cast(CastType.Integer, double.NaN, 0.0));
        Assert.Equal(["a=1"], Cast(CastType.Integer, true, false));
        Assert.StartsWith("'a': 3.5 is not a whole number", Fault(CastType.Integer, 3.5), StringComparison.Ordinal);
        Assert.StartsWith("'a': 9.223372036854776E+18 is not", Fault(CastType.Integer, 9223372036854775808.0), StringComparison.Ordinal);
        Assert.StartsWith("'a': ∞ is not", Fault(CastType.Integer, double.PositiveInfinity).Replace("Infinity", "∞", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("'a': 18446744073709551615 is beyond 64 signed bits", Fault(CastType.Integer, ulong.MaxValue));
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("1", "true")]
    [InlineData("0", "false")]
    [InlineData(null, "∅")]
    public void Text_becomes_a_boolean(string? text, string expected) => Assert.Equal([$"a={expected}"], Cast(CastType.Boolean, text, "x"));

    [Fact]
    public void What_is_neither_true_nor_false_is_a_fault()
    {
        Assert.Equal("'a': 'yes' is neither true, false, 1 nor 0", Fault(CastType.Boolean, "yes"));
        Assert.Equal("'a': 2 is neither 0 nor 1", Fault(CastType.Boolean, 2L));
        Assert.Equal(["a=true"], Cast(CastType.Boolean, 1L, 0L));
    }

    [Fact]
    public void Values_become_text_in_their_shortest_exact_form()
    {
        Assert.Equal(["a=0.1"], Cast(CastType.Text, 0.1, 0.0));
        Assert.Equal(["a=0.1"], Cast(CastType.Text, 0.1f, 0f));
        Assert.Equal(["a=9007199254740993"], Cast(CastType.Text, 9007199254740993L, 0L));
        Assert.Equal(["a=true"], Cast(CastType.Text, true, false));
        Assert.Equal(["a=-1.7976931348623157E+308"], Cast(CastType.Text, double.MinValue, 0.0));
        Assert.Equal(["a=∅"], Cast(CastType.Text, null, 0.0));
    }

    [Fact]
    public void A_long_bad_text_is_cut_in_the_reason() =>
        Assert.Equal($"'a': '{new string('x', 60)}…' is not a number", Fault(CastType.Number, new string('x', 5000)));

    [Fact]
    public void Only_the_bad_rows_are_faults()
    {
        var (rows, faults) = StepKit.Apply(new Cast(new() { ["a"] = CastType.Number }), ("a", ["1", "x", null, "y"]));
        using (rows)
        {
            Assert.Equal([1, 3], faults.Reasons.Keys);
            Assert.Equal(["1", "0", "∅", "0"], Cells.Column(rows, "a"));
        }
    }

    [Fact]
    public void An_unknown_column_is_refused() =>
        Assert.Equal(["other: no column is called 'other'; there are: a"], StepKit.Problems(new Cast(new() { ["other"] = CastType.Text }), ("a", [1L])));

    /// <param name="typed">A second row that gives the column its type.</param>
    private static string[] Cast(CastType to, object? value, object typed) => StepKit.Lines(new Cast(new() { ["a"] = to }), ("a", Typed(value, typed)))[..1];

    private static object?[] Typed(object? value, object typed) => value is null && typed is string ? [null, "1"] : [value, value ?? typed];

    private static string Fault(CastType to, object value)
    {
        var (rows, faults) = StepKit.Apply(new Cast(new() { ["a"] = to }), ("a", [value]));
        rows.Dispose();
        return Assert.Single(faults.Reasons).Value;
    }
}

using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

public class EquivalenceTests
{
    private const double OneUpDouble = 1.0000000000000002;
    private const float OneUpFloat = 1.0000001f;

    [Theory]
    [InlineData("100", 101.0, true)]
    [InlineData("100", 101.1, false)]
    [InlineData("100", 99.0, true)]
    [InlineData("100", 98.9, false)]
    [InlineData("-100", -101.0, true)]
    [InlineData("-100", -101.1, false)]
    [InlineData("-100", 100.0, false)]
    [InlineData("0.001", -0.001, true)]
    [InlineData("0.001", 0.0011, false)]
    [InlineData("0", 0.001, true)]
    [InlineData("0", 0.0011, false)]
    [InlineData("0.0", -0.0, true)]
    [InlineData("1E2", 100.0, true)]
    [InlineData("NaN", double.NaN, true)]
    [InlineData("NaN", 1.0, false)]
    [InlineData("1", double.NaN, false)]
    [InlineData("Infinity", double.PositiveInfinity, true)]
    [InlineData("-Infinity", double.PositiveInfinity, false)]
    [InlineData("Infinity", double.MaxValue, false)]
    [InlineData("1E308", double.PositiveInfinity, false)]
    [InlineData("setosa", 1.0, false)]
    [InlineData("", 0.0, false)]
    public void Relative_equivalence_holds_within_the_precision_or_below_the_zero_threshold(string expected, double actual, bool holds) =>
        Assert.Equal(holds, Equivalence.Parse("PMMLEquivalence(0.01,0.001)").Compare(expected, actual).Holds);

    [Fact]
    public void Relative_equivalence_reads_the_expected_text_in_the_precision_of_a_float()
    {
        var exact = Equivalence.Parse("PMMLEquivalence(0,0)");
        Assert.True(exact.Compare("0.1", 0.1f).Holds);
        Assert.False(exact.Compare("0.1", (double)0.1f).Holds);
    }

    [Theory]
    [InlineData(0, "1", 1.0, true)]
    [InlineData(0, "1", OneUpDouble, false)]
    [InlineData(1, "1", OneUpDouble, true)]
    [InlineData(1, "1", 0.9999999999999999, true)]
    [InlineData(1, "1", 0.9999999999999998, false)]
    [InlineData(0, "0", -0.0, true)]
    [InlineData(1, "0", double.Epsilon, true)]
    [InlineData(1, "-4.9E-324", double.Epsilon, false)]
    [InlineData(2, "-4.9E-324", double.Epsilon, true)]
    [InlineData(int.MaxValue, "-1", 1.0, false)]
    [InlineData(int.MaxValue, "-1.7976931348623157E308", double.MaxValue, false)]
    [InlineData(1, "1.7976931348623157E308", double.PositiveInfinity, false)]
    [InlineData(1, "Infinity", double.PositiveInfinity, true)]
    [InlineData(1, "NaN", double.NaN, true)]
    [InlineData(1, "NaN", 0.0, false)]
    public void Ulp_equivalence_counts_doubles(int ulps, string expected, double actual, bool holds) =>
        Assert.Equal(holds, Equivalence.Parse($"RealNumberEquivalence({ulps})").Compare(expected, actual).Holds);

    [Theory]
    [InlineData(0, "1", OneUpFloat, false)]
    [InlineData(1, "1", OneUpFloat, true)]
    [InlineData(0, "1.00000001", 1f, true)]
    [InlineData(0, "0", -0f, true)]
    [InlineData(1, "-1E-45", float.Epsilon, false)]
    [InlineData(2, "-1E-45", float.Epsilon, true)]
    [InlineData(1, "NaN", float.NaN, true)]
    [InlineData(1, "3.4028235E38", float.PositiveInfinity, false)]
    public void Ulp_equivalence_counts_floats_when_the_value_is_one(int ulps, string expected, float actual, bool holds)
    {
        Assert.Equal(holds, Equivalence.Parse($"RealNumberEquivalence({ulps})").Compare(expected, actual).Holds);
        Assert.Equal(holds, Equivalence.Parse($"FloatEquivalence({ulps})").Compare(expected, actual).Holds);
    }

    [Theory]
    [InlineData(0, "1", OneUpDouble, true)]
    [InlineData(0, "1", 1.0000001, false)]
    [InlineData(1, "1", 1.0000001, true)]
    [InlineData(1, "1", 1.0000003, false)]
    [InlineData(0, "0.1", (double)0.1f, true)]
    public void Float_equivalence_casts_doubles_first(int ulps, string expected, double actual, bool holds) =>
        Assert.Equal(holds, Equivalence.Parse($"FloatEquivalence({ulps})").Compare(expected, actual).Holds);

    public static TheoryData<string?, object?, bool> ExactValues => new()
    {
        { null, null, true },
        { null, "", false },
        { null, 0.0, false },
        { "", null, false },
        { "", "", true },
        { "1", "1", true },
        { "1", "1.0", false },
        { "a", "A", false },
        { "2", 2L, true },
        { "2.0", 2L, true },
        { "2.5", 2L, false },
        { "two", 2L, false },
        { "9007199254740993", 9007199254740993L, true },
        { "9007199254740992", 9007199254740993L, false },
        { "1000000", 1000001L, false },
        { "true", true, true },
        { "TRUE", true, true },
        { "1", true, true },
        { "0", false, true },
        { "false", true, false },
        { "yes", true, false },
    };

    [Theory]
    [MemberData(nameof(ExactValues))]
    public void Every_equivalence_is_exact_on_texts_integers_booleans_and_missing_values(string? expected, object? actual, bool holds)
    {
        foreach (var form in (string[])["PMMLEquivalence(0.1,0.1)", "RealNumberEquivalence(100)", "FloatEquivalence(100)"])
        {
            Assert.Equal(holds, Equivalence.Parse(form).Compare(expected, actual).Holds);
        }
    }

    [Fact]
    public void Compare_gives_the_distances_of_finite_numbers()
    {
        var equivalence = Equivalence.Parse("PMMLEquivalence(0,0)");
        Assert.Equal(new Comparison(false, 1, 0.25), equivalence.Compare("3", 4.0));
        Assert.Equal(new Comparison(true, 0, 0), equivalence.Compare("0", -0.0));
        Assert.Equal(new Comparison(false, 0, 0), equivalence.Compare("0", double.NaN));
        Assert.Equal(new Comparison(false, 0, 0), equivalence.Compare("0", double.PositiveInfinity));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PMMLEquivalence")]
    [InlineData("PMMLEquivalence(1)")]
    [InlineData("PMMLEquivalence(-1,0)")]
    [InlineData("PMMLEquivalence(x,0)")]
    [InlineData("RealNumberEquivalence(1,2)")]
    [InlineData("RealNumberEquivalence(1.5)")]
    [InlineData("FloatEquivalence(-1)")]
    [InlineData("Equivalence(1)")]
    [InlineData("FloatEquivalence(1) ")]
    public void Parse_refuses_what_is_no_equivalence(string text) => Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => Equivalence.Parse(text)).Message);
}

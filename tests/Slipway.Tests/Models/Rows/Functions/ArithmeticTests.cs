using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData("+", 2.5, 4.0, 6.5)]
    [InlineData("-", 2.5, 4.0, -1.5)]
    [InlineData("*", 2.5, 4.0, 10.0)]
    [InlineData("/", 2.5, 4.0, 0.625)]
    [InlineData("+", 2, 3, 5)]
    [InlineData("-", 2, 3, -1)]
    [InlineData("*", 2, 3, 6)]
    [InlineData("/", 7, 2, 3)]
    [InlineData("/", -7, 2, -3)]
    [InlineData("/", 7, 2.0, 3.5)]
    [InlineData("/", 7, 2f, 3.5f)]
    [InlineData("/", 7f, 2f, 3.5f)]
    [InlineData("/", 7f, 2.0, 3.5)]
    [InlineData("+", true, 1, 2)]
    public void Four_rules_compute_in_the_wider_type(string name, object x, object y, object expected) =>
        Assert.Equal(expected, Apply(name, x, y));

    [Theory]
    [InlineData(11, 4, 3)]
    [InlineData(-1, 4, 3)]
    [InlineData(9, -5, -1)]
    [InlineData(-9, -5, -4)]
    [InlineData(8, 4, 0)]
    [InlineData(-8, 4, 0)]
    [InlineData(6.5, 2.0, 0.5)]
    [InlineData(-6.5, 2.0, 1.5)]
    [InlineData(6.5, -2.0, -1.5)]
    public void Modulo_has_the_sign_of_the_divisor(object x, object y, object expected) => Assert.Equal(expected, Apply("modulo", x, y));

    [Theory]
    [InlineData("/")]
    [InlineData("modulo")]
    public void Integers_divided_by_zero_have_no_result(string name)
    {
        Assert.Equal(Invalid, Apply(name, 1, 0));
        Assert.Equal(Invalid, Apply(name, 1, C(0)));
    }

    [Fact]
    public void Doubles_divided_by_zero_are_infinite()
    {
        Assert.Equal(double.PositiveInfinity, Apply("/", 1.0, 0));
        Assert.Equal(float.NegativeInfinity, Apply("/", -1f, 0));
        Assert.Equal(double.NaN, Apply("/", 0.0, 0.0));
    }

    [Fact]
    public void Integers_beyond_what_a_cell_holds_have_no_result() => Assert.Equal(Invalid, Apply("*", 2_000_000_000, 2_000_000_000));

    [Fact]
    public void Floats_are_computed_in_double_and_rounded_once()
    {
        const float a = 0.1f, b = 0.7f;
        Assert.Equal((float)((double)a * b), Apply("*", a, b));
        Assert.Equal((double)a + 0.7, Apply("+", a, 0.7));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("/")]
    [InlineData("modulo")]
    public void Result_is_missing_when_an_argument_is(string name)
    {
        Assert.Null(Apply(name, new Missing(CellType.Float64), 1.0));
        Assert.Null(Apply(name, 1.0, new Missing(CellType.Float64)));
        Assert.Null(Apply(name, 1, C(null)));
        Assert.Null(Apply(name, C(null), 1));
    }

    [Fact]
    public void Constant_texts_are_parsed_into_numbers()
    {
        Assert.Equal(5, Apply("+", 2, C("3")));
        Assert.Equal(5.5, Apply("+", 2, C("3.5")));
        Assert.Equal(CellType.Integer, TypeOf("+", 2, C("3")));
    }

    [Fact]
    public void NaN_is_a_value_and_stays_one() => Assert.Equal(double.NaN, Apply("+", double.NaN, 1.0));
}

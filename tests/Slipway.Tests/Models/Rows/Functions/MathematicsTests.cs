using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

/// <summary>Expected values: mpmath 1.2.1 with 50 digits.</summary>
public sealed class MathematicsTests
{
    [Theory]
    [InlineData(1e-300, 1.0000000000000000251e-300)]
    [InlineData(1e-17, 1.0000000000000000765e-17)]
    [InlineData(1e-10, 1.0000000000500000364e-10)]
    [InlineData(-1e-10, -9.9999999995000003643e-11)]
    [InlineData(9e-06, 9.0000405001215005014e-6)]
    [InlineData(1.1e-05, 0.000011000060500221833657)]
    [InlineData(0.0001, 0.00010000500016667083821)]
    [InlineData(-0.0001, -0.000099995000166662504875)]
    [InlineData(0.01, 0.010050167084168057752)]
    [InlineData(-0.01, -0.0099501662508319466322)]
    [InlineData(0.3, 0.349858807576003089)]
    [InlineData(-0.3, -0.25918177931828212571)]
    [InlineData(0.99, 1.6912344723492622652)]
    [InlineData(-0.99, -0.62842330897795430617)]
    [InlineData(1.01, 1.7456010150169165184)]
    [InlineData(-1.01, -0.63578102042847668348)]
    [InlineData(5.0, 147.41315910257660342)]
    [InlineData(-5.0, -0.9932620530009145329)]
    [InlineData(50.0, 5.1847055285870724641e+21)]
    [InlineData(-50.0, -1.0)]
    public void Expm1_keeps_its_digits_near_zero(double x, double expected) => Digits.AssertWithin(3, expected, Apply("expm1", x));

    [Theory]
    [InlineData(1e-300, 1.0000000000000000251e-300)]
    [InlineData(1e-17, 1.0000000000000000665e-17)]
    [InlineData(1e-10, 9.9999999995000003644e-11)]
    [InlineData(-1e-10, -1.0000000000500000364e-10)]
    [InlineData(9e-06, 8.9999595002429985878e-6)]
    [InlineData(-9e-06, -9.0000405002430018683e-6)]
    [InlineData(1.1e-05, 0.00001099993950044366272)]
    [InlineData(0.0001, 0.000099995000333308340125)]
    [InlineData(-0.0001, -0.00010000500033335834013)]
    [InlineData(0.01, 0.0099503308531680830543)]
    [InlineData(-0.01, -0.010050335853501441394)]
    [InlineData(0.3, 0.2623642644674910435)]
    [InlineData(-0.3, -0.35667494393873236305)]
    [InlineData(-0.5, -0.69314718055994530942)]
    [InlineData(-0.999, -6.9077552789821361639)]
    [InlineData(0.99, 0.68813463873640102291)]
    [InlineData(5.0, 1.7917594692280550008)]
    [InlineData(10000000000.0, 23.02585093004045684)]
    public void Ln1p_keeps_its_digits_near_zero(double x, double expected) => Digits.AssertWithin(3, expected, Apply("ln1p", x));

    [Fact]
    public void Expm1_and_ln1p_have_the_limits_of_the_functions()
    {
        Assert.Equal(-1.0, Apply("expm1", double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, Apply("expm1", double.PositiveInfinity));
        Assert.Equal(0.0, Apply("expm1", 0.0));
        Assert.Equal(double.NegativeInfinity, Apply("ln1p", -1.0));
        Assert.Equal(double.PositiveInfinity, Apply("ln1p", double.PositiveInfinity));
        Assert.Equal(double.NaN, Apply("ln1p", -2.0));
        Assert.Equal(0.0, Apply("ln1p", 0.0));
    }

    [Fact]
    public void Ln1p_undoes_expm1()
    {
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var x = Math.ScaleB(random.NextDouble() * 2 - 1, -random.Next(0, 60));
            Digits.AssertWithin(8, x, Apply("ln1p", Apply("expm1", x)));
        }
    }

    [Theory]
    [InlineData("log10", 1000.0, 3.0)]
    [InlineData("log10", 0, double.NegativeInfinity)]
    [InlineData("log10", -1, double.NaN)]
    [InlineData("ln", 1f, 0.0)]
    [InlineData("ln", 0.0, double.NegativeInfinity)]
    [InlineData("ln", -1.0, double.NaN)]
    [InlineData("exp", 0, 1.0)]
    [InlineData("exp", 1f, Math.E)]
    [InlineData("sqrt", 9, 3.0)]
    [InlineData("sqrt", -9.0, double.NaN)]
    [InlineData("hypot", 3, 4, 5.0)]
    public void Logarithms_and_roots_are_doubles(string name, params object[] arguments) =>
        Assert.Equal(arguments[^1], Apply(name, arguments[..^1]));

    [Theory]
    [InlineData("abs", -3, 3)]
    [InlineData("abs", -3.5f, 3.5f)]
    [InlineData("abs", -3.5, 3.5)]
    [InlineData("rint", 2.5, 2.0)]
    [InlineData("rint", 3.5, 4.0)]
    [InlineData("rint", -2.5, -2.0)]
    [InlineData("rint", 2.6f, 3f)]
    [InlineData("rint", 7, 7)]
    [InlineData("pow", 2, 10, 1024)]
    [InlineData("pow", 2f, 0.5f, 1.4142135f)]
    [InlineData("pow", 2, -1.0, 0.5)]
    [InlineData("pow", 9f, 0.5, 3.0)]
    [InlineData("threshold", 2, 3, 0)]
    [InlineData("threshold", 3, 3, 0)]
    [InlineData("threshold", 4, 3, 1)]
    [InlineData("threshold", 4f, 3, 1f)]
    [InlineData("threshold", 4, 3.5, 1.0)]
    public void Results_have_the_type_of_the_arguments(string name, params object[] arguments) =>
        Assert.Equal(arguments[^1], Apply(name, arguments[..^1]));

    [Theory]
    [InlineData("floor", 1.99, 1)]
    [InlineData("floor", -1.01, -2)]
    [InlineData("floor", 1.99f, 1)]
    [InlineData("floor", 5, 5)]
    [InlineData("ceil", 1.01, 2)]
    [InlineData("ceil", -1.99, -1)]
    [InlineData("ceil", 0.01f, 1)]
    [InlineData("round", 1.49, 1)]
    [InlineData("round", 1.5, 2)]
    [InlineData("round", 2.5, 3)]
    [InlineData("round", -1.5, -1)]
    [InlineData("round", -1.51, -2)]
    [InlineData("round", 0.49999999999999994, 0)]
    [InlineData("round", 1.99f, 2)]
    public void Rounding_makes_integers(string name, object x, int expected) => Assert.Equal(expected, Apply(name, x));

    [Theory]
    [InlineData("floor", double.PositiveInfinity)]
    [InlineData("ceil", double.NaN)]
    [InlineData("round", 1e300)]
    [InlineData("pow", 2, -1)]
    [InlineData("pow", 10, 20)]
    [InlineData("asin", 1.5)]
    [InlineData("acos", -1.5)]
    [InlineData("sin", double.PositiveInfinity)]
    public void No_result_where_the_function_is_not_defined_or_its_type_ends(string name, params object[] arguments) =>
        Assert.Equal(Invalid, Apply(name, arguments));

    [Theory]
    [InlineData("sin", 0.5, 0.47942553860420300027)]
    [InlineData("cos", 0.5, 0.87758256189037271612)]
    [InlineData("tan", 0.5, 0.54630248984379051326)]
    [InlineData("asin", 0.5, 0.52359877559829887308)]
    [InlineData("acos", 0.5, 1.0471975511965977462)]
    [InlineData("atan", 0.5, 0.46364760900080611621)]
    [InlineData("sinh", 0.5, 0.52109530549374736162)]
    [InlineData("cosh", 0.5, 1.1276259652063807852)]
    [InlineData("tanh", 0.5, 0.46211715726000975850)]
    public void Trigonometry_takes_radians(string name, double x, double expected)
    {
        Digits.AssertWithin(2, expected, Apply(name, x));
        Assert.Equal(CellType.Float64, TypeOf(name, 1f));
    }

    [Fact]
    public void Hypot_does_not_overflow_on_the_way()
    {
        Digits.AssertWithin(1, 5e200, Apply("hypot", 3e200, 4e200));
        Assert.Equal(CellType.Float64, TypeOf("hypot", 3, 4));
    }

    [Fact]
    public void Atan2_knows_the_quadrant()
    {
        Digits.AssertWithin(2, 3 * Math.PI / 4, Apply("atan2", 1, -1));
        Digits.AssertWithin(2, -Math.PI / 2, Apply("atan2", -1.0, 0));
    }

    [Fact]
    public void Squares_of_sine_and_cosine_make_one()
    {
        var random = new Random(3);
        for (var i = 0; i < 1_000; i++)
        {
            var x = random.NextDouble() * 200 - 100;
            var sin = Assert.IsType<double>(Apply("sin", x));
            var cos = Assert.IsType<double>(Apply("cos", x));
            Assert.Equal(1, sin * sin + cos * cos, 1e-15);
            Assert.Equal(Assert.IsType<double>(Apply("tan", x)), sin / cos, Math.Abs(sin / cos) * 1e-14);
            var sinh = Assert.IsType<double>(Apply("sinh", x / 20));
            Assert.Equal(Assert.IsType<double>(Apply("cosh", x / 20)), Math.Sqrt(1 + sinh * sinh), Math.Abs(sinh) * 1e-14 + 1e-14);
        }
    }

    [Theory]
    [InlineData("log10", 1)]
    [InlineData("ln", 1)]
    [InlineData("ln1p", 1)]
    [InlineData("exp", 1)]
    [InlineData("expm1", 1)]
    [InlineData("sqrt", 1)]
    [InlineData("abs", 1)]
    [InlineData("floor", 1)]
    [InlineData("ceil", 1)]
    [InlineData("round", 1)]
    [InlineData("rint", 1)]
    [InlineData("sin", 1)]
    [InlineData("asin", 1)]
    [InlineData("sinh", 1)]
    [InlineData("cos", 1)]
    [InlineData("acos", 1)]
    [InlineData("cosh", 1)]
    [InlineData("tan", 1)]
    [InlineData("atan", 1)]
    [InlineData("tanh", 1)]
    [InlineData("pow", 2)]
    [InlineData("threshold", 2)]
    [InlineData("hypot", 2)]
    [InlineData("atan2", 2)]
    public void Result_is_missing_when_an_argument_is(string name, int count)
    {
        for (var missing = 0; missing < count; missing++)
        {
            var arguments = Enumerable.Repeat<object?>(0.5, count).ToArray();
            Assert.NotNull(Apply(name, arguments));
            arguments[missing] = new Missing(CellType.Float64);
            Assert.Null(Apply(name, arguments));
        }
    }
}

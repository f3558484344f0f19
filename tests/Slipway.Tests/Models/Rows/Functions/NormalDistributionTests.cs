using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

/// <summary>Expected values: mpmath 1.2.1 with 50 digits.</summary>
public sealed class NormalDistributionTests
{
    [Theory]
    [InlineData(1e-300, 1.1283791670955126022e-300)]
    [InlineData(1e-10, 1.128379167095512615e-10)]
    [InlineData(0.1, 0.1124629160182848984)]
    [InlineData(0.3, 0.32862675945912741619)]
    [InlineData(0.46875, 0.49261347321793799159)]
    [InlineData(0.5, 0.52049987781304653768)]
    [InlineData(1.0, 0.84270079294971486934)]
    [InlineData(1.5, 0.96610514647531072707)]
    [InlineData(2.0, 0.99532226501895273416)]
    [InlineData(3.5, 0.99999925690162765859)]
    [InlineData(4.25, 0.99999999814942586261)]
    [InlineData(5.5, 0.99999999999999264215)]
    [InlineData(-0.75, -0.7111556336535151316)]
    [InlineData(-2.5, -0.99959304798255504106)]
    public void Erf_has_the_digits_of_arbitrary_precision(double x, double expected) => Digits.AssertWithin(4, expected, Apply("erf", x));

    [Theory]
    [InlineData(-37.5, 4.6053530095819548438e-308)]
    [InlineData(-30.0, 4.9067139271481870595e-198)]
    [InlineData(-20.25, 1.7761998649495700309e-91)]
    [InlineData(-8.5, 9.4795348222033183542e-18)]
    [InlineData(-5.75, 4.4621724539016118731e-9)]
    [InlineData(-5.5, 1.8989562465887719384e-8)]
    [InlineData(-3.0, 0.0013498980316300945267)]
    [InlineData(-1.96, 0.024997895148220436213)]
    [InlineData(-1.0, 0.15865525393145705141)]
    [InlineData(-0.7, 0.24196365222307302862)]
    [InlineData(-0.5, 0.30853753872598689636)]
    [InlineData(-0.1, 0.46017216272297101633)]
    [InlineData(0.0, 0.5)]
    [InlineData(0.25, 0.59870632568292372424)]
    [InlineData(1.0, 0.84134474606854294859)]
    [InlineData(1.959963984540054, 0.97499999999999998912)]
    [InlineData(3.0, 0.99865010196836990547)]
    [InlineData(5.0, 0.99999971334842812081)]
    [InlineData(8.0, 0.9999999999999993779)]
    public void StdNormalCDF_has_the_digits_of_arbitrary_precision(double x, double expected) =>
        Digits.AssertWithin(4, expected, Apply("stdNormalCDF", x));

    [Theory]
    [InlineData(-38.0, 1.097221052007592958e-314)]
    [InlineData(-10.1, 2.8165665442762394109e-23)]
    [InlineData(-3.3, 0.0017225689390536811513)]
    [InlineData(-1.0, 0.2419707245191433498)]
    [InlineData(0.0, 0.39894228040143267794)]
    [InlineData(0.5, 0.35206532676429947777)]
    [InlineData(2.0, 0.053990966513188051951)]
    [InlineData(7.7, 5.3241483722529524821e-14)]
    [InlineData(25.3, 4.0469944154189541619e-140)]
    public void StdNormalPDF_has_the_digits_of_arbitrary_precision(double x, double expected) =>
        Digits.AssertWithin(4, expected, Apply("stdNormalPDF", x));

    [Theory]
    [InlineData(1e-300, -37.047096299361199237)]
    [InlineData(1e-100, -21.273453560965324294)]
    [InlineData(1e-20, -9.2623400897984075796)]
    [InlineData(1e-12, -7.0344838253011319326)]
    [InlineData(1e-06, -4.7534243088228989573)]
    [InlineData(0.001, -3.0902323061678135354)]
    [InlineData(0.025, -1.9599639845400542118)]
    [InlineData(0.07, -1.4757910281791706856)]
    [InlineData(0.1, -1.2815515655446004353)]
    [InlineData(0.25, -0.6744897501960817432)]
    [InlineData(0.4, -0.25334710313579974132)]
    [InlineData(0.6, 0.25334710313579974132)]
    [InlineData(0.75, 0.6744897501960817432)]
    [InlineData(0.9, 1.2815515655446005935)]
    [InlineData(0.975, 1.9599639845400538556)]
    [InlineData(0.999, 3.0902323061678132778)]
    [InlineData(0.999999, 4.7534243088170877657)]
    public void StdNormalIDF_has_the_digits_of_arbitrary_precision(double p, double expected) =>
        Digits.AssertWithin(4, expected, Apply("stdNormalIDF", p));

    [Fact]
    public void Functions_take_mean_and_deviation()
    {
        Digits.AssertWithin(4, 0.84134474606854294859, Apply("normalCDF", 5.0, 3, 2));
        Digits.AssertWithin(4, 0.2419707245191433498 / 2, Apply("normalPDF", 5.0, 3, 2));
        Digits.AssertWithin(4, 3 + 2 * 1.9599639845400538556, Apply("normalIDF", 0.975, 3, 2));
    }

    [Fact]
    public void Ends_of_the_line_are_exact()
    {
        Assert.Equal(0.0, Apply("stdNormalCDF", double.NegativeInfinity));
        Assert.Equal(1.0, Apply("stdNormalCDF", double.PositiveInfinity));
        Assert.Equal(0.0, Apply("stdNormalPDF", double.NegativeInfinity));
        Assert.Equal(double.NegativeInfinity, Apply("stdNormalIDF", 0.0));
        Assert.Equal(double.PositiveInfinity, Apply("stdNormalIDF", 1));
        Assert.Equal(0.0, Apply("stdNormalIDF", 0.5));
        Assert.Equal(1.0, Apply("erf", double.PositiveInfinity));
        Assert.Equal(-1.0, Apply("erf", double.NegativeInfinity));
        Assert.Equal(double.NaN, Apply("erf", double.NaN));
        Assert.Equal(double.NaN, Apply("stdNormalCDF", double.NaN));
        Assert.Equal(double.NaN, Apply("stdNormalPDF", double.NaN));
    }

    [Theory]
    [InlineData("normalCDF", 0.5, 0.0, 0.0)]
    [InlineData("normalPDF", 0.5, 0.0, -1.0)]
    [InlineData("normalIDF", 0.5, 0.0, -1.0)]
    [InlineData("normalIDF", 1.5, 0.0, 1.0)]
    [InlineData("normalIDF", -0.1, 0.0, 1.0)]
    public void No_result_for_a_deviation_that_is_not_positive_or_no_probability(string name, double x, double mean, double deviation) =>
        Assert.Equal(Invalid, Apply(name, x, mean, deviation));

    [Fact]
    public void Quantile_of_the_probability_is_the_value()
    {
        var random = new Random(11);
        for (var i = 0; i < 2_000; i++)
        {
            var x = random.NextDouble() * 40 - 37;
            if (x > 4) x -= 8;
            var back = Assert.IsType<double>(Apply("stdNormalIDF", Apply("stdNormalCDF", x)));
            // Near 1 a probability is too coarse to tell values apart: one step of it is this much of the value.
            var step = x > 0 ? Math.Exp(x * x / 2) * 3e-16 : Math.Abs(x) * 1e-14;
            Assert.True(Math.Abs(back - x) <= step + 1e-14, $"{x:R} came back as {back:R}");
        }
    }

    [Fact]
    public void Probability_grows_and_is_symmetric()
    {
        var last = 0.0;
        for (var x = -12.0; x < 12; x += 0.01)
        {
            var p = Assert.IsType<double>(Apply("stdNormalCDF", x));
            Assert.True(p >= last);
            Assert.Equal(1, p + Assert.IsType<double>(Apply("stdNormalCDF", -x)), 1e-15);
            last = p;
        }
    }

    [Theory]
    [InlineData("normalCDF", 3)]
    [InlineData("normalPDF", 3)]
    [InlineData("normalIDF", 3)]
    [InlineData("stdNormalCDF", 1)]
    [InlineData("stdNormalPDF", 1)]
    [InlineData("stdNormalIDF", 1)]
    [InlineData("erf", 1)]
    public void Result_is_a_double_and_missing_when_an_argument_is(string name, int count)
    {
        for (var missing = 0; missing < count; missing++)
        {
            var arguments = Enumerable.Repeat<object?>(0.5f, count).ToArray();
            Assert.Equal(CellType.Float64, TypeOf(name, arguments));
            arguments[missing] = new Missing(CellType.Float64);
            Assert.Null(Apply(name, arguments));
        }
    }
}

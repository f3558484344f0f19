using Slipway.Models.Rows.Distributions;

namespace Slipway.Tests.Models.Rows.Distributions;

/// <summary>Golden values from scipy.stats (logpdf, logpmf).</summary>
public sealed class DistributionTests
{
    public static TheoryData<string, double[], double, double> Densities => new()
    {
        { "Normal", [1, 4], -3, -3.612085713764618 },
        { "Poisson", [70], 100, -8.88985135062751 },
        { "Poisson", [70], 3, -59.04627374307998 },
        { "Poisson", [70], 2.5, double.NegativeInfinity },
        { "Poisson", [70], -1, double.NegativeInfinity },
        { "Uniform", [2, 5], 4, -1.0986122886681096 },
        { "Uniform", [2, 5], 5.1, double.NegativeInfinity },
        { "LogNormal", [0.3, 0.25], 2, -1.2280679443691414 },
        { "LogNormal", [0.3, 0.25], 0, double.NegativeInfinity },
        { "Triangular", [2, 1, 5], 1.5, -1.3862943611198906 },
        { "Triangular", [2, 1, 5], 3, -1.0986122886681098 },
        { "Triangular", [2, 1, 5], 0.5, double.NegativeInfinity },
    };

    [Theory]
    [MemberData(nameof(Densities))]
    public void Log_density_is_exact(string kind, double[] parameters, double x, double expected)
    {
        var distribution = Create(kind, parameters);
        Assert.True(distribution.IsProper);
        Assert.Equal(expected, distribution.LogDensity(x), 1e-13 * Math.Max(1, double.IsFinite(expected) ? Math.Abs(expected) : 1));
    }

    [Theory]
    [InlineData("Normal", new double[] { 1, 4 }, 1, 4)]
    [InlineData("Poisson", new double[] { 70 }, 70, 70)]
    [InlineData("Uniform", new double[] { 2, 5 }, 3.5, 0.75)]
    [InlineData("LogNormal", new[] { 0.3, 0.25 }, 1.5295904196633787, 0.664519172020442)]
    [InlineData("Triangular", new double[] { 2, 1, 5 }, 2.6666666666666665, 0.7222222222222222)]
    public void Moments_are_exact(string kind, double[] parameters, double mean, double variance)
    {
        Assert.Equal(mean, Create(kind, parameters).Mean, 1e-14);
        Assert.Equal(variance, Create(kind, parameters).Variance, 1e-14);
    }

    [Theory]
    [InlineData("Normal", 1, 0)]
    [InlineData("Normal", double.NaN, 1)]
    [InlineData("Poisson", 0, 0)]
    [InlineData("Uniform", 3, 3)]
    [InlineData("Triangular", 6, 1)]
    public void Parameters_that_make_no_distribution_are_seen(string kind, double first, double second) =>
        Assert.False(Create(kind, [first, second, 5]).IsProper);

    private static Distribution Create(string kind, double[] parameters) => new(
        Enum.Parse<DistributionKind>(kind), parameters[0], parameters.Length > 1 ? parameters[1] : double.NaN, parameters.Length > 2 ? parameters[2] : double.NaN);
}

using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>The distributions of the standard's example (PMML 4.4.1, Baseline Models, example 1); golden values from scipy.stats.</summary>
public sealed class BaselineModelTests
{
    private const string Normal = """<Baseline><GaussianDistribution mean="550.2" variance="48.2"/></Baseline>""";
    private const string Alternate = """<Alternate><GaussianDistribution mean="460.4" variance="39.2"/></Alternate>""";

    [Theory]
    [InlineData("""<GaussianDistribution mean="550.2" variance="48.2"/>""", -21.63447763193369)]
    [InlineData("""<AnyDistribution mean="550.2" variance="48.2"/>""", -21.63447763193369)]
    [InlineData("""<PoissonDistribution mean="625"/>""", -9)]
    [InlineData("""<UniformDistribution lower="376" upper="448"/>""", -0.5773502691896258)]
    public void Z_value_counts_standard_deviations(string distribution, double expected)
    {
        using var model = Model("zValue", $"<Baseline>{distribution}</Baseline>");
        Assert.Equal(expected, Assert.IsType<double>(model.Score(("congestion", 400))["score"]), 1e-12);
        Assert.Null(model.Score()["score"]);
    }

    [Theory]
    [InlineData(500, 6.242794096737171)]
    [InlineData(550, 0)]
    public void Cusum_of_one_record_is_its_log_odds_or_the_reset_value(double congestion, double expected)
    {
        using var model = Model("CUSUM\" windowSize=\"1", Normal + Alternate);
        Assert.Equal(expected, Assert.IsType<double>(model.Score(("congestion", congestion))["score"]), 1e-12);
    }

    [Theory]
    [InlineData("CUSUM", Normal + Alternate, "all records")]
    [InlineData("CUSUM\" windowSize=\"20", Normal + Alternate, "20 records")]
    [InlineData("chiSquareDistribution", Normal, "rows are scored one by one")]
    [InlineData("CUSUM\" windowSize=\"1", Normal, "Alternate")]
    [InlineData("zValue", """<Baseline><GaussianDistribution mean="1" variance="0"/></Baseline>""", "variances are positive")]
    [InlineData("zValue", "<Baseline><CountTable/></Baseline>", "no distribution")]
    public void What_cannot_be_said_of_one_record_is_refused_with_the_reason(string statistic, string distributions, string expected)
    {
        var error = Assert.Throws<ModelException>(() => Model(statistic, distributions));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static PmmlTest Model(string statistic, string distributions) => new("congestion *score", $"""
        <BaselineModel functionName="regression"><MiningSchema/><TestDistributions field="congestion" testStatistic="{statistic}" resetValue="0.0">{distributions}</TestDistributions></BaselineModel>
        """);
}

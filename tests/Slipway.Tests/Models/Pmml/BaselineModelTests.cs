using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>The distributions of the standard's example (PMML 4.4.1, Baseline Models, example 1); golden values from scipy.stats.</summary>
public sealed class BaselineModelTests
{
    private const string Fields = "congestion *score";
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
    [InlineData("CUSUM", new[] { 0, 6.242794096737171, 2.1675574542076745, 6.356272035321169, 0, double.NaN, 0, 26.521606866658423, 20.36847412793111 })]
    [InlineData("CUSUM\" windowSize=\"2", new[] { 0, 6.242794096737171, 2.1675574542076745, 4.188714581113494, 0, double.NaN, 0, 26.521606866658423, 20.36847412793111 })]
    [InlineData("CUSUM\" windowSize=\"1", new[] { 0, 6.242794096737171, 0, 4.188714581113494, 0, double.NaN, 0, 26.521606866658423, 0 })]
    public void Cusum_adds_up_the_log_odds_of_the_rows_in_order(string statistic, double[] expected)
    {
        double[] congestion = [550, 500, 505, 501, 560, double.NaN, 504, 490, 506];
        using var model = PmmlTest.Open(Document(statistic, Normal + Alternate));
        var scorer = model.CreateScorer();
        using var inputs = new Batch(Tensor.Of<double>("congestion", congestion, congestion.Length));
        for (var i = 0; i < congestion.Length; i++)
        {
            if (double.IsNaN(congestion[i]))
            {
                inputs["congestion"].SetMissing(i);
                scorer.SetMissing(0);
            }
            else
            {
                scorer.Set(0, congestion[i]);
            }
            scorer.Score();
            Assert.Equal(!double.IsNaN(expected[i]), scorer.TryGetNumber(0, out var alone));
            if (!double.IsNaN(expected[i])) Assert.Equal(expected[i], alone, 1e-11);
        }
        for (var run = 0; run < 2; run++)
        {
            using var outputs = model.Run(inputs);
            for (var i = 0; i < congestion.Length; i++)
            {
                Assert.Equal(double.IsNaN(expected[i]), outputs["score"].IsMissing(i));
                if (!double.IsNaN(expected[i])) Assert.Equal(expected[i], outputs["score"].NumberAt(i), 1e-11);
            }
        }
    }

    [Theory]
    [InlineData("CUSUM\" windowSize=\"100000", Normal + Alternate, "windowSize")]
    [InlineData("CUSUM", Normal, "Alternate")]
    [InlineData("zValue", """<Baseline><GaussianDistribution mean="1" variance="0"/></Baseline>""", "variances are positive")]
    [InlineData("zValue", "<Baseline><FieldRef field='x'/></Baseline>", "no distribution")]
    public void What_is_wrong_is_said(string statistic, string distributions, string expected)
    {
        var error = Assert.Throws<ModelException>(() => Model(statistic, distributions));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static PmmlTest Model(string statistic, string distributions) => new(Fields, Element(statistic, distributions));

    private static string Document(string statistic, string distributions) => PmmlTest.Document(Fields, Element(statistic, distributions));

    private static string Element(string statistic, string distributions) => $"""
        <BaselineModel functionName="regression"><MiningSchema/><TestDistributions field="congestion" testStatistic="{statistic}" resetValue="0.0">{distributions}</TestDistributions></BaselineModel>
        """;
}

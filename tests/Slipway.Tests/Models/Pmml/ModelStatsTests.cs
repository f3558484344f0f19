using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Pmml;

/// <summary>PMML 4.4.1, Statistics: what is known of the training data becomes rows that are distributed like it.</summary>
public sealed class ModelStatsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-stats-");

    [Fact]
    public void Categories_are_as_frequent_as_they_were()
    {
        using var rows = Reference("<UnivariateStats field='color'><Counts totalFreq='200' missingFreq='20'/><DiscrStats><Array type='string'>red green blue</Array><Array type='int'>90 60 30</Array></DiscrStats></UnivariateStats>")!;
        var colors = Enumerable.Range(0, 200).Select(r => rows["color"].GetText(r) ?? "").ToLookup(c => c);
        Assert.Equal((200, 90, 60, 30, 20), (rows.Rows, colors["red"].Count(), colors["green"].Count(), colors["blue"].Count(), colors[""].Count()));
    }

    [Theory]
    [InlineData("<Array type='int'>10 20</Array><Array type='int'>150 50</Array>")]
    [InlineData("<Array type='int'>150 50</Array><Array type='string'>10 20</Array>")]
    public void Codes_are_categories_too(string arrays)
    {
        using var rows = Reference($"<UnivariateStats field='color'><Counts totalFreq='200'/><DiscrStats>{arrays}</DiscrStats></UnivariateStats>")!;
        Assert.Equal(150, Enumerable.Range(0, 200).Count(r => rows["color"].GetText(r) == "10"));
    }

    [Fact]
    public void Numbers_are_spread_evenly_in_their_intervals()
    {
        using var rows = Reference("""
            <UnivariateStats field='x'><Counts totalFreq='1000' missingFreq='0'/><ContStats><Interval closure='openClosed' leftMargin='0' rightMargin='10'/><Interval closure='openClosed' leftMargin='10' rightMargin='30'/>
            <Interval closure='openOpen' leftMargin='30'/><Array type='int'>500 400 100</Array></ContStats></UnivariateStats>
            """)!;
        var numbers = rows["x"].Values<double>().ToArray();
        Assert.Equal((500, 400, 100), (numbers.Count(n => n is > 0 and < 10), numbers.Count(n => n is > 10 and < 30), numbers.Count(n => n == 30)));
        Assert.Equal(5, numbers.Where(n => n < 10).Average(), 1e-9);
        Assert.Equal(20, numbers.Where(n => n is > 10 and < 30).Average(), 1e-9);
    }

    [Fact]
    public void Numbers_lie_between_their_quantiles()
    {
        var quantiles = string.Concat(Enumerable.Range(1, 9).Select(i => $"<Quantile quantileLimit='{i * 10}' quantileValue='{i * i}'/>"));
        using var rows = Reference($"<UnivariateStats field='x'><Counts totalFreq='1250' missingFreq='250'/><NumericInfo minimum='0' maximum='100'>{quantiles}</NumericInfo></UnivariateStats>")!;
        var column = rows["x"];
        var present = Enumerable.Range(0, 1250).Where(r => !column.IsMissing(r)).Select(r => column.Values<double>()[r]).ToArray();
        Assert.Equal(1000, present.Length);
        for (var i = 1; i <= 9; i++) Assert.Equal(i * 100, present.Count(n => n < i * i));
        Assert.True(present.Min() > 0 && present.Max() < 100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<UnivariateStats field='x'><Counts totalFreq='10'/><NumericInfo mean='5' standardDeviation='1'/></UnivariateStats>")]
    [InlineData("<UnivariateStats field='x'><NumericInfo minimum='0' maximum='9'><Quantile quantileLimit='25' quantileValue='1'/><Quantile quantileLimit='50' quantileValue='2'/><Quantile quantileLimit='75' quantileValue='3'/></NumericInfo></UnivariateStats>")]
    [InlineData("<UnivariateStats field='x'><ContStats totalValuesSum='1'/></UnivariateStats>")]
    [InlineData("<UnivariateStats field='x'><DiscrStats modalValue='a'><Array type='string'>a b</Array></DiscrStats></UnivariateStats>")]
    [InlineData("<UnivariateStats field='x'><DiscrStats><Array type='int'>1 2</Array></DiscrStats></UnivariateStats>")]
    public void Fields_of_which_too_little_is_known_are_left_out(string stats) => Assert.Null(Reference(stats));

    [Theory]
    [InlineData("1e30", 10_000)]
    [InlineData("3", 100)]
    public void Number_of_rows_is_bounded(string total, int rows)
    {
        using var reference = Reference($"<UnivariateStats field='color'><Counts totalFreq='{total}'/><DiscrStats><Array type='string'>a b</Array><Array type='real'>1 1</Array></DiscrStats></UnivariateStats>")!;
        Assert.Equal(rows, reference.Rows);
        Assert.Equal(rows / 2, Enumerable.Range(0, rows).Count(r => reference["color"].GetText(r) == "a"));
    }

    [Theory]
    [InlineData("<DiscrStats><Array type='string'>a b</Array><Array type='int'>1</Array></DiscrStats>", "DiscrStats: 2 values, but 1 frequencies")]
    [InlineData("<DiscrStats><Array type='string'>a</Array><Array type='int'>many</Array></DiscrStats>", "DiscrStats: the frequency 'many' is not a number")]
    [InlineData("<ContStats><Interval closure='openOpen' leftMargin='0' rightMargin='1'/><Array type='int'>1 2</Array></ContStats>", "ContStats: 1 intervals, but 2 frequencies")]
    public void Frequencies_that_do_not_fit_are_named(string stats, string problem) =>
        Assert.Contains(problem, Assert.Throws<ModelException>(() => Reference($"<UnivariateStats field='x'>{stats}</UnivariateStats>")).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    private Batch? Reference(string stats)
    {
        var path = Path.Combine(_folder.FullName, "model.pmml");
        File.WriteAllText(path, PmmlTest.Document("x color:string *y", $"<RegressionModel functionName='regression'><MiningSchema/><ModelStats>{stats}</ModelStats><RegressionTable intercept='2'/></RegressionModel>"));
        return ModelPackage.Open(path, new RuntimeCatalog(new PmmlRuntime())).Reference();
    }
}

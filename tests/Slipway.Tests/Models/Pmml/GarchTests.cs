using static Slipway.Tests.Models.Pmml.SeriesModels;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Expected numbers are from a Python program that writes both recursions down as they are in Bollerslev (1986).</summary>
public sealed class GarchTests
{
    private const string Output = """
        <Output><OutputField name="error" feature="standardError" dataType="double"/><OutputField name="high" feature="confidenceIntervalUpper" value="95" dataType="double"/></Output>
        """;

    [Fact]
    public void Errors_of_forecasts_add_up_while_they_are_in_the_value()
    {
        var series = string.Concat(new[] { 1.0, 2.5, 1.8, 3.1, 2.2 }.Select((v, i) => FormattableString.Invariant($"<TimeValue index='{i}' value='{v}'/>")));
        var mean = Mean("constant='0.9'", "0.6", "0.3", "<Residuals><Array type='real'>0.4 -0.7</Array></Residuals>");
        using var model = Open("GARCH", $"<TimeSeries>{series}</TimeSeries><GARCH>{mean}{Variance("constant='0.5'", "0.2 0.1", "0.6", known: "1.1")}</GARCH>", Output);
        var answers = model.Answer(("h", ["5"]));
        AssertSeries([2.01, 2.106, 2.1636, 2.19816, 2.218896], Column(answers, 0));
        AssertSeries([1.128716084761797, 1.6124949612324373, 1.877152204803862, 2.068284831448512, 2.220628238098399], Column(answers, 1));
        Assert.Equal(2.01 + (1.959963984540054 * 1.128716084761797), Column(answers, 2)[0], 1e-9);
    }

    [Fact]
    public void Variance_alone_needs_no_series()
    {
        using var model = Open("GARCH", $"<GARCH>{Mean("constant='0.1'", "", "", "")}{Variance("constant='0.02'", "0.08", "0.9", "-0.35", "0.25")}</GARCH>", Output);
        var answers = model.Answer(("h", ["5"]));
        AssertSeries([0.1, 0.1, 0.1, 0.1, 0.1], Column(answers, 0));
        AssertSeries([0.5047771785649585, 0.5193303380315847, 0.5332072017518144, 0.5464647487258442, 0.5591522575900056], Column(answers, 1));
    }

    [Fact]
    public void Residuals_and_variances_that_the_file_leaves_out_come_from_the_series()
    {
        using var model = Open("GARCH", $"{Original(40)}<GARCH>{Mean("constant='24.9'", "0.6", "0.3", "")}{Variance("constant='3'", "0.15", "0.7")}</GARCH>", Output);
        var answers = model.Answer(("h", ["4"]));
        AssertSeries([69.37477042738875, 66.52486225643325, 64.814917353859951, 63.78895041231597], Column(answers, 0));
        AssertSeries([4.8784249667796855, 6.5196924819955235, 6.964210561467525, 7.073070155349523], Column(answers, 1));
    }

    [Fact]
    public void Orders_may_count_either_array_first()
    {
        var content = Variance("constant='0.5'", "0.2 0.1", "0.6", "0.4 -0.7", "1.1");
        using var one = Open("GARCH", $"<GARCH>{Mean("", "", "", "")}{content}</GARCH>", Output);
        using var other = Open("GARCH", $"<GARCH>{Mean("", "", "", "")}{content.Replace("gp='2' gq='1'", "gp='1' gq='2'", StringComparison.Ordinal)}</GARCH>", Output);
        AssertSeries(Column(one.Answer(("h", ["9"])), 1), Column(other.Answer(("h", ["9"])), 1));
    }

    [Fact]
    public void Horizon_is_bounded_by_the_work_that_it_takes()
    {
        using var model = Open("GARCH", $"{Original(40)}<GARCH>{Mean("", "0.6", "0.3", "")}{Variance("constant='3'", "0.15", "0.7")}</GARCH>", Output);
        Assert.Throws<Slipway.Core.RecordException>(() => model.Answer(("h", ["50000"])));
    }

    [Theory]
    [InlineData("<GARCH/>", "no ARMAPart")]
    [InlineData("<GARCH><ARMAPart p='0' q='0'/></GARCH>", "no GARCHPart")]
    [InlineData("<GARCH><ARMAPart q='0'/></GARCH>", "'p' is absent")]
    [InlineData("<GARCH><ARMAPart p='-1' q='0'/></GARCH>", "outside 0")]
    [InlineData("<GARCH><ARMAPart p='1' q='0'/></GARCH>", "p=\"1\", but AR has 0")]
    [InlineData("<GARCH><ARMAPart p='0' q='2'/></GARCH>", "q=\"2\", but MA has 0")]
    [InlineData("<GARCH><ARMAPart p='1' q='0'><AR><Array type='real'>0.5</Array></AR></ARMAPart><GARCHPart gp='0' gq='0'/></GARCH>", "looks back 1 steps")]
    [InlineData("<GARCH><ARMAPart p='0' q='0'/><GARCHPart gp='1' gq='1'/></GARCH>", "there are 0 coefficients of squared residuals and 0 of variances")]
    [InlineData("<GARCH><ARMAPart p='0' q='0'/><GARCHPart gp='1' gq='0'><ResidualSquareCoefficients><MACoefficients><Array type='real'>0.5</Array></MACoefficients></ResidualSquareCoefficients></GARCHPart></GARCH>", "1 residuals are needed, 0 are there")]
    [InlineData("<GARCH><ARMAPart p='0' q='0'/><GARCHPart gp='0' gq='1'><VarianceCoefficients><MACoefficients><Array type='real'>0.5</Array></MACoefficients></VarianceCoefficients></GARCHPart></GARCH>", "1 past variances are needed")]
    [InlineData("<GARCH><ARMAPart p='0' q='0'/><GARCHPart gp='0' gq='0'><VarianceCoefficients><PastVariances><Array type='real'>1 -2</Array></PastVariances></VarianceCoefficients></GARCHPart></GARCH>", "variance -2 is negative")]
    public void Incomplete_model_is_refused_with_what_is_wrong(string content, string expected) => AssertRefused("GARCH", content, expected);

    private static string Mean(string attributes, string ar, string ma, string residuals) =>
        $"<ARMAPart {attributes} p='{Count(ar)}' q='{Count(ma)}'><AR>{Numbers(ar)}</AR><MA><MACoefficients>{Numbers(ma)}</MACoefficients>{residuals}</MA></ARMAPart>";

    private static string Variance(string attributes, string squares, string variances, string? residuals = null, string? known = null) => $"""
        <GARCHPart {attributes} gp='{Count(squares)}' gq='{Count(variances)}'>
        <ResidualSquareCoefficients>{(residuals is null ? "" : $"<Residuals>{Numbers(residuals)}</Residuals>")}<MACoefficients>{Numbers(squares)}</MACoefficients></ResidualSquareCoefficients>
        <VarianceCoefficients>{(known is null ? "" : $"<PastVariances>{Numbers(known)}</PastVariances>")}<MACoefficients>{Numbers(variances)}</MACoefficients></VarianceCoefficients></GARCHPart>
        """;

    private static int Count(string numbers) => numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
}

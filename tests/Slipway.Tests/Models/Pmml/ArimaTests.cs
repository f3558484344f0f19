using Slipway.Core;
using Slipway.Models.Rows;
using static Slipway.Tests.Models.Pmml.SeriesModels;

namespace Slipway.Tests.Models.Pmml;

/// <summary>
/// Exact predictions are compared with those of numpy from the covariances of all values at once (normal equations); outliers with a Python program that adds
/// each effect's definition to the forecasts of the series without it.
/// </summary>
public sealed class ArimaTests
{
    private const string First = "ARIMA predictionMethod='exactLeastSquares'";

    [Theory]
    [InlineData(6, "constantTerm='52'", "p='0' q='2'", "", "0.9 0.4", "", new[] { 54.95286850442065, 52.278157064522325, 52.0, 52.0 })]
    [InlineData(6, "constantTerm='52'", "p='2' q='1'", "0.5 0.2", "0.8", "", new[] { 56.62954083453288, 55.393370417266446, 54.6225933755398, 53.98997077122319 })]
    [InlineData(12, "constantTerm='0.4'", "p='1' d='1' q='1'", "0.3", "0.6", "-0.5", new[] { 45.275195089349566, 39.914385861141, 42.438655308662945, 47.431456862867904, 49.73844725343559, 50.710544370605895 })]
    public void Exact_least_squares_predicts_from_the_series_alone(int values, string attributes, string orders, string ar, string ma, string seasonal, double[] expected)
    {
        var content = $"<NonseasonalComponent {orders}><AR>{Numbers(ar)}</AR>{Average(ma)}</NonseasonalComponent>"
            + (seasonal.Length == 0 ? "" : $"<SeasonalComponent Q='1' period='4'>{Average(seasonal)}</SeasonalComponent>");
        using var model = Open("ARIMA", $"{Original(values)}<{First} {attributes}>{content}</ARIMA>");
        AssertSeries(expected, Forecast(model, expected.Length));
        using var conditional = Open("ARIMA", $"{Original(values)}<ARIMA {attributes}>{content}</ARIMA>");
        Assert.NotEqual(expected[0], Forecast(conditional, 1)[0], 1e-3);
    }

    [Fact]
    public void Exact_least_squares_agrees_with_the_conditional_one_for_a_long_invertible_series()
    {
        const string content = "<NonseasonalComponent p='1' q='1'><AR><Array type='real'>0.7</Array></AR><MA><MACoefficients><Array type='real'>0.3</Array></MACoefficients></MA></NonseasonalComponent>";
        using var exact = Open("ARIMA", $"{Original(40)}<{First} constantTerm='60'>{content}</ARIMA>");
        using var conditional = Open("ARIMA", $"{Original(40)}<ARIMA constantTerm='60'>{content}</ARIMA>");
        AssertSeries(Forecast(conditional, 5), Forecast(exact, 5));
    }

    [Theory]
    [InlineData("type='additive' startTime='40' magnitude='5'", new[] { 65.95139999999999, 64.16597999999999, 62.916185999999996, 62.0413302, 61.428931139999996, 61.000251797999994 })]
    [InlineData("type='level' startTime='38' magnitude='8'", new[] { 71.8514, 70.69597999999999, 69.887186, 69.3210302, 68.92472114, 68.647304798 })]
    [InlineData("type='transient' startTime='38' magnitude='6' dampingCoefficient='0.8'", new[] { 69.83539999999999, 67.19197999999999, 65.28014599999999, 63.892710199999996, 62.88218354, 62.143357597999994 })]
    [InlineData("type='seasonalAdditive' startTime='38' magnitude='4'", new[] { 69.45139999999999, 70.61598, 64.631186, 63.2418302, 62.269281140000004, 65.588496798 })]
    [InlineData("type='trend' startTime='38' magnitude='0.5'", new[] { 70.4014, 68.38098, 67.116686, 66.3816802, 66.01717614, 65.912023298 })]
    [InlineData("type='innovational' startTime='38' magnitude='7'", new[] { 69.45139999999999, 66.61598, 64.63118599999999, 63.241830199999995, 62.26928114, 61.588496798 })]
    public void Outliers_are_taken_from_the_series_and_go_on_as_they_do(string outlier, double[] expected)
    {
        using var model = Open("ARIMA", $"{Original(40)}<ARIMA constantTerm='60'>{Ar}<SeasonalComponent period='4'/><OutlierEffect {outlier}/></ARIMA>");
        AssertSeries(expected, Forecast(model, expected.Length));
    }

    [Fact]
    public void Outliers_begin_at_a_time_where_the_series_has_times()
    {
        var timed = string.Concat(Enumerable.Range(0, 3).Select(i => $"<TimeValue index='{i + 1}' time='{1990 + i}' value='{10 + i}'/>"));
        using var model = Open("ARIMA", $"<TimeSeries>{timed}</TimeSeries><ARIMA>{Ar}<OutlierEffect type='level' startTime='1991' magnitude='4'/></ARIMA>");
        AssertSeries([(0.7 * 8) + 4, (0.49 * 8) + 4], Forecast(model, 2));
    }

    [Theory]
    [InlineData("<OutlierEffect type='additive' startTime='41' magnitude='1'/>", "startTime=\"41\"")]
    [InlineData("<OutlierEffect type='transient' startTime='4' magnitude='1'/>", "dampingCoefficient")]
    [InlineData("<OutlierEffect type='seasonalAdditive' startTime='4' magnitude='1'/>", "period of 2")]
    [InlineData("<OutlierEffect type='sudden' startTime='4' magnitude='1'/>", "sudden")]
    [InlineData("<OutlierEffect type='level' magnitude='1'/>", "'startTime' is absent")]
    public void Outlier_that_cannot_be_placed_is_refused(string outlier, string expected) => AssertRefused("ARIMA", $"{Original(40)}<ARIMA>{outlier}</ARIMA>", expected);

    [Fact]
    public void Outliers_are_not_without_number() =>
        AssertRefused("ARIMA", $"{Original(40)}<ARIMA>{string.Concat(Enumerable.Repeat("<OutlierEffect type='level' startTime='1' magnitude='1'/>", 1001))}</ARIMA>", "more than 1000");

    [Theory]
    [InlineData(40, "p='1' q='1'", "1.5", "0.3", "make none")]
    [InlineData(40, "p='1' q='1'", "1", "0.3", "make none")]
    [InlineData(3, "p='1' q='4'", "0.5", "0.3 0.3 0.3 0.3", "needs 4 values")]
    public void Exact_least_squares_refuses_what_has_no_exact_prediction(int values, string orders, string ar, string ma, string expected) =>
        AssertRefused("ARIMA", $"{Original(values)}<{First}><NonseasonalComponent {orders}><AR>{Numbers(ar)}</AR>{Average(ma)}</NonseasonalComponent></ARIMA>", expected);

    [Fact]
    public void Series_that_would_take_too_long_is_refused()
    {
        var values = string.Concat(Enumerable.Range(1, 60_000).Select(i => $"<TimeValue index='{i}' value='1'/>"));
        var outliers = string.Concat(Enumerable.Repeat("<OutlierEffect type='transient' startTime='1' magnitude='1' dampingCoefficient='0.5'/>", 900));
        AssertRefused("ARIMA", $"<TimeSeries>{values}</TimeSeries><ARIMA>{outliers}</ARIMA>", "too long");
    }

    [Fact]
    public void Exact_least_squares_that_would_take_too_long_is_refused()
    {
        var values = string.Concat(Enumerable.Range(1, 3000).Select(i => $"<TimeValue index='{i}' value='{i % 7}'/>"));
        AssertRefused("ARIMA", $"<TimeSeries>{values}</TimeSeries><{First}><SeasonalComponent Q='1' period='1500'>{Average("0.3")}</SeasonalComponent></ARIMA>", "too long");
    }

    private const string Ar = "<NonseasonalComponent p='1'><AR><Array type='real' n='1'>0.7</Array></AR></NonseasonalComponent>";
}

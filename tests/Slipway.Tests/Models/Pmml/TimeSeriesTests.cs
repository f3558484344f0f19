using Slipway.Core;
using Slipway.Models.Rows;
using static Slipway.Tests.Models.Pmml.SeriesModels;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Expected numbers are from a Python program that writes the recursions down without multiplying polynomials out (ARIMA) or in closed form.</summary>
public sealed class TimeSeriesTests
{
    private const string Seasonal = """
        <NonseasonalComponent p="2" d="1" q="1"><AR><Array type="real" n="2">0.45 -0.2</Array></AR><MA><MACoefficients><Array type="real" n="1">0.35</Array></MACoefficients></MA></NonseasonalComponent>
        <SeasonalComponent P="1" D="1" Q="1" period="4"><AR><Array type="real" n="1">0.3</Array></AR><MA><MACoefficients><Array type="real" n="1">-0.4</Array></MACoefficients>RESIDUALS</MA></SeasonalComponent>
        """;

    private static readonly double[] SeasonalForecast =
        [75.9443777032204, 77.46513335805359, 72.73148965536444, 68.6554989186933, 71.71263225295387, 73.66532179560457, 68.97814975420926, 65.02646450570852];

    [Fact]
    public void Seasonal_arima_forecasts_from_the_series_alone()
    {
        using var model = Arima("constantTerm='0.125'", Seasonal.Replace("RESIDUALS", "", StringComparison.Ordinal));
        AssertSeries(SeasonalForecast, Forecast(model, 8));
    }

    [Fact]
    public void Seasonal_arima_takes_the_residuals_of_the_file()
    {
        const string residuals = "<Residuals><Array type='real' n='5'>5.130302101900329 -0.6763400627051288 -7.446857699013192 8.127645711454605 -7.427888650273115</Array></Residuals>";
        var text = Seasonal.Replace("RESIDUALS", residuals, StringComparison.Ordinal);
        using var model = Arima("constantTerm='0.125' predictionMethod='exactLeastSquares'", text);
        AssertSeries(SeasonalForecast, Forecast(model, 8));
        using var other = Arima("constantTerm='0.125'", text.Replace("-7.427888650273115", "0", StringComparison.Ordinal));
        Assert.NotEqual(SeasonalForecast[0], Forecast(other, 1)[0], 1.0);
    }

    [Fact]
    public void Constant_term_is_the_mean_of_a_series_that_is_not_differenced()
    {
        const string ar = "<NonseasonalComponent p='1'><AR><Array type='real' n='1'>0.7</Array></AR></NonseasonalComponent>";
        using var model = Arima("constantTerm='60'", ar);
        AssertSeries([69.45139999999999, 66.61598, 64.631186], Forecast(model, 3));
        using var logarithmic = Arima("constantTerm='4.1' transformation='logarithmic'", ar);
        AssertSeries([69.27740672208766, 66.4655110433457, 64.56537184645185], Forecast(logarithmic, 3));
    }

    [Fact]
    public void Prediction_intervals_widen_with_the_weights_of_past_errors()
    {
        const string output = """
            <Output><OutputField name="low" feature="confidenceIntervalLower" value="80" dataType="double"/><OutputField name="high" feature="confidenceIntervalUpper" value="80" dataType="double"/>
            <OutputField name="error" feature="standardError" dataType="double"/></Output>
            """;
        using var stationary = Arima("constantTerm='60' RMSE='2.5'", "<NonseasonalComponent p='1'><AR><Array type='real' n='1'>0.7</Array></AR></NonseasonalComponent>", output);
        var answers = stationary.Answer(("h", ["3"]));
        AssertSeries([66.24752108613849, 62.7051473851873, 60.417019433783516], Column(answers, 1));
        AssertSeries([72.6552789138615, 70.52681261481268, 68.84535256621649], Column(answers, 2));
        AssertSeries([2.5, 3.0516389039334255, 3.288331643858326], Column(answers, 3));
        using var integrated = Arima("RMSE='2.5'", "<NonseasonalComponent d='1' q='1'><MA><MACoefficients><Array type='real' n='1'>0.35</Array></MACoefficients></MA></NonseasonalComponent>", output);
        AssertSeries([2.5, 4.200074404102861, 5.388065515563076], Column(integrated.Answer(("h", ["3"])), 3));
    }

    [Theory]
    [InlineData("<Level smoothedValue='100'/><Trend_ExpoSmooth smoothedValue='2'/><Seasonality_ExpoSmooth type='multiplicative' period='4'><Array n='4' type='real'>1.1 0.9 0.8 1.2</Array></Seasonality_ExpoSmooth>", new[] { 112.2, 93.6, 84.8, 129.6, 121 })]
    [InlineData("<Level smoothedValue='100'/><Trend_ExpoSmooth smoothedValue='2'/><Seasonality_ExpoSmooth type='multiplicative' period='4' phase='1'><Array n='4' type='real'>1.1 0.9 0.8 1.2</Array></Seasonality_ExpoSmooth>", new[] { 91.8, 83.2, 127.2, 118.8, 99 })]
    [InlineData("<Level smoothedValue='100'/><Trend_ExpoSmooth trend='damped_additive' phi='0.9' smoothedValue='2'/><Seasonality_ExpoSmooth type='additive' period='4'><Array n='4' type='real'>1.1 0.9 0.8 1.2</Array></Seasonality_ExpoSmooth>", new[] { 102.9, 104.32, 105.678, 107.3902, 108.47118 })]
    [InlineData("<Level smoothedValue='100'/><Trend_ExpoSmooth trend='multiplicative' smoothedValue='1.05'/>", new[] { 105, 110.25, 115.7625 })]
    [InlineData("<Level smoothedValue='100'/><Trend_ExpoSmooth trend='damped_multiplicative' phi='0.9' smoothedValue='1.05'/>", new[] { 104.48895099824027, 108.70104054558469, 112.63690289174295 })]
    [InlineData("<Level smoothedValue='100'/><Seasonality_ExpoSmooth type='additive' period='4'><Array n='4' type='real'>1.1 0.9 0.8 1.2</Array></Seasonality_ExpoSmooth>", new[] { 101.1, 100.9, 100.8, 101.2, 101.1 })]
    [InlineData("<Level alpha='0.3' smoothedValue='100'/>", new[] { 100.0, 100, 100 })]
    public void Exponential_smoothing_goes_on_with_level_trend_and_season(string content, double[] expected)
    {
        using var model = Open("ExponentialSmoothing", $"<ExponentialSmoothing>{content}</ExponentialSmoothing>");
        AssertSeries(expected, Forecast(model, expected.Length));
    }

    [Fact]
    public void Transformation_of_the_series_is_undone()
    {
        using var model = Open("ExponentialSmoothing", "<ExponentialSmoothing transformation='squareroot'><Level smoothedValue='10'/><Trend_ExpoSmooth smoothedValue='0.5'/></ExponentialSmoothing>");
        AssertSeries([110.25, 121, 132.25], Forecast(model, 3));
    }

    [Theory]
    [InlineData("", "<ObservationVarianceMatrix><Matrix><Array type='real'>0.05</Array></Matrix></ObservationVarianceMatrix>")]
    [InlineData("observationVariance='0.05'", "")]
    public void State_space_model_begins_with_the_state_of_the_first_forecast(string attribute, string element)
    {
        const string output = "<Output><OutputField name='error' feature='standardError' dataType='double'/></Output>";
        using var model = Open("StateSpaceModel", $"""
            <StateSpaceModel variance="2" intercept="7.5" {attribute}><StateVector><Array type="real">3 -1</Array></StateVector>
            <TransitionMatrix>{Matrix("0.7 1", "0.2 0")}</TransitionMatrix><MeasurementMatrix>{Matrix("1 0.5")}</MeasurementMatrix>
            <InterceptVector type="state"><Array type="real">0.25 -0.5</Array></InterceptVector>
            <PredictedStateCovarianceMatrix>{Matrix("0.3 0.1", "0.1 0.2")}</PredictedStateCovarianceMatrix>
            <SelectedStateCovarianceMatrix>{Matrix("1 0.4", "0.4 0.16")}</SelectedStateCovarianceMatrix>{element}</StateSpaceModel>
            """, output);
        var answers = model.Answer(("h", ["4"]));
        AssertSeries([10, 8.9, 8.68, 8.306], Column(answers, 0));
        AssertSeries([2.0208908926510607, 2.589548223146269, 2.986892431943273, 3.284438474990816], Column(answers, 1));
    }

    [Fact]
    public void Every_record_has_as_many_answers_as_its_horizon()
    {
        using var model = Open("ExponentialSmoothing", "<ExponentialSmoothing><Level smoothedValue='10'/><Trend_ExpoSmooth smoothedValue='1'/></ExponentialSmoothing>");
        Assert.False(model.Signature.AnswersByRow);
        AssertSeries([11, 12, 11, 12, 13, 11], Column(model.Answer(("h", ["2", "3", null])), 0));
        AssertSeries([11], Column(model.Answer(), 0));
        var scorer = model.CreateScorer();
        scorer.Set(0, 40.0);
        scorer.Score();
        Assert.True(scorer.TryGetNumber(0, out var fortieth));
        Assert.Equal(50, fortieth);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    public void Horizon_that_is_not_a_number_of_steps_is_refused(string horizon)
    {
        using var model = Open("ExponentialSmoothing", "<ExponentialSmoothing><Level smoothedValue='10'/></ExponentialSmoothing>");
        Assert.Contains("row 1: field 'h'", Assert.Throws<RecordException>(() => model.Answer(("h", ["1", horizon]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_without_a_field_for_the_horizon_gets_one()
    {
        using var model = PmmlTables.Open(
            "<DataField name='y' optype='continuous' dataType='double'/>",
            "<TimeSeriesModel functionName='timeSeries' bestFit='ExponentialSmoothing'><MiningSchema><MiningField name='y' usageType='target'/></MiningSchema><ExponentialSmoothing><Level smoothedValue='10'/></ExponentialSmoothing></TimeSeriesModel>");
        Assert.Equal("horizon", Assert.Single(model.Signature.Inputs).Name);
        Assert.Equal(["10", "10"], model.Answer(("horizon", ["2"])).Select(a => a[0]));
    }

    [Theory]
    [InlineData("ARIMA", "<ARIMA><NonseasonalComponent p='1'><AR><Array type='real' n='1'>0.7</Array></AR></NonseasonalComponent></ARIMA>", "looks back 1 steps")]
    [InlineData("ARIMA", "<ARIMA><NonseasonalComponent p='2'><AR><Array type='real' n='1'>0.7</Array></AR></NonseasonalComponent></ARIMA>", "1 coefficients")]
    [InlineData("ARIMA", "<ARIMA><SeasonalComponent P='1' period='1000000000'><AR><Array type='real' n='1'>0.7</Array></AR></SeasonalComponent></ARIMA>", "period")]
    [InlineData("ARIMA", "<ARIMA><DynamicRegressor field='x'/></ARIMA>", "regressor beside the series is not supported")]
    [InlineData("ARIMA", "<ExponentialSmoothing><Level smoothedValue='1'/></ExponentialSmoothing>", "there are: ExponentialSmoothing")]
    [InlineData("SpectralAnalysis", "<SpectralAnalysis/>", "gives neither content nor formulas")]
    [InlineData("SeasonalTrendDecomposition", "<SeasonalTrendDecomposition><Extension name='x'/></SeasonalTrendDecomposition>", "gives neither content nor formulas")]
    [InlineData("ARIMA", "<ARIMA><OutlierEffect type='additive' startTime='7' magnitude='1'/></ARIMA>", "no time and no index")]
    [InlineData("ExponentialSmoothing", "<ExponentialSmoothing/>", "no Level")]
    [InlineData("ExponentialSmoothing", "<ExponentialSmoothing><Level smoothedValue='1'/><Trend_ExpoSmooth trend='polynomial_exponential'/></ExponentialSmoothing>", "polynomial_exponential")]
    [InlineData("ExponentialSmoothing", "<ExponentialSmoothing><Level smoothedValue='1'/><Seasonality_ExpoSmooth type='additive' period='3'><Array n='2' type='real'>1 2</Array></Seasonality_ExpoSmooth></ExponentialSmoothing>", "2 values")]
    [InlineData("StateSpaceModel", "<StateSpaceModel/>", "no StateVector")]
    [InlineData("StateSpaceModel", "<StateSpaceModel><StateVector><Array type='real'>1 2</Array></StateVector><TransitionMatrix><Matrix><Array type='real'>1</Array></Matrix></TransitionMatrix></StateSpaceModel>", "1 × 1, not 2 × 2")]
    public void Incomplete_model_is_refused_with_what_is_wrong(string bestFit, string content, string expected) => AssertRefused(bestFit, content, expected);

    [Fact]
    public void Uncertainty_that_the_model_does_not_say_is_refused() =>
        Assert.Contains("variance", Assert.Throws<ModelException>(() => Open(
            "ExponentialSmoothing", "<ExponentialSmoothing><Level smoothedValue='1'/></ExponentialSmoothing>", "<Output><OutputField name='e' feature='standardError'/></Output>")).Message, StringComparison.Ordinal);

    private static RowProgramModel Arima(string attributes, string content, string output = "") =>
        Open("ARIMA", $"{Original(40)}<TimeSeries usage='prediction'><TimeValue index='1' value='7'/></TimeSeries><ARIMA {attributes}>{content}</ARIMA>", output);

    private static string Matrix(params string[] rows) => $"<Matrix nbRows='{rows.Length}'>{string.Concat(rows.Select(r => $"<Array type='real'>{r}</Array>"))}</Matrix>";
}

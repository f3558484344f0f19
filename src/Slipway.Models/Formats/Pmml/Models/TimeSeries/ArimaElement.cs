using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>The element <c>NonseasonalComponent</c> or <c>SeasonalComponent</c> of an ARIMA model.</summary>
internal sealed record ArimaComponent(double[] Autoregression, int Differences, double[] MovingAverage, double[]? Residuals, int Period)
{
    public static readonly ArimaComponent None = new([], 0, [], null, 1);

    /// <param name="ar">The name of the attribute with the number of autoregressive coefficients; the others accordingly.</param>
    public static ArimaComponent Read(ElementReader e, string ar, string difference, string ma, bool isSeasonal)
    {
        var place = e.Place;
        var (p, d, q) = (e.Integer(ar) ?? 0, e.Integer(difference) ?? 0, e.Integer(ma) ?? 0);
        var period = isSeasonal ? e.Integer("period") ?? throw e.Fault("the attribute 'period' is absent") : 1;
        var component = None with { Differences = d, Period = period };
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "AR") component = component with { Autoregression = SeriesElements.ReadArray(e) };
            if (e.Name != "MA") continue;
            var inner = e.Depth;
            while (e.ReadChild(inner))
            {
                if (e.Name == "MACoefficients") component = component with { MovingAverage = SeriesElements.ReadArray(e) };
                else if (e.Name == "Residuals") component = component with { Residuals = SeriesElements.ReadArray(e) };
            }
        }
        if (component.Autoregression.Length != p) throw place.Fault($"{ar}=\"{p}\", but AR has {component.Autoregression.Length} coefficients");
        if (component.MovingAverage.Length != q) throw place.Fault($"{ma}=\"{q}\", but MA has {component.MovingAverage.Length} coefficients");
        const int most = 10_000;
        if (d is < 0 or > 10) throw place.Fault($"{difference}=\"{d}\" is outside 0…10");
        if (period < 1 || (long)period * (p + d + q) > most) throw place.Fault($"period=\"{period}\": the model may look back {most} steps at most, and not less than 1");
        return component;
    }
}

/// <summary>
/// The element <c>ARIMA</c> (PMML 4.4.1, Time Series). The constant term is the mean of the differenced series, and moving average coefficients have the sign of
/// Box and Jenkins' residuals in the sum (+θ), as the standard's own exporter (r-pmml) and scoring engine have them. The last residuals are the file's, else
/// those that the formulas give for the series in it.
/// </summary>
internal sealed record ArimaElement(Place Place, SeriesTransformation Transformation, double Constant, double? RootMeanSquareError, bool IsExact) : SeriesMethod(Place, Transformation)
{
    private static readonly Choices<bool> Methods = new(("conditionalLeastSquares", false), ("exactLeastSquares", true));

    private ArimaComponent _nonseasonal = ArimaComponent.None;
    private ArimaComponent _seasonal = ArimaComponent.None;

    public static ArimaElement Read(ElementReader e)
    {
        var arima = new ArimaElement(
            e.Place, e.Choice("transformation", SeriesElements.Transformations, SeriesTransformation.None), e.Number("constantTerm", 0), e.Number("RMSE"),
            e.Choice("predictionMethod", Methods, false));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            switch (e.Name)
            {
                case "NonseasonalComponent":
                    arima._nonseasonal = ArimaComponent.Read(e, "p", "d", "q", isSeasonal: false);
                    break;
                case "SeasonalComponent":
                    arima._seasonal = ArimaComponent.Read(e, "P", "D", "Q", isSeasonal: true);
                    break;
                case "DynamicRegressor":
                    throw e.Place.Unsupported("a regressor beside the series");
                case "OutlierEffect":
                    throw e.Place.Unsupported("the effect of an outlier");
            }
        }
        return arima;
    }

    public override Forecaster Bind(ImmutableArray<double> history)
    {
        var (ns, s) = (_nonseasonal, _seasonal);
        var stationary = LagPolynomials.Multiply(LagPolynomials.Of(ns.Autoregression, 1, -1), LagPolynomials.Of(s.Autoregression, s.Period, -1));
        var differences = LagPolynomials.Multiply(LagPolynomials.Difference(1, ns.Differences), LagPolynomials.Difference(s.Period, s.Differences));
        var left = LagPolynomials.Multiply(stationary, differences);
        var right = LagPolynomials.Multiply(LagPolynomials.Of(ns.MovingAverage, 1, 1), LagPolynomials.Of(s.MovingAverage, s.Period, 1));
        if (history.Length < left.Length - 1) throw Place.Fault($"it looks back {left.Length - 1} steps, but the series has {history.Length} values");
        var series = history.Select(v => Transformation.Apply(v)).ToArray();
        if (Array.Exists(series, double.IsNaN)) throw Place.Fault($"transformation=\"{Transformation}\" is not possible for the negative values of the series");
        var residuals = ns.Residuals is null || s.Residuals?.Length > ns.Residuals.Length ? s.Residuals : ns.Residuals;
        if (IsExact && right.Length > 1 && residuals is null) throw Place.Unsupported("predictionMethod=\"exactLeastSquares\" without the last Residuals");
        if (residuals is not null && residuals.Length < right.Length - 1) throw Place.Fault($"{right.Length - 1} residuals are needed, {residuals.Length} are there");
        return new ArimaForecaster(
            LagPolynomials.Terms(left), LagPolynomials.Terms(right), Constant * stationary.Sum(), series, residuals,
            RootMeanSquareError is { } error ? error * error : Cell.Missing);
    }
}

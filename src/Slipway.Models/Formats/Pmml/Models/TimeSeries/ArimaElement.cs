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
            var (coefficients, residuals) = SeriesElements.ReadMovingAverage(e);
            component = component with { MovingAverage = coefficients, Residuals = residuals };
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
/// those that the formulas give for the series in it; exact least squares predicts it from nothing but itself. Outliers are effects on the transformed series.
/// </summary>
internal sealed record ArimaElement(Place Place, SeriesTransformation Transformation, double Constant, double? RootMeanSquareError, bool IsExact) : SeriesMethod(Place, Transformation)
{
    private const int MostOutliers = 1000;

    private static readonly Choices<bool> Methods = new(("conditionalLeastSquares", false), ("exactLeastSquares", true));

    private readonly List<OutlierElement> _outliers = [];
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
                    arima._outliers.Add(OutlierElement.Read(e));
                    if (arima._outliers.Count > MostOutliers) throw e.Fault($"more than {MostOutliers} outliers");
                    break;
            }
        }
        return arima;
    }

    public override Forecaster Bind(OriginalSeries original)
    {
        var (ns, s) = (_nonseasonal, _seasonal);
        var stationary = LagPolynomials.Multiply(LagPolynomials.Of(ns.Autoregression, 1, -1), LagPolynomials.Of(s.Autoregression, s.Period, -1));
        var differences = LagPolynomials.Multiply(LagPolynomials.Difference(1, ns.Differences), LagPolynomials.Difference(s.Period, s.Differences));
        var left = LagPolynomials.Multiply(stationary, differences);
        var right = LagPolynomials.Multiply(LagPolynomials.Of(ns.MovingAverage, 1, 1), LagPolynomials.Of(s.MovingAverage, s.Period, 1));
        if (original.Values.Length < left.Length - 1) throw Place.Fault($"it looks back {left.Length - 1} steps, but the series has {original.Values.Length} values");
        var series = original.Values.Select(v => Transformation.Apply(v)).ToArray();
        if (Array.Exists(series, double.IsNaN)) throw Place.Fault($"transformation=\"{Transformation}\" is not possible for the negative values of the series");
        var (autoregression, movingAverage) = (LagPolynomials.Terms(left), LagPolynomials.Terms(right));
        SeriesElements.RequireFeasible(Place, series.Length, autoregression.Length + movingAverage.Length + differences.Length + (_outliers.Count * 20L));
        var outliers = _outliers.Select(o => o.Bind(original, s.Period)).ToImmutableArray();
        OutlierElement.Remove(outliers, series, LagPolynomials.Responses(autoregression, movingAverage, outliers.Any(o => o.Kind == OutlierKind.Innovational) ? series.Length : 0));
        var constant = Constant * stationary.Sum();
        var shocks = Shocks();
        var model = new ArimaForecaster(autoregression, movingAverage, constant, series, shocks, RootMeanSquareError is { } error ? error * error : Cell.Missing);
        return outliers.IsEmpty ? model : new OutlierForecaster(model, outliers, series.Length);

        double[] Shocks()
        {
            var residuals = ns.Residuals is null || s.Residuals?.Length > ns.Residuals.Length ? s.Residuals : ns.Residuals;
            if (residuals is not null && residuals.Length < right.Length - 1) throw Place.Fault($"{right.Length - 1} residuals are needed, {residuals.Length} are there");
            if (residuals is null && IsExact && right.Length > 1) return ExactShocks(stationary, right, LagPolynomials.Apply(differences, series));
            return PastErrors.Shocks(movingAverage, residuals ?? PastErrors.Find(autoregression, movingAverage, constant, series, out _));
        }
    }

    private double[] ExactShocks(double[] stationary, double[] right, double[] differenced)
    {
        var (p, q) = (stationary.Length - 1, right.Length - 1);
        if (differenced.Length < Math.Max(p, q)) throw Place.Fault($"exact least squares needs {Math.Max(p, q)} values of the differenced series, {differenced.Length} are there");
        if (!ExactErrors.IsFeasible(differenced.Length, p, q)) throw Place.Unsupported($"exact least squares without Residuals for {Math.Max(p, q)} lags and {differenced.Length} values, which would take too long,");
        for (var i = 0; i < differenced.Length; i++) differenced[i] -= Constant;
        return ExactErrors.TryFindShocks([.. stationary.Skip(1).Select(c => -c)], right.AsSpan(1), differenced)
            ?? throw Place.Fault("predictionMethod=\"exactLeastSquares\" is for stationary series, and the autoregressive coefficients make none");
    }
}

using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>
/// The element <c>GARCH</c> (PMML 4.4.1, Time Series): yₜ = c + Σ φᵢ yₜ₋ᵢ + Σ θⱼ εₜ₋ⱼ + εₜ, where c is the <c>constant</c> of <c>ARMAPart</c>, and the variance of ε
/// follows <c>GARCHPart</c>. The last residuals and variances are the file's, else those that the formulas give for the series in it.
/// </summary>
internal sealed record GarchElement(Place Place) : SeriesMethod(Place, SeriesTransformation.None)
{
    private const int MostLags = 10_000;

    private ArmaPart? _mean;
    private GarchPart? _variance;

    public static GarchElement Read(ElementReader e)
    {
        var garch = new GarchElement(e.Place);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ARMAPart") garch._mean = ReadMean(e);
            else if (e.Name == "GARCHPart") garch._variance = ReadVariance(e);
        }
        return garch;
    }

    public override Forecaster Bind(OriginalSeries series)
    {
        var mean = _mean ?? throw Place.Fault("it has no ARMAPart");
        var variance = _variance ?? throw Place.Fault("it has no GARCHPart");
        var history = series.Values.ToArray();
        if (history.Length < mean.Autoregression.Length) throw mean.Place.Fault($"it looks back {mean.Autoregression.Length} steps, but the series has {history.Length} values");
        var left = LagPolynomials.Terms(LagPolynomials.Of(mean.Autoregression, 1, -1));
        var right = LagPolynomials.Terms(LagPolynomials.Of(mean.MovingAverage, 1, 1));
        SeriesElements.RequireFeasible(Place, history.Length, left.Length + right.Length + variance.OfSquares.Length + variance.OfVariances.Length);
        var found = PastErrors.Find(left, right, mean.Constant, history, out var first);
        if (history.Length <= first) (found, first) = ([], 0);
        var errors = Known(mean.Residuals ?? variance.Residuals ?? found, mean.MovingAverage.Length, mean.Place, "residuals");
        var squared = Known(variance.Residuals ?? mean.Residuals ?? found, variance.OfSquares.Length, variance.Place, "residuals");
        var variances = variance.PastVariances;
        if (variances is null && variance.OfVariances.Length > 0 && found.Length > 0)
        {
            variances = GarchForecaster.Variances(variance.Constant, variance.OfSquares, variance.OfVariances, found, first);
        }
        variances = Known(variances ?? [], variance.OfVariances.Length, variance.Place, "past variances");
        var model = new ArimaForecaster(left, right, mean.Constant, history, PastErrors.Shocks(right, errors), Cell.Missing);
        return new GarchForecaster(model, variance.Constant, variance.OfSquares, variance.OfVariances, squared, variances);
    }

    private static double[] Known(double[] values, int needed, Place place, string what) =>
        values.Length >= needed ? values : throw place.Fault($"{needed} {what} are needed, {values.Length} are there, and the file has no series to find them from");

    private static ArmaPart ReadMean(ElementReader e)
    {
        var (place, constant, p, q) = (e.Place, e.Number("constant", 0), RequireCount(e, "p"), RequireCount(e, "q"));
        double[] autoregression = [];
        (double[] Coefficients, double[]? Past) average = ([], null);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "AR") autoregression = SeriesElements.ReadArray(e);
            else if (e.Name == "MA") average = SeriesElements.ReadMovingAverage(e);
        }
        if (autoregression.Length != p) throw place.Fault($"p=\"{p}\", but AR has {autoregression.Length} coefficients");
        if (average.Coefficients.Length != q) throw place.Fault($"q=\"{q}\", but MA has {average.Coefficients.Length} coefficients");
        return new ArmaPart(place, constant, autoregression, average.Coefficients, average.Past);
    }

    /// <summary>Whether gp counts the squares and gq the variances or the other way round differs in the literature, and the arrays say it: both are read.</summary>
    private static GarchPart ReadVariance(ElementReader e)
    {
        var (place, constant, gp, gq) = (e.Place, e.Number("constant", 0), RequireCount(e, "gp"), RequireCount(e, "gq"));
        (double[] Coefficients, double[]? Past) squares = ([], null), variances = ([], null);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ResidualSquareCoefficients") squares = SeriesElements.ReadMovingAverage(e);
            else if (e.Name == "VarianceCoefficients") variances = SeriesElements.ReadMovingAverage(e);
        }
        var (ofSquares, ofVariances) = (squares.Coefficients.Length, variances.Coefficients.Length);
        if ((gp, gq) != (ofSquares, ofVariances) && (gq, gp) != (ofSquares, ofVariances))
        {
            throw place.Fault($"gp=\"{gp}\" and gq=\"{gq}\", but there are {ofSquares} coefficients of squared residuals and {ofVariances} of variances");
        }
        if (variances.Past?.FirstOrDefault(v => !(v >= 0)) is { } negative and not 0) throw place.Fault($"the past variance {negative:R} is negative");
        return new GarchPart(place, constant, squares.Coefficients, squares.Past, variances.Coefficients, variances.Past);
    }

    private static int RequireCount(ElementReader e, string name)
    {
        var count = e.Integer(name) ?? throw e.Fault($"the attribute '{name}' is absent");
        return count is >= 0 and <= MostLags ? count : throw e.Fault($"{name}=\"{count}\" is outside 0…{MostLags}");
    }

    private sealed record ArmaPart(Place Place, double Constant, double[] Autoregression, double[] MovingAverage, double[]? Residuals);

    private sealed record GarchPart(Place Place, double Constant, double[] OfSquares, double[]? Residuals, double[] OfVariances, double[]? PastVariances);
}

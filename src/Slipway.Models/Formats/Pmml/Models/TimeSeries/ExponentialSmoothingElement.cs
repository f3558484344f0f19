using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>The element <c>ExponentialSmoothing</c> (PMML 4.4.1, Time Series). Its smoothed values are those at the end of the series; the weights play no part in forecasts.</summary>
internal sealed record ExponentialSmoothingElement(
    Place Place, SeriesTransformation Transformation, double Level, TrendKind Trend, double TrendValue, double Phi, SeasonKind Season, ImmutableArray<double> Seasons)
    : SeriesMethod(Place, Transformation)
{
    private const string Polynomial = "polynomial_exponential";

    private static readonly Choices<TrendKind> Trends = new(
        ("additive", TrendKind.Additive), ("damped_additive", TrendKind.DampedAdditive), ("multiplicative", TrendKind.Multiplicative), ("damped_multiplicative", TrendKind.DampedMultiplicative));

    private static readonly Choices<SeasonKind> SeasonKinds = new(("additive", SeasonKind.Additive), ("multiplicative", SeasonKind.Multiplicative));

    public static ExponentialSmoothingElement Read(ElementReader e)
    {
        var smoothing = new ExponentialSmoothingElement(e.Place, e.Choice("transformation", SeriesElements.Transformations, SeriesTransformation.None), double.NaN, TrendKind.None, 0, 1, SeasonKind.None, []);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            smoothing = e.Name switch
            {
                "Level" => smoothing with { Level = e.RequireNumber("smoothedValue") },
                "Trend_ExpoSmooth" => smoothing.WithTrend(e),
                "Seasonality_ExpoSmooth" => smoothing.WithSeason(e),
                _ => smoothing,
            };
        }
        return double.IsNaN(smoothing.Level) ? throw smoothing.Place.Fault("it has no Level with a smoothedValue") : smoothing;
    }

    public override Forecaster Bind(OriginalSeries series) => new ExponentialSmoother(Trend, Level, TrendValue, Phi, Season, Seasons);

    private ExponentialSmoothingElement WithTrend(ElementReader e)
    {
        if (e.Attribute("trend") == Polynomial) throw e.Place.Unsupported($"trend=\"{Polynomial}\", of whose array the standard does not say how it goes on,");
        var kind = e.Choice("trend", Trends, TrendKind.Additive);
        return this with { Trend = kind, Phi = e.Number("phi", 1), TrendValue = e.RequireNumber("smoothedValue") };
    }

    /// <summary>
    /// The array has one value for each step of a period. <c>phase</c> is the number, from 1, of the value that belongs to the last step of the series, so that
    /// the next one is the first forecast's; without it the series ended with a whole period.
    /// </summary>
    private ExponentialSmoothingElement WithSeason(ElementReader e)
    {
        var (place, kind, period, phase) = (e.Place, e.RequireChoice("type", SeasonKinds), e.Integer("period"), e.Integer("phase") ?? 0);
        var seasons = SeriesElements.ReadArray(e);
        if (seasons.Length == 0 || seasons.Length != (period ?? seasons.Length)) throw place.Fault($"period=\"{period}\", but its Array has {seasons.Length} values");
        if (phase < 0 || phase > seasons.Length) throw place.Fault($"phase=\"{phase}\" is outside 0…{seasons.Length}");
        return this with { Season = kind, Seasons = [.. seasons[phase..], .. seasons[..phase]] };
    }
}

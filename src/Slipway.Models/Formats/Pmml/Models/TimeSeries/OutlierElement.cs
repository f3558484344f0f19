using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>The element <c>OutlierEffect</c> of an ARIMA model (PMML 4.4.1, Time Series).</summary>
/// <param name="Start">A time of the series, or an index.</param>
internal sealed record OutlierElement(Place Place, OutlierKind Kind, double Start, double Magnitude, double? Damping)
{
    private static readonly Choices<OutlierKind> Kinds = new(
        ("additive", OutlierKind.Additive), ("level", OutlierKind.Level), ("transient", OutlierKind.Transient), ("seasonalAdditive", OutlierKind.SeasonalAdditive),
        ("trend", OutlierKind.Trend), ("innovational", OutlierKind.Innovational));

    public static OutlierElement Read(ElementReader e) =>
        new(e.Place, e.RequireChoice("type", Kinds), e.RequireNumber("startTime"), e.RequireNumber("magnitude"), e.Number("dampingCoefficient"));

    public OutlierEffect Bind(OriginalSeries series, int period)
    {
        var start = series.Find(Start);
        if (start < 0) throw Place.Fault($"startTime=\"{Start:R}\" is no time and no index of the series");
        if (Kind == OutlierKind.Transient && Damping is null) throw Place.Fault("a transient effect has no dampingCoefficient");
        if (Kind == OutlierKind.SeasonalAdditive && period < 2) throw Place.Fault("a seasonal effect needs a SeasonalComponent with a period of 2 at least");
        return new OutlierEffect(Kind, start, Magnitude, Damping ?? 1, period);
    }

    /// <param name="responses">ψ for as many steps as the series has.</param>
    public static void Remove(ImmutableArray<OutlierEffect> effects, Span<double> series, ReadOnlySpan<double> responses)
    {
        foreach (var effect in effects)
        {
            for (var at = effect.Start; at < series.Length; at++) series[at] -= effect.After(at - effect.Start, responses);
        }
    }
}

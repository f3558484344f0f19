using System.Collections.Immutable;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>What an event does to a series (Chen and Liu 1993, "Joint estimation of model parameters and outlier effects in time series").</summary>
internal enum OutlierKind : byte
{
    /// <summary>One value.</summary>
    Additive,

    /// <summary>All values from it on.</summary>
    Level,

    /// <summary>All values from it on, by a part less in every step.</summary>
    Transient,

    /// <summary>The value and those whole periods later.</summary>
    SeasonalAdditive,

    /// <summary>All values from it on, by once more in every step.</summary>
    Trend,

    /// <summary>An error of the model, which goes on as its errors do.</summary>
    Innovational,
}

/// <param name="Start">The value of the series that it begins with, from 0.</param>
/// <param name="Damping">What is left of a transient one after a step.</param>
/// <param name="Period">Of a seasonal one.</param>
internal readonly record struct OutlierEffect(OutlierKind Kind, int Start, double Magnitude, double Damping, int Period)
{
    /// <param name="steps">Since its start; not negative.</param>
    /// <param name="responses">ψ: only an innovational effect needs it.</param>
    public double After(int steps, ReadOnlySpan<double> responses) => Magnitude * Kind switch
    {
        OutlierKind.Additive => steps == 0 ? 1 : 0,
        OutlierKind.Level => 1,
        OutlierKind.Transient => Math.Pow(Damping, steps),
        OutlierKind.SeasonalAdditive => steps % Period == 0 ? 1 : 0,
        OutlierKind.Trend => steps + 1.0,
        _ => responses[steps],
    };
}

/// <summary>Forecasts a series without the effects of events, which are added again.</summary>
/// <param name="count">The values of the series.</param>
internal sealed class OutlierForecaster(ArimaForecaster model, ImmutableArray<OutlierEffect> effects, int count) : Forecaster
{
    public override bool HasVariance => model.HasVariance;

    public override long WorkPerStep => model.WorkPerStep * 2 + (effects.Length * 64L);

    public override void Forecast(Span<double> means, Span<double> variances)
    {
        model.Forecast(means, variances);
        double[] responses = effects.Any(e => e.Kind == OutlierKind.Innovational) ? model.Responses(count + means.Length) : [];
        foreach (var effect in effects)
        {
            for (var step = 0; step < means.Length; step++) means[step] += effect.After(count + step - effect.Start, responses);
        }
    }
}

using System.Collections.Immutable;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>How a smoothed trend goes on.</summary>
internal enum TrendKind : byte
{
    None,
    Additive,
    DampedAdditive,
    Multiplicative,
    DampedMultiplicative,
}

internal enum SeasonKind : byte
{
    None,
    Additive,
    Multiplicative,
}

/// <summary>
/// Exponential smoothing (Gardner 2006, "Exponential smoothing: the state of the art II", table 1): level, trend and season as they were smoothed at the end of
/// the series.
/// </summary>
/// <param name="trend">What a step adds, or multiplies by.</param>
/// <param name="phi">The part of the trend that is left after a step, when it is damped.</param>
/// <param name="seasons">The factors or summands of one period, that of the first forecast first.</param>
internal sealed class ExponentialSmoother(TrendKind kind, double level, double trend, double phi, SeasonKind season, ImmutableArray<double> seasons) : Forecaster
{
    public override bool HasVariance => false;

    public override long WorkPerStep => 1;

    public override void Forecast(Span<double> means, Span<double> variances)
    {
        var (damping, weight) = (1.0, 0.0);
        for (var i = 0; i < means.Length; i++)
        {
            damping *= kind is TrendKind.DampedAdditive or TrendKind.DampedMultiplicative ? phi : 1;
            weight += damping;
            var value = kind switch
            {
                TrendKind.None => level,
                TrendKind.Additive or TrendKind.DampedAdditive => level + (weight * trend),
                _ => level * Math.Pow(trend, weight),
            };
            means[i] = season switch
            {
                SeasonKind.Additive => value + seasons[i % seasons.Length],
                SeasonKind.Multiplicative => value * seasons[i % seasons.Length],
                _ => value,
            };
        }
    }
}

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>Continues a time series beyond its last value. Deterministic; its state is that at the end of the series.</summary>
internal abstract class Forecaster
{
    /// <summary>The variance of a forecast's error is known.</summary>
    public abstract bool HasVariance { get; }

    /// <summary>Multiplications that a step costs, about.</summary>
    public abstract long WorkPerStep { get; }

    /// <summary>Forecasts the values after the last one.</summary>
    /// <param name="means">Takes the most probable value of every step.</param>
    /// <param name="variances">Takes the variance of its error; empty when nobody asks.</param>
    public abstract void Forecast(Span<double> means, Span<double> variances);
}

/// <summary>What was done to the series before it was modelled, and has to be undone.</summary>
internal enum SeriesTransformation : byte
{
    None,
    Logarithmic,
    SquareRoot,
}

internal static class SeriesTransformations
{
    public static double Apply(this SeriesTransformation transformation, double value) => transformation switch
    {
        SeriesTransformation.Logarithmic => Math.Log(value),
        SeriesTransformation.SquareRoot => Math.Sqrt(value),
        _ => value,
    };

    public static double Undo(this SeriesTransformation transformation, double value) => transformation switch
    {
        SeriesTransformation.Logarithmic => Math.Exp(value),
        SeriesTransformation.SquareRoot => value * value,
        _ => value,
    };
}

/// <summary>The forecasts of a series as far as anybody has asked for them. Thread-safe: readers see whole snapshots.</summary>
internal sealed class ForecastPath(Forecaster forecaster, bool withVariance)
{
    private const int MostSteps = 100_000;
    private const long MostWork = 4_000_000_000;

    private readonly Lock _growing = new();
    private volatile Known _known = new([], []);

    /// <summary>Longer horizons would take too long.</summary>
    public int Limit { get; } = (int)Math.Clamp(MostWork / forecaster.WorkPerStep, 1, MostSteps);

    /// <returns>At least so many steps.</returns>
    public Known To(int steps)
    {
        var known = _known;
        if (known.Means.Length >= steps) return known;
        lock (_growing)
        {
            if (_known.Means.Length >= steps) return _known;
            var length = Math.Min(Limit, Math.Max(steps, Math.Max(32, _known.Means.Length * 2)));
            var (means, variances) = (new double[length], withVariance ? new double[length] : []);
            forecaster.Forecast(means, variances);
            return _known = new Known(means, variances);
        }
    }

    internal sealed record Known(double[] Means, double[] Variances);
}

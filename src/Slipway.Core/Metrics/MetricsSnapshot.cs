namespace Slipway.Core;

/// <summary>What <see cref="RollingMetrics"/> saw in a window. Latencies are zero when there were no calls.</summary>
/// <param name="Window">The time these counts really cover: from the start of the first slice to now, at least a second.</param>
/// <param name="Calls">Calls that succeeded.</param>
/// <param name="Rows">Rows those calls scored.</param>
/// <param name="Errors">Calls that failed; they have no latency.</param>
/// <param name="Max">Upper bound of the slowest call, within 6.25 %.</param>
public sealed record MetricsSnapshot(
    TimeSpan Window, long Calls, long Rows, long Errors, TimeSpan Mean, TimeSpan P50, TimeSpan P90, TimeSpan P99, TimeSpan Max)
{
    public double CallsPerSecond => Calls / Window.TotalSeconds;

    public double RowsPerSecond => Rows / Window.TotalSeconds;

    /// <summary>Failed calls among all calls, 0 to 1.</summary>
    public double ErrorRate => Errors == 0 ? 0 : (double)Errors / (Calls + Errors);
}

/// <summary>Everything since the start; only ever grows.</summary>
public sealed record MetricsTotals(long Calls, long Rows, long Errors, TimeSpan LatencySum);

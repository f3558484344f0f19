using System.Collections.Immutable;

namespace Slipway.Core.Expressions;

/// <summary>The metrics that every watch may speak of, and how they are read from what <see cref="RollingMetrics"/> saw.</summary>
public static class WatchMetrics
{
    /// <summary>Names and meanings, for the reference docs and for lint.</summary>
    public static ImmutableArray<(string Name, string Summary)> All { get; } =
    [
        ("latency.mean", "mean time of a call"),
        ("latency.p50", "time within which half of the calls are done"),
        ("latency.p90", "time within which nine of ten calls are done"),
        ("latency.p99", "time within which 99 of 100 calls are done"),
        ("latency.max", "time of the slowest call"),
        ("errors", "failed calls"),
        ("errors.rate", "failed calls among all calls, from 0 to 1"),
        ("calls", "calls that succeeded"),
        ("calls.rate", "calls that succeeded per second"),
        ("rows", "rows scored"),
        ("rows.rate", "rows scored per second"),
    ];

    /// <summary>The value of a metric; null when it is none of <see cref="All"/>, or when there was no call that would give it one.</summary>
    public static double? Read(MetricsSnapshot snapshot, string name) => name switch
    {
        "latency.mean" => Latency(snapshot, snapshot.Mean),
        "latency.p50" => Latency(snapshot, snapshot.P50),
        "latency.p90" => Latency(snapshot, snapshot.P90),
        "latency.p99" => Latency(snapshot, snapshot.P99),
        "latency.max" => Latency(snapshot, snapshot.Max),
        "errors" => snapshot.Errors,
        "errors.rate" => snapshot.Calls + snapshot.Errors == 0 ? null : snapshot.ErrorRate,
        "calls" => snapshot.Calls,
        "calls.rate" => snapshot.CallsPerSecond,
        "rows" => snapshot.Rows,
        "rows.rate" => snapshot.RowsPerSecond,
        _ => null,
    };

    private static double? Latency(MetricsSnapshot snapshot, TimeSpan value) => snapshot.Calls == 0 ? null : value.TotalSeconds;
}

/// <summary>A watch may speak of <see cref="WatchMetrics"/> and of the columns of a table: the prepared input, then the model's outputs.</summary>
public sealed class WatchScope(TableSchema columns) : IWatchScope
{
    public IEnumerable<string> Metrics => WatchMetrics.All.Select(m => m.Name);

    public IEnumerable<string> ColumnNames => columns.Names;

    public bool HasMetric(string name) => Metrics.Contains(name);

    public ElementType? ColumnType(string column) => columns.Find(column)?.Type;
}

namespace Slipway.Core.Expressions;

/// <summary>What a watch may speak of: known when the use case is checked, before there are values.</summary>
public interface IWatchScope
{
    /// <summary>Whether there is a metric of this name: <c>latency.p99</c>, <c>errors.rate</c>, <c>rows</c>, …</summary>
    bool HasMetric(string name);

    IEnumerable<string> Metrics { get; }

    /// <summary>The type of a column that aggregates may be taken of; null when there is no such column.</summary>
    ElementType? ColumnType(string column);

    IEnumerable<string> ColumnNames { get; }
}

/// <summary>The values that a watch is evaluated on. Null: not known yet (too early, or nothing in the window).</summary>
public interface IWatchValues
{
    /// <summary>Durations are in seconds, rates from 0 to 1.</summary>
    double? Metric(string name);

    double? Aggregate(WatchAggregate aggregate);
}

public enum AggregateFunction { Count, Mean, Minimum, Maximum, Sum, StandardDeviation, Quantile, Distinct, MissingRate, Share }

/// <summary>An aggregate of one column over the window of a watch.</summary>
/// <param name="Column">Null for the count of rows.</param>
/// <param name="Probability">For <see cref="AggregateFunction.Quantile"/>: from 0 to 1.</param>
/// <param name="Value">For <see cref="AggregateFunction.Share"/> of a number, or of true (1) and false (0).</param>
/// <param name="Text">For <see cref="AggregateFunction.Share"/> of a text.</param>
public sealed record WatchAggregate(AggregateFunction Function, string? Column, double Probability = 0, double Value = 0, string? Text = null);

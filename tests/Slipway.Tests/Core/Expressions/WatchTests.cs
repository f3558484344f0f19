using Slipway.Core;
using Slipway.Core.Expressions;

namespace Slipway.Tests.Core.Expressions;

public sealed class WatchTests
{
    [Theory]
    [InlineData("latency.p99 < 50ms", WatchState.Crossed, 0.081, "latency.p99 is 81ms, bound < 50ms")]
    [InlineData("50ms > latency.p99", WatchState.Crossed, 0.081, "latency.p99 is 81ms, bound < 50ms")]
    [InlineData("latency.p99 < 1s", WatchState.Held, 0.081, "latency.p99 is 81ms, bound < 1s")]
    [InlineData("errors.rate <= 2%", WatchState.Crossed, 0.035, "errors.rate is 3.5%, bound <= 2%")]
    [InlineData("mean(prediction) between 50 and 400", WatchState.Crossed, 420.0, "mean(prediction) is 420, bound between 50 and 400")]
    [InlineData("not (mean(prediction) > 400)", WatchState.Crossed, 420.0, "mean(prediction) is 420, bound not > 400")]
    [InlineData("latency.p99 < latency.limit", WatchState.Crossed, 0.081, "latency.p99 is 0.081, bound < latency.limit (0.05)")]
    [InlineData("(latency.p99 * 2) < (40ms + 10ms)", WatchState.Crossed, 0.162, "(latency.p99 * 2) is 162ms, bound < (40ms + 10ms)")]
    [InlineData("latency.p99 < 1s and errors.rate < 1% and rows > 5", WatchState.Crossed, 0.035, "errors.rate is 3.5%, bound < 1%")]
    [InlineData("latency.p99 < 10ms or errors.rate < 1%", WatchState.Crossed, 0.081, "latency.p99 is 81ms, bound < 10ms; errors.rate is 3.5%, bound < 1%")]
    [InlineData("not (rows > 5 or rows < 1)", WatchState.Crossed, 10.0, "rows is 10, bound not > 5")]
    [InlineData("staleness < 1h", WatchState.Unknown, null, "staleness is not known yet, bound < 1h")]
    [InlineData("staleness < 1h and rows < 5", WatchState.Crossed, 10.0, "rows is 10, bound < 5")]
    [InlineData("quantile(prediction, 0.9) > 1", WatchState.Crossed, 0.9, "quantile(prediction, 0.9) is 0.9, bound > 1")]
    [InlineData("p05(prediction) < 1", WatchState.Held, 0.05, "p05(prediction) is 0.05, bound < 1")]
    [InlineData("median(prediction) < 1", WatchState.Held, 0.5, "median(prediction) is 0.5, bound < 1")]
    [InlineData("share(station, 'north') < 50%", WatchState.Held, 0.25, "share(station, 'north') is 25%, bound < 50%")]
    [InlineData("count() > 5", WatchState.Held, 10.0, "count() is 10, bound > 5")]
    [InlineData("max(latency.p99, 2) < 1", WatchState.Crossed, 2.0, "max(latency.p99, 2) is 2, bound < 1")]
    [InlineData("max(prediction) < 1", WatchState.Crossed, 7.0, "max(prediction) is 7, bound < 1")]
    public void Outcome_says_what_was_found_and_what_was_wanted(string text, WatchState state, double? value, string message)
    {
        var outcome = Expression.Parse(text).BindWatch(new Scope()).Evaluate(new Values());
        Assert.Equal(message, outcome.Text);
        Assert.Equal(state, outcome.State);
        if (value is null) Assert.Null(outcome.Value);
        else Assert.Equal(value.Value, outcome.Value!.Value, 1e-12);
    }

    [Theory]
    [InlineData("latency.p98 < 1", 1, "no metric is called 'latency.p98'; did you mean 'latency.p99'?")]
    [InlineData("prediction < 1", 1, "take an aggregate: mean(prediction)")]
    [InlineData("mean(predicton) < 1", 6, "no column is called 'predicton'; did you mean 'prediction'?")]
    [InlineData("mean(prediction + 1) < 1", 6, "is taken of a column")]
    [InlineData("mean(station) < 1", 6, "is text; of text there are")]
    [InlineData("mean() < 1", 1, "mean is called as mean(column)")]
    [InlineData("avg(prediction) < 1", 1, "no function is called 'avg'")]
    [InlineData("quantile(prediction, 90) < 1", 22, "from 0 to 1")]
    [InlineData("share(station, 1) < 1", 16, "column 'station' holds text")]
    [InlineData("latency.p99", 1, "a watch wants true or false, and 'latency.p99' is a number")]
    [InlineData("p00(prediction) < 1", 1, "no function is called 'p00'")]
    public void Mistake_is_reported_when_the_watch_is_bound(string text, int column, string message)
    {
        var problem = Assert.Single(Assert.Throws<SpecException>(() => Expression.Parse(text).BindWatch(new Scope())).Problems);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(column, problem.Column);
    }

    private sealed class Scope : IWatchScope
    {
        public bool HasMetric(string name) => Metrics.Contains(name);

        public IEnumerable<string> Metrics => ["latency.p99", "latency.limit", "errors.rate", "rows", "staleness"];

        public ElementType? ColumnType(string column) => column switch
        {
            "prediction" => ElementType.Float32,
            "station" => ElementType.Bytes,
            _ => null,
        };

        public IEnumerable<string> ColumnNames => ["prediction", "station"];
    }

    private sealed class Values : IWatchValues
    {
        public double? Metric(string name) => name switch
        {
            "latency.p99" => 0.081,
            "latency.limit" => 0.05,
            "errors.rate" => 0.035,
            "rows" => 10,
            _ => null,
        };

        public double? Aggregate(WatchAggregate aggregate) => aggregate switch
        {
            { Function: AggregateFunction.Mean, Column: "prediction" } => 420,
            { Function: AggregateFunction.Maximum, Column: "prediction" } => 7,
            { Function: AggregateFunction.Quantile } => aggregate.Probability,
            { Function: AggregateFunction.Share, Text: "north" } => 0.25,
            { Function: AggregateFunction.Count, Column: null } => 10,
            _ => null,
        };
    }
}

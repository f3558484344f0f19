using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Monitoring.Watches;

namespace Slipway.Tests.Monitoring.Watches;

public sealed class WatchWindowTests
{
    /// <summary>Expected values by numpy 1.24 and pandas 1.5 on [3, 1, NaN, 4, 1, 5] and ["n", "s", None, "n", "n", "s"].</summary>
    [Theory]
    [InlineData("count()", 6.0)]
    [InlineData("count(x)", 5.0)]
    [InlineData("mean(x)", 2.8)]
    [InlineData("std(x)", 1.7888543819998317)]
    [InlineData("min(x)", 1.0)]
    [InlineData("max(x)", 5.0)]
    [InlineData("sum(x)", 14.0)]
    [InlineData("median(x)", 3.0)]
    [InlineData("quantile(x, 0.9)", 4.6)]
    [InlineData("p10(x)", 1.0)]
    [InlineData("p60(x)", 3.4)]
    [InlineData("quantile(x, 0)", 1.0)]
    [InlineData("quantile(x, 100%)", 5.0)]
    [InlineData("distinct(x)", 4.0)]
    [InlineData("missing_rate(x)", 1 / 6.0)]
    [InlineData("share(x, 1)", 0.4)]
    [InlineData("share(x, 2)", 0.0)]
    [InlineData("count(s)", 5.0)]
    [InlineData("distinct(s)", 2.0)]
    [InlineData("missing_rate(s)", 1 / 6.0)]
    [InlineData("share(s, 'n')", 0.6)]
    [InlineData("mean(flag)", 0.5)]
    [InlineData("share(flag, true)", 0.5)]
    [InlineData("share(flag, false)", 0.5)]
    [InlineData("latency.p99", 0.25)]
    [InlineData("max(x) - min(x)", 4.0)]
    public void Aggregate_is_exact(string value, double expected)
    {
        using var columns = Columns();
        var window = new WatchWindow(6, columns, name => name == "latency.p99" ? 0.25 : null);
        var outcome = Expression.Parse($"{value} < 1e9").BindWatch(Scope(columns)).Evaluate(window);
        Assert.Equal(expected, outcome.Value!.Value, 1e-12);
        Assert.Equal(WatchState.Held, outcome.State);
    }

    [Theory]
    [InlineData("mean(x)")]
    [InlineData("std(x)")]
    [InlineData("min(x)")]
    [InlineData("sum(x)")]
    [InlineData("median(x)")]
    [InlineData("share(x, 1)")]
    [InlineData("share(s, 'n')")]
    [InlineData("missing_rate(x)")]
    [InlineData("distinct(s)")]
    [InlineData("errors.rate")]
    public void Nothing_in_the_window_is_not_known(string value)
    {
        using var columns = new Batch(new Tensor("x", ElementType.Float64, 0), new Tensor("s", ElementType.Bytes, 0));
        var outcome = Expression.Parse($"{value} < 1e9").BindWatch(Scope(columns)).Evaluate(new WatchWindow(0, columns, _ => null));
        Assert.Equal(WatchState.Unknown, outcome.State);
    }

    [Fact]
    public void Metrics_are_read_from_a_snapshot()
    {
        var snapshot = new MetricsSnapshot(TimeSpan.FromSeconds(10), 90, 180, 10, T(2), T(1), T(3), T(81), T(100));
        Assert.Equal(
            [0.002, 0.001, 0.003, 0.081, 0.1, 10, 0.1, 90, 9, 180, 18],
            WatchMetrics.All.Select(m => Math.Round(WatchMetrics.Read(snapshot, m.Name)!.Value, 12)));
        Assert.Null(WatchMetrics.Read(snapshot, "latency.p98"));
        var idle = new MetricsSnapshot(TimeSpan.FromSeconds(10), 0, 0, 0, default, default, default, default, default);
        Assert.Null(WatchMetrics.Read(idle, "latency.p99"));
        Assert.Null(WatchMetrics.Read(idle, "errors.rate"));
        Assert.Equal(0, WatchMetrics.Read(idle, "calls"));

        static TimeSpan T(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
    }

    private static WatchScope Scope(Batch columns) => new(new TableSchema([.. columns.Select(c => new ColumnSpec(c.Name, c.Type))]));

    private static Batch Columns()
    {
        var flag = Tensor.Of<bool>("flag", [true, false, false, true, false, false]);
        flag.SetMissing(4);
        flag.SetMissing(5);
        return new Batch(Tensor.Of<double>("x", [3, 1, double.NaN, 4, 1, 5]), Tensor.OfText("s", "n", "s", null, "n", "n", "s"), flag);
    }
}

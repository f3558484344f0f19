using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Monitoring;
using Slipway.Monitoring.Drift;
using Slipway.Monitoring.Samples;
using Slipway.Tests.Storage;

namespace Slipway.Tests.Monitoring;

public sealed class UseCaseMonitorTests : IDisposable
{
    private static readonly TableSchema Columns = new(
    [
        new("torque", ElementType.Float32), new("grade", ElementType.Bytes), new("risk", ElementType.Float64),
    ]);

    private readonly SqliteStores _stores = new();
    private readonly ManualTimeProvider _time = new();
    private double? _latency = 0.01;

    public void Dispose() => _stores.Dispose();

    [Fact]
    public async Task Drift_and_watches_alert_and_resolve_over_recorded_rows()
    {
        using var reference = Inputs(1, 1_000, 0);
        var monitor = Monitor(reference, "latency.p99 < 50ms", "mean(risk) < 0.9");

        await RecordAsync(2, 300, shift: 0, risk: 0.2);
        var calm = monitor.Evaluate();
        Assert.Equal((300, false), (calm.Samples, calm.Drift!.Drifted));
        Assert.All(calm.Watches, w => Assert.Equal(WatchState.Held, w.Outcome.State));
        Assert.Empty(calm.Transitions);

        _time.Advance(TimeSpan.FromHours(2));
        _latency = 0.081;
        await RecordAsync(3, 300, shift: 2, risk: 0.95);
        var storm = monitor.Evaluate();
        Assert.Equal(300, storm.Samples);
        Assert.Equal(["torque"], storm.Drift!.Columns.Where(c => c.Drifted).Select(c => c.Name));
        Assert.Equal(["drift torque", "latency.p99 < 50ms", "mean(risk) < 0.9"], storm.Transitions.Select(t => t.Alert.Watch));
        Assert.All(storm.Transitions, t => Assert.True(t.Fired));
        Assert.Contains("population stability index", storm.Transitions[0].Alert.Message, StringComparison.Ordinal);
        Assert.Equal("latency.p99 is 81ms, bound < 50ms", storm.Transitions[1].Alert.Message);
        Assert.Empty(monitor.Evaluate().Transitions);

        _time.Advance(TimeSpan.FromHours(2));
        _latency = 0.01;
        await RecordAsync(4, 300, shift: 0, risk: 0.2);
        var over = Monitor(reference, "latency.p99 < 50ms", "mean(risk) < 0.9").Evaluate();
        Assert.Equal(3, over.Transitions.Length);
        Assert.All(over.Transitions, t => Assert.False(t.Fired));
        Assert.All(_stores.Alerts.List("u"), a => Assert.NotNull(a.EndedAt));
    }

    [Fact]
    public async Task Empty_window_changes_no_alert()
    {
        using var reference = Inputs(1, 1_000, 0);
        var monitor = Monitor(reference, "mean(risk) < 0.9");
        await RecordAsync(3, 300, shift: 2, risk: 0.95);
        Assert.Equal(2, monitor.Evaluate().Transitions.Length);
        _time.Advance(TimeSpan.FromDays(1));
        var quiet = monitor.Evaluate();
        Assert.Equal(0, quiet.Samples);
        Assert.Empty(quiet.Transitions);
        Assert.Equal(WatchState.Unknown, quiet.Watches[0].Outcome.State);
        Assert.All(quiet.Drift!.Columns, c => Assert.NotNull(c.NotTested));
        Assert.Equal(2, _stores.Alerts.List("u").Count(a => a.EndedAt is null));
    }

    [Fact]
    public async Task Watch_that_was_taken_out_is_resolved()
    {
        await RecordAsync(3, 200, shift: 0, risk: 0.95);
        Assert.Single(Monitor(null, "mean(risk) < 0.9").Evaluate().Transitions);
        var resolved = Assert.Single(Monitor(null, "mean(risk) < 0.99").Evaluate().Transitions);
        Assert.Equal(("mean(risk) < 0.9", false), (resolved.Alert.Watch, resolved.Fired));
    }

    [Fact]
    public async Task Only_the_newest_rows_up_to_the_limit_are_read()
    {
        await RecordAsync(3, 200, shift: 0, risk: 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await RecordAsync(4, 50, shift: 0, risk: 0);
        var settings = Settings("mean(risk) < 0.5") with { MaxSamples = 50 };
        var result = new UseCaseMonitor(settings, null, _stores.Samples, _stores.Alerts, _ => null, _time).Evaluate();
        Assert.Equal((50, WatchState.Held, 0.0), (result.Samples, result.Watches[0].Outcome.State, result.Watches[0].Outcome.Value));
        Assert.Null(result.Drift);
    }

    [Fact]
    public void Drift_may_be_limited_to_some_columns()
    {
        using var reference = Inputs(1, 200, 0);
        var settings = Settings() with { DriftColumns = new HashSet<string> { "grade" } };
        var result = new UseCaseMonitor(settings, reference, _stores.Samples, _stores.Alerts, _ => null, _time).Evaluate();
        Assert.Equal(["grade"], result.Drift!.Columns.Select(c => c.Name));
    }

    private UseCaseMonitor Monitor(Batch? reference, params string[] watches) =>
        new(Settings(watches), reference, _stores.Samples, _stores.Alerts, name => name == "latency.p99" ? _latency : null, _time);

    private static MonitorSettings Settings(params string[] watches) => new(
        "u", TimeSpan.FromHours(1), [.. watches.Select(w => Expression.Parse(w).BindWatch(new WatchScope(Columns)))], Columns, new DriftOptions());

    private async Task RecordAsync(int seed, int rows, double shift, double risk)
    {
        await using var recorder = new SampleRecorder(_stores.Samples, _time, NullLogger<SampleRecorder>.Instance);
        using var inputs = Inputs(seed, rows, shift);
        using var outputs = new Batch(Tensor.Of<double>("risk", [.. Enumerable.Repeat(risk, rows)]));
        recorder.Record("u", 1, "m", 1, inputs, outputs);
    }

    private static Batch Inputs(int seed, int rows, double shift)
    {
        var random = new Random(seed);
        return new Batch(
            Tensor.Of<float>("torque", [.. Enumerable.Range(0, rows).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() + shift))]),
            Tensor.OfText("grade", [.. Enumerable.Range(0, rows).Select(_ => random.Next(10) < 7 ? "L" : "H")]));
    }
}

using System.Collections.Concurrent;
using Slipway.App.Api;
using Slipway.App.Control;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Models.Packages;
using Slipway.Monitoring;
using Slipway.Monitoring.Drift;
using Slipway.Monitoring.Samples;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Monitoring;

/// <summary>
/// Evaluates every use case's monitor on its schedule, sends what starts or ends to the alert sinks, and deletes samples past their retention and old runs.
/// A monitor is made anew when the use case or the model version behind it changes: the reference belongs to the version.
/// </summary>
public sealed partial class MonitorService(
    DataFolder data, UseCaseHost useCases, SampleRecorder samples, RuntimeCatalog runtimes, TimeProvider time, ILogger<MonitorService> log) : BackgroundService
{
    private const int RunsKept = 10_000;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _sending = new();

    /// <summary>The last evaluation of a use case; null before the first.</summary>
    public MonitorView? Latest(string useCase) => _watched.GetValueOrDefault(useCase)?.Latest;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_sending.Keys).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await VisitAllAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogUnreadable(error is SlipwayException ? null : error, error.Message);
            }
        }
    }

    private async Task VisitAllAsync(CancellationToken cancellation)
    {
        var all = data.UseCases.List();
        foreach (var gone in _watched.Keys.Except(all.Select(d => d.Name), StringComparer.Ordinal)) _watched.TryRemove(gone, out _);
        foreach (var deployed in all.Where(d => !d.Paused))
        {
            try
            {
                await VisitAsync(deployed, cancellation);
            }
            catch (SlipwayException error)
            {
                LogNotMonitored(deployed.Name, error.Message); // It waits or fails, and its status says so; the next visit tries again.
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogMonitorFailed(error, deployed.Name);
            }
        }
    }

    private async Task VisitAsync(DeployedUseCase deployed, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var watched = _watched.GetOrAdd(deployed.Name, _ => new Watched());
        if (now < watched.Next) return;
        var spec = UseCaseSpec.Read(deployed.Yaml).Value;
        watched.Next = now + (spec.Monitor?.Period ?? SweepPeriod);
        if (now >= watched.NextSweep)
        {
            watched.NextSweep = now + SweepPeriod;
            data.UseCases.SweepRuns(deployed.Name, RunsKept);
            if (spec.Sample is { } sample) samples.Sweep(deployed.Name, sample.KeepFor);
        }
        if (spec.Monitor is not { } monitor) return;

        var version = data.Registry.Snapshot().Resolve(spec.Model);
        var key = (deployed.Revision, version.Name, version.Version);
        if (watched.Monitor is null || watched.Key != key)
        {
            watched.Monitor = await CreateAsync(deployed.Name, monitor, version, cancellation);
            watched.Key = key;
        }
        var result = watched.Monitor.Evaluate();
        watched.Latest = MonitorViews.Of(result, monitor.Drift);
        if (result.Transitions.IsEmpty) return;
        var rows = result.Transitions.Select(t => new AlertRow(
            deployed.Name, t.Alert.Watch, t.Alert.Message, t.Fired ? "started" : "ended", t.Alert.EndedAt ?? t.Alert.StartedAt)).ToArray();
        Send(deployed.Name, rows, cancellation);
    }

    private async Task<UseCaseMonitor> CreateAsync(string name, MonitorSpec monitor, ModelVersion version, CancellationToken cancellation)
    {
        var bound = await useCases.BindAsync(name, cancellation);
        var window = monitor.Drift?.Window.Value ?? DefaultWindow;
        var settings = new MonitorSettings(
            name, window, bound.Watches, new TableSchema([.. bound.Prepared.Columns, .. bound.Outputs.Schema.Columns]),
            monitor.Drift is { } drift ? new DriftOptions(Alpha: drift.AlarmLevel, MinimumRows: drift.MinimumRows) : null,
            monitor.Drift is { Columns.IsEmpty: false } chosen ? chosen.Columns.ToHashSet(StringComparer.Ordinal) : null);
        using var reference = monitor.Drift is null ? null : ModelPackage.Open(data.Artifacts.Materialize(version), runtimes).Reference();
        return new UseCaseMonitor(settings, reference, data.Samples, data.Alerts, metric => WatchMetrics.Read(useCases.Metrics(name).Over(window), metric), time);
    }

    /// <summary>Alerts travel beside the schedule: a slow receiver delays no other use case's monitor.</summary>
    private void Send(string useCase, IReadOnlyList<AlertRow> rows, CancellationToken cancellation)
    {
        var sending = SendAsync(useCase, rows, cancellation);
        _sending.TryAdd(sending, true);
        sending.ContinueWith(done => _sending.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task SendAsync(string useCase, IReadOnlyList<AlertRow> rows, CancellationToken cancellation)
    {
        try
        {
            await useCases.SendAlertsAsync(useCase, rows, cancellation);
        }
#pragma warning disable CA1031 // Whatever a sink throws, the monitors go on; the alert is in the list.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNotSent(useCase, rows.Count, error.Message);
        }
    }

    private sealed class Watched
    {
        public DateTimeOffset Next { get; set; }

        public DateTimeOffset NextSweep { get; set; }

        public (int Revision, string Model, int Version) Key { get; set; }

        public UseCaseMonitor? Monitor { get; set; }

        public MonitorView? Latest { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "use case {UseCase} is not monitored now: {Reason}")]
    private partial void LogNotMonitored(string useCase, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "the monitor of use case {UseCase} failed; it tries again")]
    private partial void LogMonitorFailed(Exception error, string useCase);

    [LoggerMessage(Level = LogLevel.Error, Message = "the deployed use cases cannot be read; the monitors try again: {Reason}")]
    private partial void LogUnreadable(Exception? error, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} alerts of use case {UseCase} did not reach their sinks (they are in the alert list): {Reason}")]
    private partial void LogNotSent(string useCase, int count, string reason);
}

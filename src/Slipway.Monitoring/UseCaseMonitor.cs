using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Monitoring.Alerts;
using Slipway.Monitoring.Drift;
using Slipway.Monitoring.Samples;
using Slipway.Monitoring.Watches;

namespace Slipway.Monitoring;

/// <param name="Window">How far back samples are looked at.</param>
/// <param name="Watches">Bound to <paramref name="Columns"/>.</param>
/// <param name="Columns">What a sample holds: the prepared input, then the model's outputs.</param>
/// <param name="Drift">Null when drift is not monitored.</param>
/// <param name="DriftColumns">Compare only these columns of the reference; null for all.</param>
/// <param name="MaxSamples">At most so many of the newest samples are read.</param>
public sealed record MonitorSettings(
    string UseCase, TimeSpan Window, ImmutableArray<BoundWatch> Watches, TableSchema Columns, DriftOptions? Drift = null,
    IReadOnlySet<string>? DriftColumns = null, AlertOptions? Alerts = null, int MaxSamples = 20_000);

/// <summary>One evaluation.</summary>
/// <param name="Samples">Rows of the window that were read; 0 also when nothing needed them.</param>
/// <param name="Drift">Null when drift is not monitored or there is no reference.</param>
/// <param name="Transitions">Messages to deliver.</param>
public sealed record MonitorResult(
    DateTimeOffset At, int Samples, DriftReport? Drift, ImmutableArray<WatchResult> Watches, ImmutableArray<AlertTransition> Transitions);

public sealed record WatchResult(string Watch, WatchOutcome Outcome);

/// <summary>
/// Everything that is watched of one use case: drift of the prepared input against the reference, and watches over metrics and samples; keeps the
/// alerts. It has no timer: the caller evaluates it on a schedule. Not thread-safe.
/// </summary>
public sealed class UseCaseMonitor
{
    private readonly MonitorSettings _settings;
    private readonly DriftMonitor? _drift;
    private readonly TableSchema _wanted;
    private readonly ISampleStore _samples;
    private readonly Func<string, double?> _metric;
    private readonly TimeProvider _time;
    private readonly AlertTracker _alerts;
    private readonly HashSet<string> _watchNames;

    /// <param name="reference">The prepared training rows kept in the package; null when it has none. The batch stays the caller's and is not used later.</param>
    /// <param name="metric">The value of a metric now; null when it is not known yet. See <see cref="WatchMetrics.Read"/>.</param>
    public UseCaseMonitor(MonitorSettings settings, Batch? reference, ISampleStore samples, IAlertStore alerts, Func<string, double?> metric, TimeProvider time)
    {
        _settings = settings;
        _samples = samples;
        _metric = metric;
        _time = time;
        _alerts = new AlertTracker(settings.UseCase, alerts, settings.Alerts);
        _watchNames = settings.Watches.Select(w => w.Text).ToHashSet(StringComparer.Ordinal);
        var wanted = settings.Watches.SelectMany(w => w.Columns).Distinct(StringComparer.Ordinal).Select(settings.Columns.Find).OfType<ColumnSpec>().ToList();
        if (settings.Drift is not null && reference is not null)
        {
            var known = DriftReference.From(reference, settings.Drift, settings.DriftColumns);
            _drift = new DriftMonitor(known, settings.Drift);
            wanted.RemoveAll(c => known.Schema.Find(c.Name) is not null);
            wanted.AddRange(known.Schema.Columns);
            _watchNames.UnionWith(known.Schema.Names.Select(DriftWatch));
        }
        _wanted = new TableSchema([.. wanted]);
    }

    /// <summary>The name under which drift of a column alerts.</summary>
    public static string DriftWatch(string column) => $"drift {column}";

    public MonitorResult Evaluate()
    {
        var now = _time.GetUtcNow();
        IReadOnlyList<Sample> samples = _drift is not null || _settings.Watches.Length > 0
            ? _samples.Read(new SampleQuery(_settings.UseCase, From: now - _settings.Window, Limit: _settings.MaxSamples))
            : [];
        using var columns = SampleTable.Read(samples, _wanted);
        var transitions = ImmutableArray.CreateBuilder<AlertTransition>();
        transitions.AddRange(_alerts.ResolveOthers(_watchNames, now));

        var drift = _drift?.Compare(columns);
        foreach (var column in drift?.Columns ?? [])
        {
            var state = column.Drifted ? WatchState.Crossed : column.NotTested is null ? WatchState.Held : WatchState.Unknown;
            if (_alerts.Observe(DriftWatch(column.Name), state, Describe(column), now) is { } transition) transitions.Add(transition);
        }

        var values = new WatchWindow(samples.Count, columns, _metric);
        var watches = ImmutableArray.CreateBuilder<WatchResult>(_settings.Watches.Length);
        foreach (var watch in _settings.Watches)
        {
            var outcome = watch.Evaluate(values);
            watches.Add(new WatchResult(watch.Text, outcome));
            if (_alerts.Observe(watch.Text, outcome.State, outcome.Text, now) is { } transition) transitions.Add(transition);
        }
        return new MonitorResult(now, samples.Count, drift, watches.DrainToImmutable(), transitions.ToImmutable());
    }

    private static string Describe(ColumnDrift column) => string.Create(
        CultureInfo.InvariantCulture,
        $"{column.Name} drifted: population stability index {column.Psi:0.###}, alarm above {column.Threshold:0.###} ({column.CurrentRows} rows against {column.ReferenceRows} of the reference)");
}

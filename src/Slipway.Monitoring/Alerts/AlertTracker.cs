using Slipway.Core;
using Slipway.Core.Expressions;

namespace Slipway.Monitoring.Alerts;

/// <summary>Hysteresis, against alerts that come and go.</summary>
/// <param name="FireAfter">Consecutive crossings before an alert fires.</param>
/// <param name="ResolveAfter">Consecutive holds before it is resolved.</param>
public sealed record AlertOptions(int FireAfter = 1, int ResolveAfter = 1);

/// <summary>A message to deliver: an alert began to fire (its <see cref="Alert.EndedAt"/> is null) or was resolved.</summary>
public sealed record AlertTransition(Alert Alert)
{
    public bool Fired => Alert.EndedAt is null;
}

/// <summary>
/// The watches of one use case as state machines: quiet → firing → quiet. What fires is in the store before its transition is returned, and
/// is read back at the start, so a restart neither repeats a message nor forgets to resolve. Owns all alerts of its use case. Not thread-safe.
/// </summary>
public sealed class AlertTracker
{
    private const int MaxFiring = 10_000;

    private readonly string _useCase;
    private readonly IAlertStore _store;
    private readonly AlertOptions _options;
    private readonly Dictionary<string, Watched> _watches = new(StringComparer.Ordinal);

    public AlertTracker(string useCase, IAlertStore store, AlertOptions? options = null)
    {
        _useCase = useCase;
        _store = store;
        _options = options ?? new AlertOptions();
        foreach (var alert in store.List(useCase, MaxFiring))
        {
            if (alert.EndedAt is not null) break;
            _watches[alert.Watch] = new Watched { Firing = alert };
        }
    }

    /// <summary>What is firing now.</summary>
    public IEnumerable<Alert> Firing => _watches.Values.Select(w => w.Firing).OfType<Alert>();

    /// <summary>Takes in one evaluation of a watch. An unknown value changes nothing.</summary>
    /// <returns>The message to deliver, or null.</returns>
    public AlertTransition? Observe(string watch, WatchState state, string message, DateTimeOffset at)
    {
        if (state == WatchState.Unknown) return null;
        if (!_watches.TryGetValue(watch, out var watched)) _watches.Add(watch, watched = new Watched());
        // The streak counts evaluations that contradict the present state.
        var contradicts = watched.Firing is null == (state == WatchState.Crossed);
        watched.Streak = contradicts ? watched.Streak + 1 : 0;
        if (!contradicts || watched.Streak < (watched.Firing is null ? _options.FireAfter : _options.ResolveAfter)) return null;
        watched.Streak = 0;
        if (watched.Firing is not null) return Resolve(watched, at);
        watched.Firing = _store.Start(_useCase, watch, message, at);
        return new AlertTransition(watched.Firing);
    }

    /// <summary>Resolves what fires for watches that are no longer there.</summary>
    public IReadOnlyList<AlertTransition> ResolveOthers(IReadOnlySet<string> watches, DateTimeOffset at)
    {
        var resolved = new List<AlertTransition>();
        foreach (var (watch, watched) in _watches)
        {
            if (watched.Firing is not null && !watches.Contains(watch)) resolved.Add(Resolve(watched, at));
        }
        return resolved;
    }

    private AlertTransition Resolve(Watched watched, DateTimeOffset at)
    {
        var alert = watched.Firing! with { EndedAt = at };
        try
        {
            _store.End(alert.Id, at);
        }
        catch (NotFoundException)
        {
            // Someone deleted it: it is over all the same.
        }
        watched.Firing = null;
        return new AlertTransition(alert);
    }

    private sealed class Watched
    {
        public Alert? Firing { get; set; }

        public int Streak { get; set; }
    }
}

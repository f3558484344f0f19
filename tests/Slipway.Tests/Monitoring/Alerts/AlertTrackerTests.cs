using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Monitoring.Alerts;
using Slipway.Tests.Storage;

namespace Slipway.Tests.Monitoring.Alerts;

public sealed class AlertTrackerTests : IDisposable
{
    private const string Watch = "latency.p99 < 50ms";

    private readonly SqliteStores _stores = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);

    public void Dispose() => _stores.Dispose();

    [Theory]
    [InlineData(1, 1, "CHC", "F-,R-,F-")]
    [InlineData(1, 1, "CCHHC", "F-,,R-,,F-")]
    [InlineData(2, 1, "CHCCH", ",,,F-,R-")]
    [InlineData(1, 3, "CHHCHHH", "F-,,,,,,R-")]
    [InlineData(2, 2, "CUCUHUH", ",,F-,,,,R-")]
    [InlineData(1, 1, "UUHU", ",,,")]
    public void Alert_fires_and_resolves_after_so_many(int fireAfter, int resolveAfter, string states, string transitions)
    {
        var tracker = Tracker(new AlertOptions(fireAfter, resolveAfter));
        var seen = states.Select(s => Observe(tracker, s)).Select(t => t is null ? "" : t.Fired ? "F-" : "R-").ToArray();
        Assert.Equal(transitions, string.Join(',', seen));
    }

    [Fact]
    public void Transition_is_in_the_store()
    {
        var tracker = Tracker();
        var fired = Observe(tracker, 'C')!.Alert;
        Assert.Equal(("u", Watch, "it is 81ms", (DateTimeOffset?)null), (fired.UseCase, fired.Watch, fired.Message, fired.EndedAt));
        Assert.Equal(fired, Assert.Single(_stores.Alerts.List("u")));
        Assert.Equal(fired, Assert.Single(tracker.Firing));
        var resolved = Observe(tracker, 'H')!.Alert;
        Assert.Equal(resolved, Assert.Single(_stores.Alerts.List("u")));
        Assert.Equal(_now, resolved.EndedAt);
        Assert.Empty(tracker.Firing);
    }

    [Fact]
    public void Restart_neither_repeats_nor_forgets()
    {
        var first = Observe(Tracker(), 'C')!.Alert;
        var again = Tracker();
        Assert.Null(Observe(again, 'C'));
        Assert.Equal(first with { EndedAt = _now.AddMinutes(1) }, Observe(Tracker(), 'H')!.Alert);
    }

    [Fact]
    public void Alert_of_a_watch_that_is_gone_is_resolved()
    {
        Observe(Tracker(), 'C');
        var tracker = Tracker();
        Assert.Empty(tracker.ResolveOthers(new HashSet<string> { Watch }, _now));
        var resolved = Assert.Single(tracker.ResolveOthers(new HashSet<string> { "other" }, _now));
        Assert.False(resolved.Fired);
        Assert.NotNull(Assert.Single(_stores.Alerts.List("u")).EndedAt);
    }

    [Fact]
    public void Alerts_of_another_use_case_are_left_alone()
    {
        var other = _stores.Alerts.Start("other", Watch, "m", _now);
        var tracker = Tracker();
        Assert.Empty(tracker.Firing);
        Assert.Empty(tracker.ResolveOthers(new HashSet<string>(), _now));
        Assert.Equal(other, Assert.Single(_stores.Alerts.List("other")));
    }

    private AlertTracker Tracker(AlertOptions? options = null) => new("u", _stores.Alerts, options);

    private AlertTransition? Observe(AlertTracker tracker, char state)
    {
        _now = _now.AddMinutes(1);
        return tracker.Observe(Watch, state switch { 'C' => WatchState.Crossed, 'H' => WatchState.Held, _ => WatchState.Unknown }, "it is 81ms", _now);
    }
}

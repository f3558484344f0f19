using Slipway.App.Api;
using Slipway.Monitoring;
using Slipway.Monitoring.Drift;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Monitoring;

/// <summary>An evaluation as the API shows it.</summary>
public static class MonitorViews
{
    public static MonitorView Of(MonitorResult result, DriftSpec? drift) => new(
        result.At,
        drift is null ? null : Of(result.Drift, drift),
        [.. result.Watches.Select(w => new WatchView(w.Watch, w.Outcome.State.ToString().ToLowerInvariant(), w.Outcome.Text))]);

    private static DriftView Of(DriftReport? report, DriftSpec drift)
    {
        var window = drift.Window.ToString();
        if (report is null) return new DriftView(false, 0, 0, window, [], "The model's package has no reference to compare with.", drift.AlarmLevel);
        var tested = report.Columns.Where(c => c.Psi is not null).ToArray();
        var untested = report.Columns.Where(c => c.NotTested is not null).ToArray();
        var note = untested.Length == 0 ? null
            : untested.Select(c => c.NotTested).Distinct().Count() == 1 ? $"Not compared yet: {untested[0].NotTested}."
            : $"Not compared: {string.Join("; ", untested.Select(c => $"{c.Name} ({c.NotTested})"))}.";
        return new DriftView(
            report.Drifted, report.Columns.Max(c => (long?)c.ReferenceRows) ?? 0, report.Columns.Max(c => (long?)c.CurrentRows) ?? 0, window,
            [.. tested.Select(c => new ColumnDriftView(c.Name, c.Psi!.Value, c.Threshold!.Value, c.AdjustedPValue!.Value, c.Drifted,
                [.. c.Bins.Select(b => new BinView(b.Label, b.ReferenceShare, b.CurrentShare))]))],
            note, drift.AlarmLevel);
    }

    /// <summary>A drift report in a word.</summary>
    public static DriftSummary? Summary(MonitorView? monitor)
    {
        if (monitor?.Drift is not { } drift) return null;
        var drifted = drift.Columns.Where(c => c.Drifted).ToArray();
        var state = drift.Columns.Count == 0 ? "collecting" : drifted.Length > 0 ? "drifted" : "steady";
        return new DriftSummary(state, drifted.Length, drift.Columns.Count, drifted.MaxBy(c => c.Psi / c.Threshold)?.Column);
    }
}

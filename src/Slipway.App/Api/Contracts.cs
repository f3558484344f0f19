using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;

namespace Slipway.App.Api;

/// <summary>A model as the API shows it: its newest facts and where its aliases point.</summary>
/// <param name="State">What the server makes of the version a bare name means: <c>ready</c>, <c>loading</c>, <c>failed</c>, <c>not-loaded</c>.</param>
public sealed record ModelView(
    string Name, int LatestVersion, IReadOnlyDictionary<string, int> Aliases, string State, string? Reason, IReadOnlyList<VersionView> Versions);

public sealed record VersionView(
    int Version, string Digest, string Runtime, string Format, IReadOnlyList<TensorView> Inputs, IReadOnlyList<TensorView> Outputs,
    long Size, Lineage Lineage, ParityReport Parity, DateTimeOffset CreatedAt, string CreatedBy, string State, string? Reason, UsageView? Usage);

public sealed record TensorView(string Name, string Type, ImmutableArray<long> Shape, bool Optional, ImmutableArray<string> Columns);

/// <summary>Traffic over the last minute. Latencies in milliseconds.</summary>
public sealed record UsageView(long Calls, long Rows, long Errors, double MeanMs, double P50Ms, double P99Ms);

public sealed record PushAnswer(string Name, int Version, string Digest, string Runtime, string Format, ParityReport Parity, string? Alias);

public sealed record AliasRequest(int Version, string? Why = null);

/// <param name="Yaml">The use case file.</param>
/// <param name="Folder">The folder on the server that relative paths mean; the server's working folder when absent.</param>
public sealed record ApplyRequest(string Yaml, string? Folder = null);

/// <summary>A mistake in a file a person wrote.</summary>
public sealed record ProblemView(string Path, int Line, int Column, string Message);

/// <summary>Every error of the API.</summary>
public sealed record ErrorView(string Error, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemView>? Problems = null);

/// <param name="State"><c>running</c>, <c>waiting</c>, <c>failing</c>, <c>paused</c>, <c>idle</c>.</param>
/// <param name="Latest">The newest prediction; null before the first.</param>
/// <param name="Drift">Null without a drift monitor, and before its first look.</param>
/// <param name="Activity">Rows in each of the last slices of <see cref="HistoryView.SliceSeconds"/>, oldest first.</param>
public sealed record UseCaseView(
    string Name, int Revision, string State, string? Reason, string Trigger, string Model, int? Version, DateTimeOffset? LastRun, DateTimeOffset? NextRun,
    long RowsRead, long RowsActed, long RowsBad, long Quarantined, long Samples, UsageView? Usage, int FiringAlerts, string AppliedBy, DateTimeOffset AppliedAt,
    PredictionView? Latest = null, DriftSummary? Drift = null, IReadOnlyList<long>? Activity = null);

/// <summary>Drift in a word.</summary>
/// <param name="State"><c>steady</c>, <c>drifted</c>, <c>collecting</c> (too few rows to compare yet, or no reference).</param>
/// <param name="Worst">The column farthest above its threshold; null when none is.</param>
public sealed record DriftSummary(string State, int Drifted, int Columns, string? Worst);

/// <summary>The last minutes in slices, oldest first, the slice at hand left out. Latencies in milliseconds, null where nothing was called.</summary>
public sealed record HistoryView(double SliceSeconds, IReadOnlyList<long> Rows, IReadOnlyList<long> Errors, IReadOnlyList<double?> P50Ms, IReadOnlyList<double?> P99Ms);

public sealed record UseCaseDetail(UseCaseView Status, string Yaml, string Folder, IReadOnlyList<Run> Runs, IReadOnlyList<PredictionView> Predictions, MonitorView? Monitor,
    HistoryView? History = null);

/// <summary>One of the latest predictions.</summary>
public sealed record PredictionView(DateTimeOffset Time, JsonElement Row, JsonElement Prediction);

/// <summary>The last evaluation of a use case's monitor.</summary>
public sealed record MonitorView(DateTimeOffset At, DriftView? Drift, IReadOnlyList<WatchView> Watches);

/// <param name="Alarm">How often chance alone takes any column of one look above its threshold, 0 to 1.</param>
public sealed record DriftView(bool Drifted, long Reference, long Current, string Window, IReadOnlyList<ColumnDriftView> Columns, string? Note, double Alarm);

/// <param name="Threshold">Above it a column counts as drifted: calibrated by sample sizes and bins, not a rule of thumb.</param>
public sealed record ColumnDriftView(
    string Column, double Psi, double Threshold, double PValue, bool Drifted, IReadOnlyList<BinView> Bins);

/// <summary>Shares from 0 to 1.</summary>
public sealed record BinView(string Label, double Reference, double Current);

/// <param name="State"><c>held</c>, <c>crossed</c>, <c>unknown</c>.</param>
public sealed record WatchView(string Watch, string State, string? Text);

public sealed record QuarantineRequest(IReadOnlyList<long> Ids);

public sealed record DropAnswer(int Dropped);

public sealed record ReplayAnswer(int Accepted, int StillBad);

public sealed record LabelRequest(JsonElement Label);

/// <summary>All is well, or why not: the first thing the dashboard shows.</summary>
/// <param name="Health"><c>ok</c>, <c>attention</c>, <c>failing</c>, <c>empty</c> (nothing deployed yet).</param>
/// <param name="Models">How many are registered. The overview is polled, so it stays small: their versions are at <c>/api/models</c>.</param>
public sealed record OverviewView(
    string Health, IReadOnlyList<string> Reasons, string Server, string Version, DateTimeOffset StartedAt, DateTimeOffset Now,
    IReadOnlyList<UseCaseView> UseCases, int Models, IReadOnlyList<Alert> Alerts, long Quarantined);

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
public sealed record UseCaseView(
    string Name, int Revision, string State, string? Reason, string Trigger, string Model, int? Version, DateTimeOffset? LastRun, DateTimeOffset? NextRun,
    long RowsRead, long RowsActed, long RowsBad, long Quarantined, long Samples, UsageView? Usage, int FiringAlerts, string AppliedBy, DateTimeOffset AppliedAt);

public sealed record UseCaseDetail(UseCaseView Status, string Yaml, string Folder, IReadOnlyList<Run> Runs, IReadOnlyList<PredictionView> Predictions, MonitorView? Monitor);

/// <summary>One of the latest predictions.</summary>
public sealed record PredictionView(DateTimeOffset Time, JsonElement Row, JsonElement Prediction);

/// <summary>The last evaluation of a use case's monitor.</summary>
public sealed record MonitorView(DateTimeOffset At, DriftView? Drift, IReadOnlyList<WatchView> Watches);

/// <param name="Threshold">Above it a column counts as drifted: calibrated by sample sizes and bins, not a rule of thumb.</param>
public sealed record DriftView(bool Drifted, long Reference, long Current, string Window, IReadOnlyList<ColumnDriftView> Columns, string? Note);

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
public sealed record OverviewView(
    string Health, IReadOnlyList<string> Reasons, string Server, string Version, DateTimeOffset StartedAt, DateTimeOffset Now,
    IReadOnlyList<UseCaseView> UseCases, IReadOnlyList<ModelView> Models, IReadOnlyList<Alert> Alerts, long Quarantined);

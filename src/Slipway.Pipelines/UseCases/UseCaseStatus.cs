using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.UseCases;

public enum UseCaseState
{
    [Summary("Ready: for its next firing, or for a request.")] Idle,
    [Summary("At work.")] Running,
    [Summary("Something it needs is not there yet; it looks again by itself.")] Waiting,
    [Summary("Something failed; it tries again by itself.")] Failing,
    [Summary("A person paused it.")] Paused,
}

/// <summary>A use case as the API and the dashboard show it.</summary>
/// <param name="Reason">Why it waits or fails; null otherwise.</param>
/// <param name="RowsRead">Since this process runs it, bad rows too.</param>
/// <param name="RowsActed">Rows that went through every action.</param>
/// <param name="RowsBad">Rows put in quarantine.</param>
/// <param name="NextFiring">When it runs next; null when only on request.</param>
/// <param name="Version">The model version that answered last; null before the first answer.</param>
/// <param name="Latency">Preparation and scoring over the last five minutes.</param>
public sealed record UseCaseStatus(
    string Name, int Revision, UseCaseState State, string? Reason, Run? LastRun, long RowsRead, long RowsActed, long RowsBad,
    DateTimeOffset? NextFiring, string Model, int? Version, MetricsSnapshot Latency);

/// <summary>What one run of a use case did.</summary>
public sealed record RunTotals(long Read, long Acted, long Bad);

/// <summary>What became of quarantined rows that were given another try.</summary>
/// <param name="Released">Rows that went through now and left quarantine.</param>
/// <param name="StillBad">Rows that did not, each with today's stage and reason.</param>
public sealed record ReplayResult(int Released, IReadOnlyList<QuarantinedRow> StillBad);

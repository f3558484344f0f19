namespace Slipway.Core;

/// <summary>A deployed use case: its YAML text at a revision (counts from 1 with every apply that changes it).</summary>
/// <param name="Folder">The folder that relative paths in the file mean.</param>
public sealed record DeployedUseCase(string Name, int Revision, string Yaml, string Folder, bool Paused, string AppliedBy, DateTimeOffset AppliedAt);

public enum RunState { Running, Succeeded, Failed }

/// <summary>One execution of a use case.</summary>
public sealed record Run(
    long Id, string UseCase, string Trigger, RunState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    long RowsRead, long RowsActed, long RowsBad, string? Error);

/// <summary>A source row that could not go through, kept with its reason until it is replayed or dropped.</summary>
/// <param name="Stage">Where it failed: <c>source</c>, <c>prepare[1].cast</c>, <c>model</c>, …</param>
/// <param name="Raw">The row in the source's own words: a CSV line, a JSON object; replay reads it again.</param>
public sealed record QuarantinedRow(long Id, string UseCase, DateTimeOffset Time, string Position, string Stage, string Reason, string Raw);

/// <summary>Use cases, their source positions, runs and quarantine. Every write is durable when the call returns.</summary>
public interface IUseCaseStore
{
    IReadOnlyList<DeployedUseCase> List();

    DeployedUseCase? Find(string name);

    /// <summary>Adds or replaces; the same text and folder keep the revision.</summary>
    DeployedUseCase Apply(string name, string yaml, string folder, string who);

    void SetPaused(string name, bool paused);

    /// <summary>Removes a use case with its positions and learnt columns; runs, samples and quarantine stay until retention takes them.</summary>
    bool Remove(string name);

    /// <summary>What the columns of the source were taken for when this revision was first bound; null before. More data must not change what they are.</summary>
    TableSchema? LearntColumns(string useCase, int revision);

    void KeepLearntColumns(string useCase, int revision, TableSchema columns);

    /// <summary>The source's remembered state, opaque JSON; null before the first commit.</summary>
    string? Position(string useCase);

    /// <summary>
    /// Ends one step of at-least-once: in one transaction stores the new position and quarantines rows.
    /// Called only after every action accepted the batch.
    /// </summary>
    void Commit(string useCase, string position, IReadOnlyList<QuarantinedRow> bad);

    long StartRun(string useCase, string trigger);

    void EndRun(long run, RunState state, long read, long acted, long bad, string? error);

    /// <summary>Newest first.</summary>
    IReadOnlyList<Run> Runs(string? useCase, int limit = 50);

    /// <summary>Oldest first.</summary>
    IReadOnlyList<QuarantinedRow> Quarantine(string? useCase, int limit = 100);

    /// <summary>The rows of these ids, oldest first; ids that are not in quarantine are passed over.</summary>
    IReadOnlyList<QuarantinedRow> Quarantined(IReadOnlyCollection<long> ids);

    long QuarantineCount(string useCase);

    /// <summary>Takes rows out of quarantine: after a replay accepted them, or because a person dropped them.</summary>
    int Release(IReadOnlyList<long> ids);
}

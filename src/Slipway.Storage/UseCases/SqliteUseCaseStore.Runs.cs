using Dapper;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>Runs: each is owned by the process that started it, so that a run which outlived its process can be told from a living one.</summary>
public sealed partial class SqliteUseCaseStore
{
    /// <summary>
    /// Marks the runs whose process has ended without ending them as failed, with the reason "the process ended". For the server, at its start;
    /// runs of living processes (a <c>slipway run</c> on the same data folder) are left alone.
    /// </summary>
    /// <returns>How many runs were marked.</returns>
    public int RecoverRuns() => database.Write(connection =>
    {
        var dead = connection
            .All<string, string>("SELECT DISTINCT owner FROM run WHERE state = @Running", new { Running = (int)RunState.Running }, owner => owner)
            .Where(owner => !database.Lease.IsHeld(owner))
            .ToArray();
        return connection.Execute(
            "UPDATE run SET state = @Failed, ended_at = @At, error = 'the process ended' WHERE state = @Running AND owner IN @Dead",
            new { Failed = (int)RunState.Failed, Running = (int)RunState.Running, At = Now(), Dead = dead });
    });

    public long StartRun(string useCase, string trigger) => database.Write(connection => connection.Scalar<long>(
        "INSERT INTO run (use_case, trigger_name, state, started_at, owner) VALUES (@UseCase, @Trigger, @Running, @At, @Owner) RETURNING id",
        new { UseCase = useCase, Trigger = trigger, Running = (int)RunState.Running, At = Now(), Owner = database.Lease.Id }));

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">No such run.</exception>
    /// <exception cref="SlipwayException">The run has ended before: a state only moves forward.</exception>
    public void EndRun(long run, RunState state, long read, long acted, long bad, string? error)
    {
        if (state == RunState.Running) throw new ArgumentOutOfRangeException(nameof(state), state, "a run ends as succeeded or failed");
        database.Write(connection =>
        {
            var changed = connection.Execute(
                """
                UPDATE run SET state = @State, ended_at = @At, rows_read = @Read, rows_acted = @Acted, rows_bad = @Bad, error = @Error
                WHERE id = @Run AND state = @Running
                """,
                new { Run = run, State = (int)state, Running = (int)RunState.Running, At = Now(), Read = read, Acted = acted, Bad = bad, Error = error });
            if (changed == 1) return;
            var ended = connection.Scalar<long?>("SELECT state FROM run WHERE id = @Run", new { Run = run }) ?? throw new NotFoundException($"there is no run {run}");
            throw new SlipwayException($"run {run} has ended before, as {(RunState)ended}; it cannot end again as {state}");
        });
    }

    public IReadOnlyList<Run> Runs(string? useCase, int limit = 50) => database.Read(connection => connection.All<RunRow, Run>(
        $"""
        SELECT id Id, use_case UseCase, trigger_name Trigger, state State, started_at StartedAt, ended_at EndedAt,
               rows_read RowsRead, rows_acted RowsActed, rows_bad RowsBad, error Error
        FROM run {(useCase is null ? "" : "WHERE use_case = @UseCase")} ORDER BY id DESC LIMIT @Limit
        """,
        new { UseCase = useCase, Limit = Math.Max(limit, 0) },
        row => row.ToRun()));

    /// <summary>Deletes the runs of a use case that ended, but for the newest; returns how many. A use case that runs on arrival makes many.</summary>
    public int SweepRuns(string useCase, int keep) => database.Write(connection => connection.Execute(
        """
        DELETE FROM run WHERE use_case = @UseCase AND state <> @Running
            AND id <= (SELECT id FROM run WHERE use_case = @UseCase ORDER BY id DESC LIMIT 1 OFFSET @Keep)
        """,
        new { UseCase = useCase, Running = (int)RunState.Running, Keep = keep }));

    private sealed record RunRow(
        long Id, string UseCase, string Trigger, long State, long StartedAt, long? EndedAt, long RowsRead, long RowsActed, long RowsBad, string? Error)
    {
        public Run ToRun() => new(
            Id, UseCase, Trigger, (RunState)State, UnixMicroseconds.ToTime(StartedAt), UnixMicroseconds.ToTime(EndedAt), RowsRead, RowsActed, RowsBad, Error);
    }
}

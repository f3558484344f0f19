using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>Runs, requests and replays.</summary>
internal sealed partial class UseCaseRunner
{
    private const int MostAttempts = 3;

    /// <summary>Takes everything the source has, batch by batch, and writes a line in the list of runs.</summary>
    /// <param name="countsWhenEmpty">Whether a run that finds nothing is worth that line.</param>
    /// <param name="stop">Ends the run after the batch at hand.</param>
    public async ValueTask<RunTotals> RunAsync(string trigger, bool countsWhenEmpty, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _stop);
        stop = either.Token;
        var totals = new RunTotals(0, 0, 0);
        long? run = countsWhenEmpty ? StartRun(trigger) : null;
        try
        {
            while (!stop.IsCancellationRequested && !_stop.IsCancellationRequested && await StepAsync(() => run ??= StartRun(trigger), stop) is { } outcome)
            {
                totals = new RunTotals(totals.Read + outcome.Read, totals.Acted + outcome.Acted, totals.Bad + outcome.Bad);
            }
        }
        catch (Exception e)
        {
            _state = _state with { State = UseCaseState.Idle, Reason = null };
            var stopped = e is OperationCanceledException && (stop.IsCancellationRequested || _abort.IsCancellationRequested);
            EndRun(run, RunState.Failed, totals, stopped ? "stopped; the rows at hand come again" : e.Message);
            throw;
        }
        _state = _state with { State = UseCaseState.Idle, Reason = null };
        EndRun(run, RunState.Succeeded, totals, null);
        return totals;
    }

    /// <inheritdoc cref="CompiledUseCase.RequestAsync"/>
    public async ValueTask<RequestAnswer> RequestAsync(Batch rows, string? requestId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ready = await UseAsync(cancellation);
            try
            {
                return await ready.Compiled.RequestAsync(rows, requestId, cancellation);
            }
            catch (NotReadyException) when (attempt < MostAttempts)
            {
                // The model moved while the rows were scored; nothing was acted on yet.
            }
            finally
            {
                await ready.ReleaseAsync();
            }
        }
    }

    /// <inheritdoc cref="CompiledUseCase.SendAlertsAsync"/>
    public async ValueTask SendAlertsAsync(IReadOnlyList<AlertRow> alerts, CancellationToken cancellation)
    {
        var ready = await UseAsync(cancellation);
        try
        {
            await ready.Compiled.SendAlertsAsync(alerts, cancellation);
        }
        finally
        {
            await ready.ReleaseAsync();
        }
    }

    /// <summary>Binds when that has not happened yet.</summary>
    public async ValueTask<BoundUseCase> BindAsync(CancellationToken cancellation)
    {
        var ready = await UseAsync(cancellation);
        await ready.ReleaseAsync();
        return ready.Compiled.Bound;
    }

    /// <summary>Reads quarantined rows again and puts them through; each that goes through leaves quarantine before the next is tried.</summary>
    public async ValueTask<ReplayResult> ReplayAsync(IReadOnlyList<QuarantinedRow> rows, CancellationToken cancellation)
    {
        var stillBad = new List<QuarantinedRow>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _abort);
        cancellation = either.Token;
        await _batch.WaitAsync(cancellation);
        try
        {
            var ready = await UseAsync(cancellation);
            try
            {
                foreach (var row in rows)
                {
                    using var parsed = ready.Source.Parse(ready.Compiled.Bound.Source, [row.Raw]);
                    if (await ready.Compiled.ReplayAsync(row, parsed, cancellation) is not { } fault) _services.Store.Release([row.Id]);
                    else stillBad.Add(Requalify(row, fault));
                }
            }
            finally
            {
                await ready.ReleaseAsync();
            }
        }
        finally
        {
            _batch.Release();
        }
        return new ReplayResult(rows.Count - stillBad.Count, stillBad);
    }

    /// <summary>Puts the row back under its new reason before it leaves under its old one: a crash in between shows it twice, never not at all.</summary>
    private QuarantinedRow Requalify(QuarantinedRow row, RowFault fault)
    {
        var now = row with { Stage = fault.Stage, Reason = fault.Reason };
        if (now == row || _services.Store.Position(Deployed.Name) is not { } position) return now;
        _services.Store.Commit(Deployed.Name, position, [now]);
        _services.Store.Release([row.Id]);
        return now;
    }

    /// <summary>One batch from source to commit; null when the source has nothing now.</summary>
    private async ValueTask<BatchOutcome?> StepAsync(Func<long?> found, CancellationToken stop)
    {
        await _batch.WaitAsync(stop);
        try
        {
            var ready = await UseAsync(stop);
            try
            {
                var from = _services.Store.Position(Deployed.Name);
                using var batch = await ready.Source.ReadAsync(ready.Compiled.Bound.Source, from, _options.BatchSize, stop);
                if (batch is null) return null;
                found();
                _state = _state with { State = UseCaseState.Running, Reason = null };
                return await ready.Compiled.ProcessAsync(batch, from, _abort, stop);
            }
            finally
            {
                await ready.ReleaseAsync();
            }
        }
        finally
        {
            _batch.Release();
        }
    }

    private long StartRun(string trigger)
    {
        var id = _services.Store.StartRun(Deployed.Name, trigger);
        _lastRun = new Run(id, Deployed.Name, trigger, RunState.Running, _services.Time.GetUtcNow(), null, 0, 0, 0, null);
        return id;
    }

    private void EndRun(long? run, RunState state, RunTotals totals, string? error)
    {
        if (run is not { } id) return;
        _services.Store.EndRun(id, state, totals.Read, totals.Acted, totals.Bad, error);
        if (_lastRun is { } last && last.Id == id)
        {
            _lastRun = last with { State = state, EndedAt = _services.Time.GetUtcNow(), RowsRead = totals.Read, RowsActed = totals.Acted, RowsBad = totals.Bad, Error = error };
        }
    }
}

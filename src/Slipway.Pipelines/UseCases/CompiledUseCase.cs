using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.UseCases;

/// <summary>A use case that runs: rows in, everything done with the answers, position moved.</summary>
public sealed class CompiledUseCase : IAsyncDisposable
{
    private readonly UseCaseServices _services;
    private readonly UseCaseCounters _counters;
    private readonly Answering _answering;
    private readonly ImmutableArray<ActionRunner> _actions;
    private readonly ImmutableArray<ActionRunner> _alerts;
    private readonly ImmutableArray<string> _keys;

    private CompiledUseCase(
        BoundUseCase bound, UseCaseServices services, UseCaseCounters counters, ImmutableArray<ActionRunner> actions, ImmutableArray<ActionRunner> alerts)
    {
        _alerts = alerts;
        Bound = bound;
        _services = services;
        _counters = counters;
        _actions = actions;
        _answering = new Answering(bound, services.Scorer);
        _keys = RecentPredictions.KeysOf(bound);
    }

    public BoundUseCase Bound { get; }

    /// <summary>Told what an action waits out before it tries again, and null when the trouble is over.</summary>
    internal Action<string?>? Trouble { get; init; }

    /// <summary>Opens the sinks of a bound use case.</summary>
    public static ValueTask<CompiledUseCase> CompileAsync(BoundUseCase bound, UseCaseServices services, string folder) =>
        CompileAsync(bound, services, folder, new UseCaseCounters(services.Time), BackOff.Default, null);

    internal static async ValueTask<CompiledUseCase> CompileAsync(
        BoundUseCase bound, UseCaseServices services, string folder, UseCaseCounters counters, BackOff backOff, Action<string?>? trouble)
    {
        var context = services.Context(bound.Spec.UseCase, folder);
        var actions = ImmutableArray.CreateBuilder<ActionRunner>();
        var alerts = ImmutableArray.CreateBuilder<ActionRunner>();
        try
        {
            foreach (var (stage, sink, when) in bound.Actions) actions.Add(new ActionRunner(stage, when, sink.Open(bound.Acted, context), backOff, services.Time));
            foreach (var sink in bound.Spec.Monitor?.Alert ?? []) alerts.Add(new ActionRunner("monitor.alert", null, sink.Open(AlertRow.Schema, context), backOff, services.Time));
        }
        catch
        {
            foreach (var opened in actions.Concat(alerts)) await opened.DisposeAsync();
            throw;
        }
        return new CompiledUseCase(bound, services, counters, actions.ToImmutable(), alerts.ToImmutable()) { Trouble = trouble };
    }

    /// <summary>
    /// One step of at-least-once: prepares and scores the rows, acts on them, and then, in one transaction, moves the position and puts the bad rows in quarantine.
    /// A row that an action will never take goes to quarantine too, and later actions do not see it.
    /// </summary>
    /// <param name="from">The position that the batch was read from.</param>
    /// <param name="cancellation">Breaks off; nothing is committed, and the rows come again.</param>
    /// <param name="stop">Lets the work at hand end, but ends waiting for an action that is in trouble.</param>
    public async ValueTask<BatchOutcome> ProcessAsync(SourceBatch batch, string? from, CancellationToken cancellation, CancellationToken stop = default)
    {
        var name = Bound.Spec.UseCase;
        using var answer = await AnswerAsync(batch.Rows, cancellation);
        await ActAsync(answer, DeliveryId.Of(name, from, batch.Position), Trouble ?? Ignore, cancellation, stop);
        var now = _services.Time.GetUtcNow();
        var bad = new List<QuarantinedRow>(batch.Faults.Count + answer.Faults.Count);
        foreach (var fault in batch.Faults) bad.Add(new QuarantinedRow(0, name, now, batch.Position, "source", fault.Reason, fault.Raw));
        foreach (var fault in answer.Faults) bad.Add(new QuarantinedRow(0, name, now, batch.Position, fault.Stage, fault.Reason, batch.Raw[fault.Row]));
        _services.Store.Commit(name, batch.Position, bad);
        Keep(answer);
        var outcome = new BatchOutcome(batch.Rows.Rows + batch.Faults.Count, batch.Rows.Rows - answer.Faults.Count, bad.Count);
        _counters.Add(outcome.Read, outcome.Acted, outcome.Bad);
        return outcome;
    }

    /// <summary>
    /// Answers rows that came with a request. All of them are prepared and scored before the first is acted on, so that a bad row means that nothing was done
    /// with any of them; when an action fails, the actions before it were done.
    /// </summary>
    /// <param name="rows">Columns of the source, in any order; one left out is missing in every row.</param>
    /// <param name="requestId">The caller's idempotency key, if it has one: a repeated request then makes the same deliveries.</param>
    /// <exception cref="RecordException">A row is bad; names the row, counted from 0, where it failed and why.</exception>
    public async ValueTask<RequestAnswer> RequestAsync(Batch rows, string? requestId, CancellationToken cancellation)
    {
        using var given = RequestRows.Fit(Bound.Source, rows);
        using var answer = await AnswerAsync(given, cancellation);
        RefuseFaults(answer, given.Rows);
        await ActAsync(answer, $"{Bound.Spec.UseCase}-{requestId ?? Guid.CreateVersion7(_services.Time.GetUtcNow()).ToString()}", null, cancellation, CancellationToken.None);
        RefuseFaults(answer, given.Rows);
        var samples = Keep(answer);
        _counters.Add(given.Rows, given.Rows, 0);
        return new RequestAnswer(answer.TakeOutputs(), samples, answer.Model, answer.Version);
    }

    /// <summary>Puts one quarantined row, read again, through everything; does not touch quarantine.</summary>
    /// <returns>Why it is still bad; null when every action took it.</returns>
    /// <exception cref="SlipwayException">An action failed in a way that may pass: no verdict on the row.</exception>
    internal async ValueTask<RowFault?> ReplayAsync(QuarantinedRow row, SourceBatch parsed, CancellationToken cancellation)
    {
        if (parsed.Faults.Count > 0) return new RowFault(0, "source", parsed.Faults[0].Reason);
        using var answer = await AnswerAsync(parsed.Rows, cancellation);
        await ActAsync(answer, $"{Bound.Spec.UseCase}-replay-{row.Id}", null, cancellation, CancellationToken.None);
        if (answer.Faults.Count > 0) return answer.Faults[0];
        Keep(answer);
        _counters.Add(0, parsed.Rows.Rows, 0);
        return null;
    }

    /// <summary>Gives alerts to every sink under <c>monitor.alert</c>; one that fails does not keep them from the others.</summary>
    /// <exception cref="SlipwayException">Says which sinks did not take them, and why.</exception>
    public async ValueTask SendAlertsAsync(IReadOnlyList<AlertRow> alerts, CancellationToken cancellation)
    {
        if (alerts.Count == 0) return;
        using var rows = AlertRow.ToBatch(alerts);
        var id = DeliveryId.Of(Bound.Spec.UseCase, "alerts", string.Join('\n', alerts));
        var failures = new List<string>();
        for (var i = 0; i < _alerts.Length; i++)
        {
            var refused = new List<RowFault>();
            try
            {
                await _alerts[i].RunAsync(rows, $"{id}-{i}", refused, null, cancellation, CancellationToken.None);
                failures.AddRange(refused.Select(f => $"{f.Stage}: {f.Reason}"));
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                failures.Add(e.Message);
            }
        }
        if (failures.Count > 0) throw new SlipwayException(string.Join("; ", failures));
    }

    /// <summary>Stops using the sinks.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _actions.Concat(_alerts)) await opened.DisposeAsync();
    }

    private static void Ignore(string? trouble)
    {
    }

    private static void RefuseFaults(Answer answer, int rows)
    {
        if (answer.Faults.Count == 0) return;
        var first = answer.Faults.MinBy(f => f.Row);
        var more = answer.Faults.Count > 1 ? $" ({answer.Faults.Count} of {rows} rows are bad)" : "";
        throw new RecordException($"row {first.Row}: {first.Stage}: {first.Reason}{more}");
    }

    private async ValueTask<Answer> AnswerAsync(Batch rows, CancellationToken cancellation)
    {
        var start = _services.Time.GetTimestamp();
        try
        {
            var answer = await _answering.AnswerAsync(rows, cancellation);
            if (answer.Origins.Length > 0) _counters.Metrics.Record(_services.Time.GetElapsedTime(start), answer.Origins.Length);
            return answer;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            _counters.Metrics.Fail();
            throw;
        }
    }

    /// <summary>Runs the actions in order; rows that one refuses become faults of the answer and are not given to those after it.</summary>
    private async ValueTask ActAsync(Answer answer, string deliveryId, Action<string?>? trouble, CancellationToken cancellation, CancellationToken stop)
    {
        var rows = answer.Acted;
        var origins = answer.Origins;
        Batch? taken = null;
        try
        {
            for (var i = 0; i < _actions.Length && origins.Length > 0; i++)
            {
                var refused = new List<RowFault>();
                await _actions[i].RunAsync(rows, $"{deliveryId}-{i}", refused, trouble, cancellation, stop);
                if (refused.Count == 0) continue;
                foreach (var fault in refused) answer.Faults.Add(fault with { Row = origins[fault.Row] });
                int[] kept = [.. Enumerable.Range(0, origins.Length).Except(refused.Select(f => f.Row))];
                var rest = rows.Take(kept);
                taken?.Dispose();
                rows = taken = rest;
                origins = Array.ConvertAll(kept, row => origins[row]);
            }
        }
        finally
        {
            taken?.Dispose();
        }
    }

    /// <summary>After the commit, so that a batch that has to come again is kept once; a crash in between costs samples, never actions.</summary>
    private IReadOnlyList<string?> Keep(Answer answer)
    {
        if (answer.Origins.Length == 0) return [];
        _counters.Recent.Add(answer, _keys, Bound.Outputs.Schema, _services.Time.GetUtcNow());
        return Bound.Spec.Sample is { } sample && _services.Samples is { } recorder
            ? recorder.Record(Bound.Spec.UseCase, sample.Rate.Share, answer.Model, answer.Version, answer.Prepared, answer.Outputs)
            : new string?[answer.Origins.Length];
    }
}

/// <summary>What became of one batch: rows read (bad ones too), rows that went through every action, rows put in quarantine.</summary>
public readonly record struct BatchOutcome(int Read, int Acted, int Bad);

/// <summary>The model's outputs as columns, in the order of the rows given, and for each row the id of its sample or null. Dispose it.</summary>
public sealed record RequestAnswer(Batch Outputs, IReadOnlyList<string?> Samples, string Model, int Version) : IDisposable
{
    public void Dispose() => Outputs.Dispose();
}

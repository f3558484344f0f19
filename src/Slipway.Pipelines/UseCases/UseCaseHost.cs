using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>
/// Runs every use case that is deployed in the store and not paused, each in its own loop. The store says what should run: whatever changes there, also by another
/// process, takes effect with <see cref="RefreshAsync"/>. Thread-safe.
/// </summary>
public sealed class UseCaseHost(UseCaseServices services, UseCaseHostOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _change = new(1);
    private volatile ImmutableSortedDictionary<string, UseCaseRunner> _runners = ImmutableSortedDictionary.Create<string, UseCaseRunner>(StringComparer.Ordinal);
    private bool _started;

    /// <summary>Starts what is deployed. Without it the host still binds, answers requests and runs on demand, but nothing runs by itself.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        try
        {
            if (_started) return;
            _started = true;
            foreach (var runner in _runners.Values)
            {
                if (!runner.Deployed.Paused) runner.Start();
            }
        }
        finally
        {
            _change.Release();
        }
        await RefreshAsync(cancellation);
    }

    /// <summary>Stops all loops; each ends the batch at hand within the grace.</summary>
    public async ValueTask DisposeAsync()
    {
        await _change.WaitAsync();
        try
        {
            _started = false;
            await Task.WhenAll(_runners.Values.Select(runner => runner.DisposeAsync().AsTask()));
            _runners = _runners.Clear();
        }
        finally
        {
            _change.Release();
        }
    }

    /// <summary>Brings what runs in line with the store: starts what is new, restarts what changed, stops what is gone or paused.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        try
        {
            var wanted = services.Store.List().ToDictionary(d => d.Name, StringComparer.Ordinal);
            foreach (var (name, runner) in _runners)
            {
                if (!wanted.ContainsKey(name)) await StopAsync(runner);
            }
            foreach (var deployed in wanted.Values)
            {
                var running = _runners.GetValueOrDefault(deployed.Name);
                if (running?.Deployed == deployed) continue;
                if (running is not null) await StopAsync(running);
                var runner = new UseCaseRunner(deployed, services, options, running?.Counters ?? new UseCaseCounters(services.Time));
                _runners = _runners.SetItem(deployed.Name, runner);
                if (_started && !deployed.Paused) runner.Start();
            }
        }
        finally
        {
            _change.Release();
        }
    }

    /// <summary>Reads, checks and deploys a use case file, and starts it; a file that says the same as before changes nothing.</summary>
    /// <param name="folder">What relative paths in the file mean.</param>
    /// <param name="file">Named in errors.</param>
    /// <exception cref="SpecException">The file has mistakes; what was deployed before stays.</exception>
    public async ValueTask<DeployedUseCase> ApplyAsync(string yaml, string folder, string who, string? file, CancellationToken cancellation)
    {
        var name = UseCaseSpec.Read(yaml, file).Value.UseCase;
        var deployed = services.Store.Apply(name, yaml, folder, who);
        await RefreshAsync(cancellation);
        return deployed;
    }

    /// <exception cref="NotFoundException">No such use case.</exception>
    public ValueTask PauseAsync(string name, CancellationToken cancellation) => SetPausedAsync(name, true, cancellation);

    /// <exception cref="NotFoundException">No such use case.</exception>
    public ValueTask ResumeAsync(string name, CancellationToken cancellation) => SetPausedAsync(name, false, cancellation);

    /// <summary>Stops a use case and removes it with its positions; its runs, samples and quarantine stay.</summary>
    /// <exception cref="NotFoundException">No such use case.</exception>
    public async ValueTask RemoveAsync(string name, CancellationToken cancellation)
    {
        if (!services.Store.Remove(name)) throw NoUseCase(name);
        await RefreshAsync(cancellation);
    }

    /// <summary>Takes everything the source has now, whatever the trigger says.</summary>
    /// <exception cref="NotFoundException">No such use case, or its model is not there.</exception>
    /// <exception cref="SlipwayException">It is paused, or it failed; what was done before the failure stays done.</exception>
    public ValueTask<RunTotals> RunNowAsync(string name, CancellationToken cancellation) => Active(name).RunAsync("run-now", true, cancellation);

    /// <inheritdoc cref="CompiledUseCase.RequestAsync"/>
    /// <exception cref="NotFoundException">No such use case, or its model is not there.</exception>
    public ValueTask<RequestAnswer> RequestAsync(string name, Batch rows, string? requestId, CancellationToken cancellation)
    {
        var runner = Active(name);
        return runner.AnswersRequests
            ? runner.RequestAsync(rows, requestId, cancellation)
            : throw new SlipwayException($"use case '{name}' takes no requests: its rows come from another source");
    }

    /// <summary>Whether its rows come with requests.</summary>
    /// <exception cref="NotFoundException">No such use case.</exception>
    /// <exception cref="SpecException">The stored text no longer reads.</exception>
    public bool TakesRequests(string name) => Find(name).AnswersRequests;

    /// <summary>The use case bound to its source and model as they are now: its columns, conditions, watches.</summary>
    /// <exception cref="SlipwayException">Something it needs is not there, or does not fit.</exception>
    public ValueTask<BoundUseCase> BindAsync(string name, CancellationToken cancellation) => Find(name).BindAsync(cancellation);

    /// <summary>Gives quarantined rows another try, each on its own.</summary>
    /// <exception cref="NotFoundException">There is no such row.</exception>
    /// <exception cref="SlipwayException">An action failed in a way that may pass; rows released so far stay released.</exception>
    public async ValueTask<ReplayResult> ReplayAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        var wanted = ids.ToHashSet();
        var rows = services.Store.Quarantined(ids);
        wanted.ExceptWith(rows.Select(row => row.Id));
        if (wanted.Count > 0) throw new NotFoundException($"no row {string.Join(", ", wanted.Order().Take(10))} is in quarantine");
        var released = 0;
        var stillBad = new List<QuarantinedRow>();
        foreach (var group in rows.GroupBy(row => row.UseCase, StringComparer.Ordinal))
        {
            var result = await Active(group.Key).ReplayAsync([.. group], cancellation);
            released += result.Released;
            stillBad.AddRange(result.StillBad);
        }
        return new ReplayResult(released, stillBad);
    }

    /// <summary>Sends alerts of a use case where its file says.</summary>
    /// <exception cref="SlipwayException">A sink did not take them.</exception>
    public ValueTask SendAlertsAsync(string name, IReadOnlyList<AlertRow> alerts, CancellationToken cancellation) => Find(name).SendAlertsAsync(alerts, cancellation);

    /// <summary>Every deployed use case, by name.</summary>
    public IReadOnlyList<UseCaseStatus> Status() => [.. _runners.Values.Select(runner => runner.Status())];

    /// <exception cref="NotFoundException">No such use case.</exception>
    public UseCaseStatus Status(string name) => Find(name).Status();

    /// <summary>The last rows answered, newest first, at most 50.</summary>
    /// <exception cref="NotFoundException">No such use case.</exception>
    public IReadOnlyList<RecentPrediction> Recent(string name) => Find(name).Counters.Recent.Read();

    /// <summary>Calls, rows, errors and latencies of preparation and scoring.</summary>
    /// <exception cref="NotFoundException">No such use case.</exception>
    public RollingMetrics Metrics(string name) => Find(name).Counters.Metrics;

    private async ValueTask SetPausedAsync(string name, bool paused, CancellationToken cancellation)
    {
        if (services.Store.Find(name) is null) throw NoUseCase(name);
        services.Store.SetPaused(name, paused);
        await RefreshAsync(cancellation);
    }

    private async ValueTask StopAsync(UseCaseRunner runner)
    {
        _runners = _runners.Remove(runner.Deployed.Name);
        await runner.DisposeAsync();
    }

    private UseCaseRunner Find(string name) => _runners.GetValueOrDefault(name) ?? throw NoUseCase(name);

    private UseCaseRunner Active(string name)
    {
        var runner = Find(name);
        return runner.Deployed.Paused ? throw new NotReadyException($"use case '{name}' is paused; resume it first") : runner;
    }

    private NotFoundException NoUseCase(string name) => new(_runners.IsEmpty
        ? $"no use case is called '{name}', and none is deployed"
        : $"no use case is called '{name}'; there are: {string.Join(", ", _runners.Keys.Take(20))}");
}

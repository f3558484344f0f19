using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.UseCases;

/// <summary>
/// One deployed use case at one revision: its loop (wait for the trigger, then take all that the source has, batch by batch), its requests and replays.
/// Nothing that happens in it ends the loop but <see cref="DisposeAsync"/>.
/// </summary>
internal sealed partial class UseCaseRunner : IAsyncDisposable
{
    /// <summary>A wait is cut into pieces, so that a clock that is set while waiting is noticed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly UseCaseServices _services;
    private readonly UseCaseHostOptions _options;
    private readonly UseCaseBinder _binder;
    private readonly CancellationTokenSource _stopSource = new();
    private readonly CancellationTokenSource _abortSource;
    private readonly CancellationToken _stop;
    private readonly CancellationToken _abort;
    private readonly SemaphoreSlim _binding = new(1);
    private readonly SemaphoreSlim _batch = new(1);
    private ReadyUseCase? _ready;
    private Task _loop = Task.CompletedTask;
    private volatile StateNow _state;
    private volatile Run? _lastRun;

    public UseCaseRunner(DeployedUseCase deployed, UseCaseServices services, UseCaseHostOptions options, UseCaseCounters counters)
    {
        Deployed = deployed;
        Counters = counters;
        _services = services;
        _options = options;
        _abortSource = new CancellationTokenSource(Timeout.InfiniteTimeSpan, services.Time);
        (_stop, _abort) = (_stopSource.Token, _abortSource.Token);
        _binder = new UseCaseBinder(deployed, services, counters, options.BackOff, Trouble);
        _state = deployed.Paused ? new StateNow(UseCaseState.Paused, null, null) : new StateNow(UseCaseState.Idle, null, null);
        var runs = services.Store.Runs(deployed.Name, 1);
        _lastRun = runs.Count > 0 ? runs[0] : null;
    }

    public DeployedUseCase Deployed { get; }

    public UseCaseCounters Counters { get; }

    /// <summary>Null until everything it needs is there.</summary>
    public BoundUseCase? Bound => Volatile.Read(ref _ready)?.Compiled.Bound;

    public bool AnswersRequests => _binder.Spec.Source is RequestSource;

    public UseCaseStatus Status()
    {
        var (state, reason, next) = _state;
        var recent = Counters.Recent.Last;
        return new UseCaseStatus(
            Deployed.Name, Deployed.Revision, state, reason, _lastRun, Counters.RowsRead, Counters.RowsActed, Counters.RowsBad,
            next, ModelText(), recent?.Version, Counters.Metrics.Over(TimeSpan.FromMinutes(5)));
    }

    public void Start() => _loop = LoopAsync();

    /// <summary>Lets the batch at hand end, for as long as the grace allows, then closes source and sinks.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopSource.CancelAsync();
        _abortSource.CancelAfter(_options.StopGrace);
        await _loop;
        await _batch.WaitAsync(CancellationToken.None);
        await ForgetAsync();
        _batch.Release();
        _stopSource.Dispose();
        _abortSource.Dispose();
    }

    private async Task LoopAsync()
    {
        await Task.Yield();
        var failures = 0;
        DateTimeOffset? next = null;
        var started = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await BindAsync(_stop);
                if (!started) next = _binder.Spec.EffectiveTrigger.First(_services.Time.GetUtcNow());
                started = true;
                _state = new StateNow(UseCaseState.Idle, null, next);
                await WaitUntilAsync(next);
                var trigger = _binder.Spec.EffectiveTrigger;
                await RunAsync(ComponentCatalog.KeyOf(trigger.GetType()), trigger.CountsEmptyRuns, _stop);
                next = trigger.Next(next!.Value, _services.Time.GetUtcNow());
                failures = 0;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                failures++;
                await RestAsync(e, failures, next);
            }
        }
    }

    /// <summary>After a failure: says so, and waits. A use case that only waits for something looks again soon; one that fails, later and later.</summary>
    private async Task RestAsync(Exception e, int failures, DateTimeOffset? next)
    {
        var waiting = e is NotFoundException or NotReadyException;
        if (!waiting)
        {
            _services.Log.LogError(e is SlipwayException ? null : e, "{UseCase}: {Reason}", Deployed.Name, e.Message);
            await ForgetAsync();
        }
        _state = new StateNow(waiting ? UseCaseState.Waiting : UseCaseState.Failing, e.Message, next);
        try
        {
            await Task.Delay(waiting ? _options.WaitPoll : _options.BackOff.After(failures), _services.Time, _stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask WaitUntilAsync(DateTimeOffset? next)
    {
        if (next is null) await Task.Delay(Timeout.InfiniteTimeSpan, _services.Time, _stop);
        while (next - _services.Time.GetUtcNow() is { } rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest < LongestWait ? rest : LongestWait, _services.Time, _stop);
        }
    }

    /// <summary>The compiled use case for the model's signature as it is now; the caller releases it.</summary>
    private async ValueTask<ReadyUseCase> UseAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var signature = _binder.CurrentSignature;
            if (Volatile.Read(ref _ready) is { } ready && ready.Fits(signature) && ready.TryUse()) return ready;
            await _binding.WaitAsync(cancellation);
            try
            {
                if (_stop.IsCancellationRequested) throw new NotReadyException($"use case '{Deployed.Name}' is being stopped");
                if (Volatile.Read(ref _ready)?.Fits(_binder.CurrentSignature) == true) continue;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _abort);
                await ReplaceAsync(await _binder.BindAsync(either.Token));
            }
            finally
            {
                _binding.Release();
            }
        }
    }

    private async ValueTask ReplaceAsync(ReadyUseCase? ready)
    {
        if (Interlocked.Exchange(ref _ready, ready) is { } old) await old.ReleaseAsync();
    }

    /// <summary>The next use binds again, with source and sinks opened anew.</summary>
    private async ValueTask ForgetAsync()
    {
        await _binding.WaitAsync(CancellationToken.None);
        try
        {
            await ReplaceAsync(null);
        }
        finally
        {
            _binding.Release();
        }
    }

    private void Trouble(string? reason)
    {
        if (reason is null) _services.Log.LogInformation("{UseCase}: the trouble is over", Deployed.Name);
        else _services.Log.LogWarning("{UseCase}: {Reason}; it is tried again", Deployed.Name, reason);
        _state = new StateNow(reason is null ? UseCaseState.Running : UseCaseState.Failing, reason, _state.Next);
    }

    private string ModelText()
    {
        try
        {
            return _binder.Spec.Model.ToString();
        }
        catch (SpecException)
        {
            return "";
        }
    }

    private sealed record StateNow(UseCaseState State, string? Reason, DateTimeOffset? Next);
}

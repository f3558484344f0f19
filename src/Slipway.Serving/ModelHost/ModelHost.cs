using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Serving;

/// <param name="PollInterval">How often the registry's change counter is read.</param>
/// <param name="RetryInterval">How soon a version is tried again that failed for a reason that may pass (an I/O error, not a fault of the model).</param>
/// <param name="ConcurrentLoads">How many versions load at a time.</param>
public sealed record ModelHostOptions(TimeSpan PollInterval, TimeSpan RetryInterval, int ConcurrentLoads)
{
    public static ModelHostOptions Default { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), 2);
}

/// <summary>
/// Keeps the wanted versions loaded and routes to them. Follows the registry; a new version is loaded, verified and warmed beside the old one, the snapshot
/// is swapped, and only then the old one drains. A version that fails never replaces one that works: its alias keeps the last good version and says so.
/// <para>Every change goes through <see cref="Reconcile"/>, which compares what is wanted with what is there; loading happens on threads of its own.</para>
/// </summary>
public sealed partial class ModelHost : BackgroundService
{
    private readonly IRegistry _registry;
    private readonly IVersionLoader _loader;
    private readonly TimeProvider _time;
    private readonly ModelHostOptions _options;
    private readonly ILogger<ModelHost> _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _poke = new(0, 1);
    private readonly ConcurrentDictionary<string, RollingMetrics> _metrics = new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Model, int Version), ServedVersion> _versions = [];
    private readonly Dictionary<(string Model, string Alias), ServedVersion> _lastGood = [];
    private readonly HashSet<ServedVersion> _draining = [];
    private readonly Queue<ServedVersion> _toLoad = new();
    private RegistrySnapshot? _seen;
    private long _seenCounter = long.MinValue;
    private int _loaders;
    private int _loading;
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServingSnapshot _current = ServingSnapshot.Empty;

    public ModelHost(IRegistry registry, IVersionLoader loader, TimeProvider time, ILogger<ModelHost> log, ModelHostOptions? options = null)
    {
        _registry = registry;
        _loader = loader;
        _time = time;
        _log = log;
        _options = options ?? ModelHostOptions.Default;
    }

    /// <summary>What is served now.</summary>
    public ServingSnapshot Current => _current;

    /// <summary>Calls to a model, whichever version answered, since this process started; null before it was first seen.</summary>
    public RollingMetrics? MetricsOf(string model) => _metrics.GetValueOrDefault(model);

    /// <summary>Looks at the registry soon; call after changing it in this process.</summary>
    public void Poke()
    {
        lock (_gate)
        {
            if (_poke.CurrentCount == 0) _poke.Release();
        }
    }

    /// <summary>Reads the registry now and completes when everything it wants is loaded or has failed.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        ReadRegistry();
        Task settled;
        lock (_gate) settled = _settled.Task;
        await settled.WaitAsync(cancellation);
    }

    /// <summary>Tries the failed versions of a model again, for instance after its files were repaired.</summary>
    public void Retry(string model)
    {
        lock (_gate)
        {
            RetryWhere(version => version.Version.Name == model);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _stopping.Dispose();
        _poke.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _stopping.CancelAsync();
        List<ServedVersion> unload;
        lock (_gate)
        {
            unload = [.. _versions.Values.Where(v => v.Status.State == VersionState.Ready)];
            _toLoad.Clear();
            _versions.Clear();
            _lastGood.Clear();
            _settled.TrySetResult();
            _current = ServingSnapshot.Empty;
        }
        foreach (var version in unload) version.Drain();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nextRetry = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_registry.ChangeCounter() != Volatile.Read(ref _seenCounter)) ReadRegistry();
                if (_time.GetElapsedTime(nextRetry) >= _options.RetryInterval)
                {
                    nextRetry = _time.GetTimestamp();
                    lock (_gate) RetryWhere(version => version.MayRecover);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogRegistryUnreadable(error);
            }
            await WaitAsync(stoppingToken);
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            var poked = _poke.WaitAsync(wake.Token);
            await Task.WhenAny(poked, Task.Delay(_options.PollInterval, _time, wake.Token));
        }
        finally
        {
            await wake.CancelAsync();
        }
    }

    private void ReadRegistry()
    {
        var counter = _registry.ChangeCounter();
        var snapshot = _registry.Snapshot();
        lock (_gate)
        {
            if (_seen is not null && counter < _seenCounter) return;
            _seen = snapshot;
            _seenCounter = counter;
            Reconcile();
        }
    }

    private void RetryWhere(Func<ServedVersion, bool> wanted)
    {
        var failed = _versions.Where(v => v.Value.Status.State == VersionState.Failed && wanted(v.Value)).Select(v => v.Key).ToArray();
        foreach (var key in failed) _versions.Remove(key);
        if (failed.Length > 0) Reconcile();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "model {Version} is ready after {Elapsed}")]
    private partial void LogReady(ServedVersion version, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Error, Message = "model {Version} does not serve: {Reason}")]
    private partial void LogFailed(ServedVersion version, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "model {Version} is unloaded")]
    private partial void LogUnloaded(ServedVersion version);

    [LoggerMessage(Level = LogLevel.Error, Message = "the registry cannot be read; what is loaded goes on serving")]
    private partial void LogRegistryUnreadable(Exception error);
}

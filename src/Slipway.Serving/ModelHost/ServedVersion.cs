using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Serving;

/// <summary>
/// One version in this process, with its state and its metrics. Whoever scores holds a use of it (see <see cref="TryAcquire"/>), and the model is
/// disposed when it has been drained and the last use is released.
/// </summary>
public sealed class ServedVersion
{
    private const int Closed = int.MinValue;

    private readonly TimeProvider _time;
    private readonly RollingMetrics _modelMetrics;
    private volatile VersionStatus _status;
    private IModel? _model;
    private int _uses;

    internal ServedVersion(ModelVersion version, RollingMetrics modelMetrics, TimeProvider time)
    {
        Version = version;
        Number = version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _modelMetrics = modelMetrics;
        Metrics = new RollingMetrics(time);
        _time = time;
        _status = new VersionStatus(VersionState.Loading, null, time.GetUtcNow());
    }

    public ModelVersion Version { get; }

    /// <summary>The version number as text.</summary>
    public string Number { get; }

    public VersionStatus Status => _status;

    /// <summary>Calls that this version answered, since it was loaded.</summary>
    public RollingMetrics Metrics { get; }

    /// <summary>Runs when the model has been disposed after draining.</summary>
    internal Action<ServedVersion>? Unloaded { get; init; }

    /// <summary>Whether a failure may pass by itself (a full disk, a file in use), so that loading is worth another attempt.</summary>
    internal bool MayRecover { get; private set; }

    /// <summary>Takes a use of the model, which <see cref="Release"/> gives back. False when it is not ready, or draining.</summary>
    public bool TryAcquire([NotNullWhen(true)] out IModel? model)
    {
        if (Interlocked.Increment(ref _uses) > 0 && (model = Volatile.Read(ref _model)) is not null) return true;
        Release();
        model = null;
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == Closed) Unload();
    }

    internal void Record(TimeSpan latency, int rows)
    {
        Metrics.Record(latency, rows);
        _modelMetrics.Record(latency, rows);
    }

    internal void RecordFailure()
    {
        Metrics.Fail();
        _modelMetrics.Fail();
    }

    internal void BecomeReady(IModel model)
    {
        Volatile.Write(ref _model, model);
        Move(VersionState.Ready);
    }

    internal void BecomeFailed(string reason, bool mayRecover)
    {
        MayRecover = mayRecover;
        Move(VersionState.Failed, reason);
    }

    /// <summary>Refuses new uses; the model is disposed when the last one is released, which may be now.</summary>
    internal void Drain()
    {
        Move(VersionState.Draining);
        if (Interlocked.Add(ref _uses, Closed) == Closed) Unload();
    }

    private void Unload()
    {
        if (Interlocked.Exchange(ref _model, null) is not { } model) return;
        model.Dispose();
        Move(VersionState.Unloaded);
        Unloaded?.Invoke(this);
    }

    private void Move(VersionState state, string? reason = null) => _status = new VersionStatus(state, reason, _time.GetUtcNow());

    public override string ToString() => Version.ToString();
}

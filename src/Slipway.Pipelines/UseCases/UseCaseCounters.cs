using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>What a use case did since this process began to run it; outlives re-binding. Thread-safe.</summary>
internal sealed class UseCaseCounters(TimeProvider time)
{
    private long _read;
    private long _acted;
    private long _bad;

    public long RowsRead => Volatile.Read(ref _read);

    public long RowsActed => Volatile.Read(ref _acted);

    public long RowsBad => Volatile.Read(ref _bad);

    /// <summary>Preparation and scoring of one batch or request; actions are not part of it.</summary>
    public RollingMetrics Metrics { get; } = new(time);

    public RecentPredictions Recent { get; } = new();

    public void Add(int read, int acted, int bad)
    {
        Interlocked.Add(ref _read, read);
        Interlocked.Add(ref _acted, acted);
        Interlocked.Add(ref _bad, bad);
    }
}

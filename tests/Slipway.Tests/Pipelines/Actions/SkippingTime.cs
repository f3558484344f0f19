using System.Collections.Concurrent;

namespace Slipway.Tests.Pipelines.Actions;

/// <summary>
/// A clock that stands still. Waits up to <paramref name="longest"/> are kept and over at once (or, when held, never); longer ones, which are time-outs, never end.
/// </summary>
public sealed class SkippingTime(TimeSpan longest, bool held = false) : TimeProvider
{
    private readonly TaskCompletionSource _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    /// <summary>Ends when the first wait begins.</summary>
    public Task WaitedAsync => _waited.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isWait = dueTime >= TimeSpan.Zero && dueTime <= longest;
        if (isWait)
        {
            Waits.Enqueue(dueTime);
            _waited.TrySetResult();
        }
        return System.CreateTimer(callback, state, isWait && !held ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

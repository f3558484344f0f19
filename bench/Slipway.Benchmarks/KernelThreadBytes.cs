using Slipway.Models.Kernels;

namespace Slipway.Benchmarks;

/// <summary>What the calling thread and the threads of the kernels have allocated, exactly: others that the runtime has are left out, and reading allocates nothing.</summary>
internal sealed class KernelThreadBytes : IParallelWork
{
    private int _threads;
    private int _arrived;
    private long _bytes;

    public long Read()
    {
        (_threads, _arrived, _bytes) = (WorkerPool.Shared.Threads, 0, 0);
        WorkerPool.Shared.Run(this, _threads, _threads);
        return _bytes;
    }

    /// <summary>Each thread has one part, because none ends before all have begun.</summary>
    public void Run(int part)
    {
        Interlocked.Add(ref _bytes, GC.GetAllocatedBytesForCurrentThread());
        Interlocked.Increment(ref _arrived);
        while (Volatile.Read(ref _arrived) < _threads) Thread.Yield();
    }
}

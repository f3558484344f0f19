using System.Runtime.ExceptionServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// The threads that kernels share: one job at a time, of which the caller does its share. Threads start when first needed, look for the next job for some microseconds
/// after one, and then sleep. A job given while another runs, from a part of that job or from another thread, runs whole on its caller's thread: so a process never has
/// more kernel threads at work than the budget and its callers.
/// </summary>
internal sealed class WorkerPool
{
    /// <summary>Rounds of <see cref="Thread.SpinWait"/> before a thread sleeps: some 50 microseconds, the distance between the nodes of a graph.</summary>
    private const int SpinRounds = 64;
    private const int SpinsPerRound = 20;

    private readonly WorkerJob _job = new();
    private readonly Lock _starting = new();
    private readonly object _sleep = new();
    private readonly object _done = new();
    private int _busy;
    private int _sleeping;
    private int _callerWaits;
    private int _started;
    private int _budget;

    /// <param name="budget">Most threads on one job, with the caller's.</param>
    public WorkerPool(int budget) => Budget = budget;

    /// <summary>The process's pool; its budget is the number of processors.</summary>
    public static WorkerPool Shared { get; } = new(Math.Clamp(Environment.ProcessorCount, 1, WorkerJob.MaxThreads));

    /// <summary>Most threads on one job, with the caller's: 1 to <see cref="WorkerJob.MaxThreads"/>. Holds for the jobs that begin afterwards.</summary>
    public int Budget
    {
        get => Volatile.Read(ref _budget);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, WorkerJob.MaxThreads);
            Volatile.Write(ref _budget, value);
        }
    }

    /// <summary>Threads that have ever been needed at once, with a caller's. Only grows.</summary>
    public int Threads => Volatile.Read(ref _started) + 1;

    /// <summary>Runs every part and returns when all are done. The first exception of a part stops the parts not yet begun and is thrown here.</summary>
    /// <param name="work">Called from several threads at the same time.</param>
    /// <param name="parts">0 to 2³⁰.</param>
    /// <param name="threads">Most threads to use, with the caller's; 1 stays on it and never touches the pool.</param>
    public void Run(IParallelWork work, int parts, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, WorkerJob.MaxParts);
        var helpers = Math.Min(Math.Min(threads, Budget), parts) - 1;
        if (helpers <= 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (var part = 0; part < parts; part++) work.Run(part);
            return;
        }
        ExceptionDispatchInfo? failure;
        try
        {
            if (Volatile.Read(ref _started) < helpers) Start(helpers);
            _job.Open(work, parts, helpers);
            Wake(helpers);
            _job.RunParts();
            if (_job.Close() > 0) AwaitHelpers();
            failure = _job.Finish();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
        failure?.Throw();
    }

    private void Start(int threads)
    {
        lock (_starting)
        {
            while (_started < threads)
            {
                var thread = new Thread(Work) { IsBackground = true, Name = $"slipway kernel {_started + 1}" };
                thread.UnsafeStart();
                Volatile.Write(ref _started, _started + 1);
            }
        }
    }

    private void Wake(int threads)
    {
        // Opening the job was a full fence, and so is the sleeper's increment: either it sees the job or it is seen here.
        if (Volatile.Read(ref _sleeping) == 0) return;
        lock (_sleep)
        {
            for (var i = Math.Min(_sleeping, threads); i > 0; i--) Monitor.Pulse(_sleep);
        }
    }

    private void Work()
    {
        while (true)
        {
            AwaitJob();
            if (!_job.TryJoin()) continue;
            _job.RunParts();
            if (_job.Leave() && Volatile.Read(ref _callerWaits) != 0)
            {
                lock (_done) Monitor.Pulse(_done);
            }
        }
    }

    private void AwaitJob()
    {
        for (var round = 0; round < SpinRounds; round++)
        {
            if (_job.HasSeat) return;
            Thread.SpinWait(SpinsPerRound);
            // The caller of the next job may wait for this very processor.
            Thread.Yield();
        }
        lock (_sleep)
        {
            Interlocked.Increment(ref _sleeping);
            if (!_job.HasSeat) Monitor.Wait(_sleep);
            Interlocked.Decrement(ref _sleeping);
        }
    }

    private void AwaitHelpers()
    {
        for (var round = 0; round < SpinRounds; round++)
        {
            if (!_job.HasHelpers) return;
            Thread.SpinWait(SpinsPerRound);
        }
        lock (_done)
        {
            Interlocked.Exchange(ref _callerWaits, 1);
            while (_job.HasHelpers) Monitor.Wait(_done);
            Volatile.Write(ref _callerWaits, 0);
        }
    }
}

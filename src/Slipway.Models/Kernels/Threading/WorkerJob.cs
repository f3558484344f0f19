using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// The job of a <see cref="WorkerPool"/>: its work, the next part, and in one word how many helpers may still join and how many are at it. Helpers come late or never:
/// the caller closes the job when no part is left and waits only for those who joined.
/// </summary>
internal sealed class WorkerJob
{
    /// <summary>Most threads on a job.</summary>
    public const int MaxThreads = 1 << 12;

    /// <summary>Most parts of a job: threads that find none left count beyond it.</summary>
    public const int MaxParts = 1 << 30;

    private const int Helper = 1;
    private const int Seat = 1 << 16;
    private const int SeatsMask = 0x7FFF << 16;

    private IParallelWork? _work;
    private ExceptionDispatchInfo? _failure;
    private int _parts;
    private Shared _shared;

    /// <summary>A helper may join.</summary>
    public bool HasSeat => (Volatile.Read(ref _shared.State) & SeatsMask) != 0;

    /// <summary>Some helper who joined has not left.</summary>
    public bool HasHelpers => (Volatile.Read(ref _shared.State) & ~SeatsMask) != 0;

    /// <summary>Begins a job that so many helpers may join. A full fence.</summary>
    public void Open(IParallelWork work, int parts, int helpers)
    {
        _work = work;
        _parts = parts;
        _failure = null;
        _shared.Next = 0;
        Interlocked.Exchange(ref _shared.State, helpers * Seat);
    }

    /// <summary>Takes a seat, if one is left.</summary>
    public bool TryJoin()
    {
        var state = Volatile.Read(ref _shared.State);
        while ((state & SeatsMask) != 0)
        {
            var seen = Interlocked.CompareExchange(ref _shared.State, state - Seat + Helper, state);
            if (seen == state) return true;
            state = seen;
        }
        return false;
    }

    /// <summary>True for the last of the helpers.</summary>
    public bool Leave() => (Interlocked.Add(ref _shared.State, -Helper) & ~SeatsMask) == 0;

    /// <summary>Nobody joins any more; the number of helpers who have not left.</summary>
    public int Close() => Interlocked.And(ref _shared.State, ~SeatsMask) & ~SeatsMask;

    /// <summary>After every helper left: forgets the work and tells how it went.</summary>
    public ExceptionDispatchInfo? Finish()
    {
        _work = null;
        return _failure;
    }

    /// <summary>Runs parts until none is left. Never throws: what a part throws is kept for the caller.</summary>
    public void RunParts()
    {
        try
        {
            for (int part; (part = Interlocked.Increment(ref _shared.Next) - 1) < _parts;) _work!.Run(part);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Interlocked.Exchange(ref _shared.Next, MaxParts);
        }
    }

    /// <summary>The words that every thread writes, each on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Shared
    {
        [FieldOffset(128)]
        public int Next;

        [FieldOffset(256)]
        public int State;
    }
}

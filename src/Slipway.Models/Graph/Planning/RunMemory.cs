using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Counts the bytes that the values of a run hold, those of bodies among them, and refuses what is more than allowed. Used by one thread at a time.</summary>
/// <param name="limit">Most bytes.</param>
/// <param name="around">Of the run around a body's, which counts them too.</param>
internal sealed class RunMemory(long limit, RunMemory? around = null)
{
    private long _held;

    /// <summary>Counts memory that grows from one size to another; what does not grow costs nothing.</summary>
    /// <exception cref="RecordException">It would be more than allowed.</exception>
    public void Grow(long from, long to)
    {
        if (to <= from) return;
        if (to - from > limit - _held) throw new RecordException($"the values of a run take {_held + to - from} bytes, more than the {limit} that are allowed");
        around?.Grow(from, to);
        _held += to - from;
    }

    /// <summary>Tells the run around that this one's memory is gone.</summary>
    public void Release()
    {
        around?.Shrink(_held);
        _held = 0;
    }

    /// <summary>Counts memory that is gone.</summary>
    public void Shrink(long bytes)
    {
        _held -= bytes;
        around?.Shrink(bytes);
    }
}

using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// How a dense row-major tensor is walked when some of its axes are taken together: neighbouring dimensions of one kind are merged, those of one
/// element dropped, so that kept and reduced loops take turns. May be prepared again for other shapes without allocating.
/// </summary>
internal sealed class ReductionPlan
{
    /// <summary>The most dimensions a tensor may have.</summary>
    public const int MaxRank = 64;

    private readonly long[] _extents = new long[MaxRank];
    private readonly bool[] _reduced = new bool[MaxRank];
    private readonly long[] _keptExtents = new long[MaxRank];
    private readonly long[] _keptStrides = new long[MaxRank];
    private readonly long[] _reducedExtents = new long[MaxRank];
    private readonly long[] _reducedStrides = new long[MaxRank];
    private int _kept;
    private int _reducedLoops;

    public ReductionPlan()
    {
    }

    /// <inheritdoc cref="Prepare"/>
    public ReductionPlan(ReadOnlySpan<long> shape, ReadOnlySpan<int> axes) => Prepare(shape, axes);

    /// <summary>Elements of the tensor.</summary>
    public long Count { get; private set; }

    /// <summary>Elements of the result.</summary>
    public long ResultCount { get; private set; }

    /// <summary>Elements behind one of the result.</summary>
    public long ReducedCount { get; private set; }

    /// <summary>Elements next to each other that are taken together; 1 when the last dimension is kept.</summary>
    public int Run { get; private set; }

    /// <summary>Elements of the result next to each other whose elements are too; 1 when the last dimension is reduced.</summary>
    public int Width { get; private set; }

    /// <summary>The loops around those, outermost first; their strides in the tensor.</summary>
    public ReadOnlySpan<long> KeptExtents => _keptExtents.AsSpan(0, _kept);

    public ReadOnlySpan<long> KeptStrides => _keptStrides.AsSpan(0, _kept);

    public ReadOnlySpan<long> ReducedExtents => _reducedExtents.AsSpan(0, _reducedLoops);

    public ReadOnlySpan<long> ReducedStrides => _reducedStrides.AsSpan(0, _reducedLoops);

    /// <param name="shape">Dimensions of the tensor.</param>
    /// <param name="axes">Those taken together; from the end when negative. None means none.</param>
    /// <exception cref="RecordException">An axis is not one of the tensor's.</exception>
    public void Prepare(ReadOnlySpan<long> shape, ReadOnlySpan<int> axes)
    {
        if (shape.Length > MaxRank) throw new RecordException($"a tensor of {shape.Length} dimensions; at most {MaxRank} are supported");
        ulong reduced = 0;
        foreach (var axis in axes)
        {
            var index = axis < 0 ? axis + shape.Length : axis;
            if ((uint)index >= (uint)shape.Length) throw new RecordException($"axis {axis} of a tensor with {shape.Length} dimensions");
            reduced |= 1UL << index;
        }
        (Count, ResultCount, ReducedCount) = (1, 1, 1);
        var rank = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            var isReduced = (reduced >> i & 1) != 0;
            Count = checked(Count * shape[i]);
            if (isReduced) ReducedCount *= shape[i];
            else ResultCount *= shape[i];
            if (shape[i] == 1) continue;
            if (rank > 0 && _reduced[rank - 1] == isReduced)
            {
                _extents[rank - 1] *= shape[i];
                continue;
            }
            (_extents[rank], _reduced[rank]) = (shape[i], isReduced);
            rank++;
        }
        (Run, Width, _kept, _reducedLoops) = (1, 1, 0, 0);
        if (Count == 0) return;
        if (rank > 0 && _reduced[rank - 1]) Run = checked((int)_extents[--rank]);
        else if (rank > 0) Width = checked((int)_extents[--rank]);
        var stride = Count;
        for (var i = 0; i < rank; i++)
        {
            stride /= _extents[i];
            if (_reduced[i]) (_reducedExtents[_reducedLoops], _reducedStrides[_reducedLoops++]) = (_extents[i], stride);
            else (_keptExtents[_kept], _keptStrides[_kept++]) = (_extents[i], stride);
        }
    }

    /// <summary>The offset of the elements behind one row of the result.</summary>
    /// <param name="row">A row has <see cref="Width"/> elements.</param>
    public int KeptOffset(long row) => Offset(row, KeptExtents, KeptStrides);

    /// <summary>The offset, from there, of the elements of one step of the reduced loops.</summary>
    public int ReducedOffset(long step) => Offset(step, ReducedExtents, ReducedStrides);

    private static int Offset(long index, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides)
    {
        if (extents.Length == 1) return (int)(index * strides[0]);
        long offset = 0;
        for (var i = extents.Length - 1; i >= 0; i--)
        {
            (index, var at) = Math.DivRem(index, extents[i]);
            offset += at * strides[i];
        }
        return (int)offset;
    }
}

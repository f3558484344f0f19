using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// How two dense row-major tensors are walked to fill a third by broadcasting: dimensions of one element are dropped and neighbours that both
/// tensors step through in one stride are merged, so that most shapes leave one or two loops. A plan is made once for its shapes and may be
/// prepared again for others without allocating.
/// </summary>
internal sealed class BroadcastPlan
{
    /// <summary>The most dimensions a tensor may have.</summary>
    public const int MaxRank = 64;

    private readonly long[] _extents = new long[MaxRank];
    private readonly long[] _stridesA = new long[MaxRank];
    private readonly long[] _stridesB = new long[MaxRank];

    public BroadcastPlan()
    {
    }

    /// <inheritdoc cref="Prepare"/>
    public BroadcastPlan(ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> result) => Prepare(a, b, result);

    /// <summary>Loops left, at least one. The last is the innermost.</summary>
    public int Rank { get; private set; }

    public long CountA { get; private set; }
    public long CountB { get; private set; }
    public long Count { get; private set; }

    /// <summary>Elements of each loop, outermost first.</summary>
    public ReadOnlySpan<long> Extents => _extents.AsSpan(0, Rank);

    /// <summary>Elements of the first tensor between steps of each loop; 0 where it is repeated. 0 or 1 in the innermost loop.</summary>
    public ReadOnlySpan<long> StridesA => _stridesA.AsSpan(0, Rank);

    public ReadOnlySpan<long> StridesB => _stridesB.AsSpan(0, Rank);

    /// <param name="a">Dimensions of the first tensor; aligned with the result's at the end, each as the result's or 1.</param>
    /// <param name="b">Dimensions of the second.</param>
    /// <param name="result">Dimensions of the result.</param>
    /// <exception cref="RecordException">A shape does not fit.</exception>
    public void Prepare(ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> result)
    {
        if (result.Length > MaxRank) throw new RecordException($"a tensor of {result.Length} dimensions; at most {MaxRank} are supported");
        CountA = Strides(a, result, _stridesA);
        CountB = Strides(b, result, _stridesB);
        Count = 1;
        Rank = 0;
        for (var i = 0; i < result.Length; i++)
        {
            Count = checked(Count * result[i]);
            if (result[i] != 1) Append(result[i], _stridesA[i], _stridesB[i]);
        }
        if (Rank == 0) Append(1, 0, 0);
    }

    private void Append(long extent, long strideA, long strideB)
    {
        if (Rank > 0 && _stridesA[Rank - 1] == strideA * extent && _stridesB[Rank - 1] == strideB * extent)
        {
            _extents[Rank - 1] *= extent;
        }
        else
        {
            _extents[Rank++] = extent;
        }
        _stridesA[Rank - 1] = strideA;
        _stridesB[Rank - 1] = strideB;
    }

    private static long Strides(ReadOnlySpan<long> shape, ReadOnlySpan<long> result, long[] strides)
    {
        var missing = result.Length - shape.Length;
        long count = 1;
        for (var i = result.Length - 1; i >= 0; i--)
        {
            var extent = i < missing ? 1 : shape[i - missing];
            if (extent != result[i] && extent != 1) throw Mismatch(shape, result);
            strides[i] = extent == 1 ? 0 : count;
            count = checked(count * extent);
        }
        return missing >= 0 ? count : throw Mismatch(shape, result);
    }

    private static RecordException Mismatch(ReadOnlySpan<long> shape, ReadOnlySpan<long> result) =>
        new($"a tensor [{string.Join(", ", shape.ToArray())}] does not broadcast to [{string.Join(", ", result.ToArray())}]: each dimension, counted from the end, must be the result's or 1");
}

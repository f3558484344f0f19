using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Adds leaves to margins, in the order and the precision of the ensemble.</summary>
internal sealed class LeafSums<T, TTest>(CompactForest<T> forest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTest : INodeTest
{
    private readonly T[] _values = forest.LeafValues;
    private readonly int[] _targets = forest.TreeOutputs;
    private readonly int _outputs = forest.Outputs;
    private readonly bool _vectors = forest.HasVectorLeaves;
    private readonly bool _rounds = forest.RoundsToSingle;

    /// <summary>A constant once compiled: see <see cref="CompactForest{T}.LeafValues"/>.</summary>
    public static bool InNodes => typeof(T) == typeof(float) && typeof(TTest) == typeof(OrderTest);

    /// <summary>Adds the leaves that a row reached in several trees, one after the other: the sums must be those that tree order gives.</summary>
    /// <param name="leaves">The bound of each tree's leaf.</param>
    /// <param name="first">The first of the trees.</param>
    /// <param name="sums">The row's margins.</param>
    public void AddToRow(ReadOnlySpan<int> leaves, int first, Span<T> sums)
    {
        if (_vectors)
        {
            AddVectors(leaves, sums);
            return;
        }
        for (var i = 0; i < leaves.Length; i++)
        {
            ref var sum = ref sums[_targets[first + i]];
            sum = Add(sum, Value(leaves[i]));
        }
    }

    /// <summary>Adds the leaves that rows reached in one tree.</summary>
    /// <param name="leaves">The bound of each row's leaf.</param>
    /// <param name="target">The tree's output.</param>
    /// <param name="margins">Row-major.</param>
    public void AddToRows(ReadOnlySpan<int> leaves, int target, Span<T> margins)
    {
        if (_vectors)
        {
            for (var row = 0; row < leaves.Length; row++) AddVectors(leaves.Slice(row, 1), margins.Slice(row * _outputs, _outputs));
        }
        else if (_rounds)
        {
            for (int row = 0, at = target; row < leaves.Length; row++, at += _outputs) margins[at] = RoundedSum(margins[at], Value(leaves[row]));
        }
        else if (InNodes && _outputs == 1)
        {
            TensorPrimitives.Add(margins, MemoryMarshal.Cast<int, T>(leaves), margins);
        }
        else
        {
            for (int row = 0, at = target; row < leaves.Length; row++, at += _outputs) margins[at] += Value(leaves[row]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Value(int bound) => InNodes ? Unsafe.BitCast<int, T>(bound) : _values[bound];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Add(T sum, T leaf) => _rounds ? RoundedSum(sum, leaf) : sum + leaf;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T RoundedSum(T sum, T leaf) => T.CreateTruncating(float.CreateTruncating(sum) + float.CreateTruncating(leaf));

    /// <param name="leaves">The first value of each.</param>
    private unsafe void AddVectors(ReadOnlySpan<int> leaves, Span<T> sums)
    {
        fixed (T* values = _values)
        fixed (T* sum = sums)
        {
            var at = 0;
            if (!_rounds)
            {
                for (; at <= sums.Length - Vector512<T>.Count; at += Vector512<T>.Count)
                {
                    var total = Vector512.Load(sum + at);
                    foreach (var leaf in leaves) total += Vector512.Load(values + leaf + at);
                    total.Store(sum + at);
                }
                if (at <= sums.Length - Vector256<T>.Count)
                {
                    var total = Vector256.Load(sum + at);
                    foreach (var leaf in leaves) total += Vector256.Load(values + leaf + at);
                    total.Store(sum + at);
                    at += Vector256<T>.Count;
                }
                if (at <= sums.Length - Vector128<T>.Count)
                {
                    var total = Vector128.Load(sum + at);
                    foreach (var leaf in leaves) total += Vector128.Load(values + leaf + at);
                    total.Store(sum + at);
                    at += Vector128<T>.Count;
                }
            }
            for (; at < sums.Length; at++)
            {
                var total = sum[at];
                foreach (var leaf in leaves) total = Add(total, values[leaf + at]);
                sum[at] = total;
            }
        }
    }
}

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Adds leaves to margins, in the order and the precision of the ensemble. Leaves are given by the bounds of their nodes.</summary>
internal sealed class LeafSums<T, TForm>(LeafForm<T> form)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    private readonly T[] _values = form.Values;
    private readonly int[] _targets = form.TreeOutputs;
    private readonly int _outputs = form.Outputs;
    private readonly bool _vectors = form.AreVectors;
    private readonly bool _rounds = form.RoundsToSingle;

    /// <summary>A constant once compiled: see <see cref="LeafForm{T}.Values"/>.</summary>
    public static bool InNodes => typeof(T) == typeof(float) && typeof(TForm) == typeof(OrderNodes);

    /// <summary>Adds the leaves that a row reached in several trees, one after the other: the sums must be those that tree order gives.</summary>
    /// <param name="leaves">One for each tree.</param>
    /// <param name="first">The first of the trees.</param>
    /// <param name="sums">The row's margins.</param>
    public unsafe void AddToRow(ReadOnlySpan<int> leaves, int first, Span<T> sums)
    {
        if (_vectors)
        {
            fixed (T* sum = sums)
            fixed (T* values = _values)
            {
                AddVectorsToRow(leaves, values, sum);
            }
            return;
        }
        for (var i = 0; i < leaves.Length; i++)
        {
            ref var sum = ref sums[_targets[first + i]];
            sum = Sum(sum, Value(leaves[i]));
        }
    }

    /// <summary>Adds the leaves that rows reached in one tree.</summary>
    /// <param name="leaves">One for each row.</param>
    /// <param name="target">The tree's output.</param>
    /// <param name="margins">Row-major.</param>
    public unsafe void AddToRows(ReadOnlySpan<int> leaves, int target, Span<T> margins)
    {
        if (_vectors)
        {
            fixed (T* sums = margins)
            fixed (T* values = _values)
            {
                AddVectorsToRows(leaves, values, sums);
            }
        }
        else if (InNodes)
        {
            var values = MemoryMarshal.Cast<int, T>(leaves);
            if (_outputs == 1) TensorPrimitives.Add(margins, values, margins);
            else for (int row = 0, at = target; row < values.Length; row++, at += _outputs) margins[at] += values[row];
        }
        else
        {
            AddToRows(leaves, _values, target, margins);
        }
    }

    /// <summary>Adds one value to each row.</summary>
    /// <param name="leaves">One for each row, an index into <paramref name="values"/>.</param>
    /// <param name="values">Of leaves.</param>
    /// <param name="target">The tree's output.</param>
    /// <param name="margins">Row-major.</param>
    public unsafe void AddToRows(ReadOnlySpan<int> leaves, ReadOnlySpan<T> values, int target, Span<T> margins)
    {
        fixed (T* sums = margins)
        fixed (T* value = values)
        {
            var at = sums + target;
            if (_rounds)
            {
                for (var row = 0; row < leaves.Length; row++, at += _outputs) *at = RoundedSum(*at, value[leaves[row]]);
            }
            else
            {
                for (var row = 0; row < leaves.Length; row++, at += _outputs) *at += value[leaves[row]];
            }
        }
    }

    /// <summary>The value of a leaf that has one.</summary>
    public T Value(int bound) => InNodes ? Unsafe.BitCast<int, T>(bound) : _values[bound];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Sum(T sum, T leaf) => _rounds ? RoundedSum(sum, leaf) : sum + leaf;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T RoundedSum(T sum, T leaf) => T.CreateTruncating(float.CreateTruncating(sum) + float.CreateTruncating(leaf));

    /// <summary>Keeps a part of the sums in a register while the leaves' parts are added.</summary>
    private unsafe void AddVectorsToRow(ReadOnlySpan<int> leaves, T* values, T* sum)
    {
        var at = 0;
        for (; !_rounds && at <= _outputs - Vector512<T>.Count; at += Vector512<T>.Count)
        {
            var total = Vector512.Load(sum + at);
            foreach (var leaf in leaves) total += Vector512.Load(values + leaf + at);
            total.Store(sum + at);
        }
        for (; !_rounds && at <= _outputs - Vector128<T>.Count; at += Vector128<T>.Count)
        {
            var total = Vector128.Load(sum + at);
            foreach (var leaf in leaves) total += Vector128.Load(values + leaf + at);
            total.Store(sum + at);
        }
        for (; at < _outputs; at++)
        {
            var total = sum[at];
            foreach (var leaf in leaves) total = Sum(total, values[leaf + at]);
            sum[at] = total;
        }
    }

    /// <summary>Row after row, one part of the outputs after the other.</summary>
    private unsafe void AddVectorsToRows(ReadOnlySpan<int> leaves, T* values, T* sums)
    {
        var outputs = _outputs;
        var at = 0;
        for (; !_rounds && at <= outputs - Vector512<T>.Count; at += Vector512<T>.Count)
        {
            var sum = sums + at;
            for (var row = 0; row < leaves.Length; row++, sum += outputs) (Vector512.Load(sum) + Vector512.Load(values + leaves[row] + at)).Store(sum);
        }
        for (; !_rounds && at <= outputs - Vector128<T>.Count; at += Vector128<T>.Count)
        {
            var sum = sums + at;
            for (var row = 0; row < leaves.Length; row++, sum += outputs) (Vector128.Load(sum) + Vector128.Load(values + leaves[row] + at)).Store(sum);
        }
        for (; at < outputs; at++)
        {
            var sum = sums + at;
            for (var row = 0; row < leaves.Length; row++, sum += outputs) *sum = Sum(*sum, values[leaves[row] + at]);
        }
    }
}

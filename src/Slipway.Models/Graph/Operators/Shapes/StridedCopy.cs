using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Copies a box of elements from one tensor to another, each walked with strides of its own: a stride of zero repeats, one below zero goes backwards.
/// Transpose, Slice, Tile, Expand, Concat and their kin are this copy with different strides.
/// </summary>
internal readonly ref struct StridedCopy : IElementMove
{
    /// <summary>What is worth giving to another thread.</summary>
    private const int ElementsPerPart = 1 << 16;

    private readonly TensorValue _source;
    private readonly TensorValue _target;
    private readonly nint _sourceStart;
    private readonly nint _targetStart;
    private readonly ReadOnlySpan<long> _sizes;
    private readonly ReadOnlySpan<long> _from;
    private readonly ReadOnlySpan<long> _to;

    private StridedCopy(TensorValue source, long sourceStart, TensorValue target, long targetStart, ReadOnlySpan<long> sizes, ReadOnlySpan<long> from, ReadOnlySpan<long> to)
    {
        (_source, _sourceStart, _target, _targetStart) = (source, (nint)sourceStart, target, (nint)targetStart);
        _sizes = sizes;
        _from = from;
        _to = to;
    }

    /// <summary>Copies <paramref name="sizes"/> elements along each dimension, from the start elements on.</summary>
    /// <param name="threads">Most threads to use; they take parts of the box.</param>
    /// <exception cref="ArgumentOutOfRangeException">The box leaves one of the tensors.</exception>
    public static void Run(
        TensorValue source, long sourceStart, ReadOnlySpan<long> sourceStrides, TensorValue target, long targetStart, ReadOnlySpan<long> targetStrides, ReadOnlySpan<long> sizes, int threads = 1)
    {
        if (sizes.Contains(0)) return;
        CheckInside(sourceStart, sourceStrides, sizes, source.Count, nameof(source));
        CheckInside(targetStart, targetStrides, sizes, target.Count, nameof(target));

        var most = sizes.Length;
        Span<long> merged = most <= 2 * Strides.StackRank ? stackalloc long[6 * Strides.StackRank] : new long[3 * most];
        Span<long> size = merged[..most], from = merged.Slice(most, most), to = merged.Slice(2 * most, most);
        var rank = 0;
        for (var i = 0; i < most; i++)
        {
            if (sizes[i] == 1) continue;
            if (rank > 0 && from[rank - 1] == sourceStrides[i] * sizes[i] && to[rank - 1] == targetStrides[i] * sizes[i])
            {
                size[rank - 1] *= sizes[i];
                (from[rank - 1], to[rank - 1]) = (sourceStrides[i], targetStrides[i]);
                continue;
            }
            (size[rank], from[rank], to[rank]) = (sizes[i], sourceStrides[i], targetStrides[i]);
            rank++;
        }
        PairTransposed(size[..rank], from[..rank], to[..rank]);
        if (threads > 1 && rank is > 0 and <= Box.MaxRank && Strides.Product(sizes) >= 2 * ElementsPerPart)
        {
            var box = new Box(source, sourceStart, target, targetStart, size[..rank], from[..rank], to[..rank]);
            ParallelRows.Run(box, box.Rows, box.ElementsPerRow, ElementsPerPart, threads);
            return;
        }
        Move(source, sourceStart, target, targetStart, size[..rank], from[..rank], to[..rank]);
    }

    /// <summary>The same with dimensions that are merged and inside of the tensors.</summary>
    private static void Move(TensorValue source, long sourceStart, TensorValue target, long targetStart, ReadOnlySpan<long> sizes, ReadOnlySpan<long> from, ReadOnlySpan<long> to)
    {
        var copy = new StridedCopy(source, sourceStart, target, targetStart, sizes, from, to);
        ElementWidths.Move(source.Element, ref copy);
    }

    /// <summary>When the target's neighbours are far apart in the source, the dimension along which the source's are neighbours is walked next to it.</summary>
    private static void PairTransposed(Span<long> size, Span<long> from, Span<long> to)
    {
        var last = size.Length - 1;
        if (last < 1 || to[last] != 1 || from[last] is 0 or 1) return;
        for (var i = last - 1; i >= 0; i--)
        {
            if (from[i] != 1) continue;
            (size[i], size[last - 1]) = (size[last - 1], size[i]);
            (from[i], from[last - 1]) = (from[last - 1], from[i]);
            (to[i], to[last - 1]) = (to[last - 1], to[i]);
            return;
        }
    }

    private static void CheckInside(long start, ReadOnlySpan<long> strides, ReadOnlySpan<long> sizes, int count, string name)
    {
        long low = start, high = start;
        for (var i = 0; i < sizes.Length; i++)
        {
            var reach = (sizes[i] - 1) * strides[i];
            if (reach < 0) low += reach;
            else high += reach;
        }
        if (low < 0 || high >= count) throw new ArgumentOutOfRangeException(name, $"elements {low} to {high} of a tensor of {count} elements");
    }

    public void Move<T>()
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(_source.Elements<T>()), _sourceStart);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(_target.Elements<T>()), _targetStart);
        var rank = _sizes.Length;
        if (rank == 0)
        {
            to = from;
            return;
        }
        var isTransposed = rank >= 2 && _to[rank - 1] == 1 && _from[rank - 2] == 1 && _from[rank - 1] is not 0 and not 1;
        var outer = isTransposed ? rank - 2 : rank - 1;
        Span<long> position = outer <= 2 * Strides.StackRank ? stackalloc long[outer] : new long[outer];
        position.Clear();
        nint fromAt = 0, toAt = 0;
        while (true)
        {
            if (isTransposed)
            {
                TransposedCopy.Run(ref Unsafe.Add(ref from, fromAt), ref Unsafe.Add(ref to, toAt), (nint)_sizes[rank - 2], (nint)_sizes[rank - 1], (nint)_from[rank - 1], (nint)_to[rank - 2]);
            }
            else
            {
                CopyLine(ref Unsafe.Add(ref from, fromAt), ref Unsafe.Add(ref to, toAt), (nint)_sizes[rank - 1], (nint)_from[rank - 1], (nint)_to[rank - 1]);
            }
            var axis = outer - 1;
            for (; axis >= 0; axis--)
            {
                fromAt += (nint)_from[axis];
                toAt += (nint)_to[axis];
                if (++position[axis] < _sizes[axis]) break;
                fromAt -= (nint)(_from[axis] * _sizes[axis]);
                toAt -= (nint)(_to[axis] * _sizes[axis]);
                position[axis] = 0;
            }
            if (axis < 0) return;
        }
    }

    private static void CopyLine<T>(ref T from, ref T to, nint count, nint fromStride, nint toStride)
    {
        if (fromStride == 1 && toStride == 1) MemoryMarshal.CreateReadOnlySpan(ref from, (int)count).CopyTo(MemoryMarshal.CreateSpan(ref to, (int)count));
        else if (fromStride == 0 && toStride == 1) MemoryMarshal.CreateSpan(ref to, (int)count).Fill(from);
        else
        {
            for (nint i = 0; i < count; i++) Unsafe.Add(ref to, i * toStride) = Unsafe.Add(ref from, i * fromStride);
        }
    }

    /// <summary>A box that threads share along its longest dimension but the last; along the last when there is no other.</summary>
    private readonly struct Box : IRows
    {
        public const int MaxRank = 8;

        private readonly TensorValue _source;
        private readonly TensorValue _target;
        private readonly long _sourceStart;
        private readonly long _targetStart;
        private readonly Axes _sizes;
        private readonly Axes _from;
        private readonly Axes _to;
        private readonly int _rank;
        private readonly int _axis;

        public Box(TensorValue source, long sourceStart, TensorValue target, long targetStart, ReadOnlySpan<long> sizes, ReadOnlySpan<long> from, ReadOnlySpan<long> to)
        {
            (_source, _sourceStart, _target, _targetStart, _rank) = (source, sourceStart, target, targetStart, sizes.Length);
            sizes.CopyTo(_sizes);
            from.CopyTo(_from);
            to.CopyTo(_to);
            for (var i = 1; i < sizes.Length - 1; i++)
            {
                if (sizes[i] > sizes[_axis]) _axis = i;
            }
            ElementsPerRow = Strides.Product(sizes) / sizes[_axis];
        }

        public long Rows => _sizes[_axis];

        public long ElementsPerRow { get; }

        public void Run(long first, long end)
        {
            var sizes = _sizes;
            sizes[_axis] = end - first;
            Move(_source, _sourceStart + (first * _from[_axis]), _target, _targetStart + (first * _to[_axis]), sizes[.._rank], _from[.._rank], _to[.._rank]);
        }

        [InlineArray(MaxRank)]
        private struct Axes
        {
            private long _first;
        }
    }
}

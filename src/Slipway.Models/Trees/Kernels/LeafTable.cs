using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Gathers the values of leaves and keeps most of those that repeat only once: nearly all leaves of a classifier's grown forest are the same few vectors.
/// Repeats are found through a cache of fixed size, so that a forest without any pays little.
/// </summary>
internal sealed class LeafTable<T>(int width)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int CacheBits = 14;

    /// <summary>By hash: one more than the index of the latest values that have it; 0 when there are none.</summary>
    private readonly int[] _latest = new int[1 << CacheBits];
    private readonly GrowingArray<T> _values = new(pinned: true);

    /// <summary>Makes room for as many leaves, so that nothing is copied while they are gathered. Only a hint.</summary>
    public void Expect(int leaves) => _values.Expect((int)Math.Min(Array.MaxLength, (long)leaves * width));

    /// <param name="leaf">As many values as the table is wide.</param>
    /// <returns>The index of the first of them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ReadOnlySpan<double> leaf)
    {
        var start = _values.Count;
        var added = _values.Grow(leaf.Length);
        for (var i = 0; i < leaf.Length; i++) added[i] = T.CreateTruncating(leaf[i]);
        ref var latest = ref _latest[HashOf(leaf)];
        if (latest > 0 && SameBits(_values.Items.Slice(latest - 1, added.Length), added))
        {
            _values.Shorten(start);
            return latest - 1;
        }
        latest = start + 1;
        return start;
    }

    /// <summary>The values; afterwards there are none here.</summary>
    /// <returns>Pinned.</returns>
    public T[] Take() => _values.TakeArray();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HashOf(ReadOnlySpan<double> leaf)
    {
        var hash = 0UL;
        foreach (var value in leaf) hash = (BitOperations.RotateLeft(hash, 23) ^ BitConverter.DoubleToUInt64Bits(value)) * 0x9E3779B97F4A7C15;
        return (int)(hash >> (64 - CacheBits));
    }

    /// <summary>Mostly of one value: comparing two of the library's spans would take longer than all the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SameBits(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (Unsafe.SizeOf<T>() == sizeof(int) ? Unsafe.BitCast<T, int>(a[i]) != Unsafe.BitCast<T, int>(b[i]) : Unsafe.BitCast<T, long>(a[i]) != Unsafe.BitCast<T, long>(b[i])) return false;
        }
        return true;
    }
}

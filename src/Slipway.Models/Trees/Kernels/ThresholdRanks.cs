using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Ranks of values among sorted thresholds: a static search tree for every feature, of nodes of 16 thresholds that are compared at once
/// (two 512-bit vectors). One level is enough for 16 thresholds, two for 272, three for 4,624. Two nodes need none above them: both are counted.
/// </summary>
internal sealed class ThresholdRanks
{
    private const int Width = 16;
    private const int Children = Width + 1;

    /// <summary>Pinned, so that every node stays where it fills two cache lines: from <see cref="_start"/> on.</summary>
    private readonly double[] _memory;
    private readonly int _start;

    /// <summary>Where each level of each tree but the lowest starts, from the top down, in thresholds.</summary>
    private readonly int[] _levels;

    /// <param name="uses">The features.</param>
    /// <param name="trees">Receives the tree of each.</param>
    public ThresholdRanks(ReadOnlySpan<ThresholdUse> uses, Span<Tree> trees)
    {
        var levels = new List<int>();
        var length = 0;
        for (var i = 0; i < trees.Length; i++)
        {
            var (first, lowest) = (levels.Count, length);
            var nodes = NodesFor(uses[i].Thresholds.Length, Width);
            length += nodes * Width;
            var isPair = nodes == 2;
            while (nodes > (isPair ? 2 : 1))
            {
                nodes = NodesFor(nodes, Children);
                levels.Add(length);
                length += nodes * Width;
            }
            levels.Reverse(first, levels.Count - first);
            trees[i] = new Tree(lowest, isPair, levels.Count - first, levels.Count == first ? lowest : levels[first], first);
        }
        _levels = [.. levels];
        _memory = GC.AllocateUninitializedArray<double>(length + Width, pinned: true);
        // No value is at least NaN: what fills nodes up is never counted.
        _memory.AsSpan().Fill(double.NaN);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / sizeof(double);
        for (var i = 0; i < trees.Length; i++) Fill(uses[i].Thresholds, trees[i]);
    }

    /// <summary>One feature's search tree.</summary>
    /// <param name="Lowest">Where all thresholds are.</param>
    /// <param name="IsPair">There are two nodes.</param>
    /// <param name="Above">The number of levels above.</param>
    /// <param name="Top">Where the highest level is.</param>
    /// <param name="First">The index of that level in the list of levels.</param>
    public readonly record struct Tree(int Lowest, bool IsPair, int Above, int Top, int First);

    private ref double Nodes => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _start);

    /// <summary>How many of the tree's thresholds are not above <paramref name="x"/>; 0 when it is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankOf(double x, Tree tree)
    {
        var value = Vector512.Create(x);
        ref var nodes = ref Nodes;
        if (tree.Above == 0) return CountAtMost(in nodes, tree.Lowest, value) + (tree.IsPair ? CountAtMost(in nodes, tree.Lowest + Width, value) : 0);
        var node = CountAtMost(in nodes, tree.Top, value);
        for (var level = 1; level < tree.Above; level++) node = (node * Children) + CountAtMost(in nodes, _levels[tree.First + level] + (node * Width), value);
        return (node * Width) + CountAtMost(in nodes, tree.Lowest + (node * Width), value);
    }

    /// <summary>The keys of a column of rows.</summary>
    /// <param name="column">A value every <paramref name="stride"/>.</param>
    /// <param name="tree">Of the column's feature.</param>
    /// <param name="keys">Receives the key of each rank, and <paramref name="missing"/> for NaN.</param>
    public unsafe void WriteKeys<T>(ReadOnlySpan<T> column, int stride, Tree tree, int missing, int* keys)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref var lowest = ref Unsafe.Add(ref Nodes, tree.Lowest);
        if (tree.IsPair)
        {
            for (var at = 0; at < column.Length; at += stride)
            {
                var x = double.CreateTruncating(column[at]);
                var value = Vector512.Create(x);
                var rank = CountAtMost(in lowest, 0, value) + CountAtMost(in lowest, Width, value);
                *keys++ = double.IsNaN(x) ? missing : RankKey.Of(rank);
            }
        }
        else if (tree.Above == 0)
        {
            for (var at = 0; at < column.Length; at += stride)
            {
                var x = double.CreateTruncating(column[at]);
                var rank = CountAtMost(in lowest, 0, Vector512.Create(x));
                *keys++ = double.IsNaN(x) ? missing : RankKey.Of(rank);
            }
        }
        else if (tree.Above == 1)
        {
            ref var top = ref Unsafe.Add(ref Nodes, tree.Top);
            for (var at = 0; at < column.Length; at += stride)
            {
                var x = double.CreateTruncating(column[at]);
                var value = Vector512.Create(x);
                var first = CountAtMost(in top, 0, value) * Width;
                var rank = first + CountAtMost(in lowest, first, value);
                *keys++ = double.IsNaN(x) ? missing : RankKey.Of(rank);
            }
        }
        else
        {
            for (var at = 0; at < column.Length; at += stride)
            {
                var x = double.CreateTruncating(column[at]);
                var rank = RankOf(x, tree);
                *keys++ = double.IsNaN(x) ? missing : RankKey.Of(rank);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountAtMost(ref readonly double nodes, int node, Vector512<double> value)
    {
        var low = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(in nodes, (nuint)node), value).ExtractMostSignificantBits();
        var high = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(in nodes, (nuint)(node + Vector512<double>.Count)), value).ExtractMostSignificantBits();
        return BitOperations.PopCount(low | (high << Vector512<double>.Count));
    }

    private static int NodesFor(int items, int perNode) => Math.Max(1, (items + perNode - 1) / perNode);

    private void Fill(double[] thresholds, Tree tree)
    {
        var all = _memory.AsSpan(_start);
        thresholds.CopyTo(all[tree.Lowest..]);
        // A node above has the first threshold of each of its children but the leftmost; the higher the level, the more thresholds there are below a child.
        var perChild = Width;
        for (var level = tree.Above - 1; level >= 0; level--, perChild *= Children)
        {
            var nodes = all[_levels[tree.First + level]..];
            for (var child = 1; child < NodesFor(thresholds.Length, perChild); child++)
            {
                if (child % Children is > 0 and var place) nodes[(child / Children * Width) + place - 1] = thresholds[child * perChild];
            }
        }
    }
}

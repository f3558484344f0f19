using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Ranks of values among sorted thresholds: a static search tree for every feature, of nodes of 16 thresholds that are compared at once
/// (two 512-bit vectors). One level is enough for 16 thresholds, two for 272, three for 4,624.
/// </summary>
internal sealed class ThresholdRanks
{
    private const int Width = 16;
    private const int Children = Width + 1;

    /// <summary>Pinned; the nodes start at <see cref="_start"/>, aligned so that a node fills two cache lines.</summary>
    private readonly double[] _memory;
    private readonly int _start;

    /// <summary>Where each level of each tree starts, from the top down, in thresholds.</summary>
    private readonly int[] _levels;

    /// <param name="uses">The features.</param>
    /// <param name="trees">Receives the tree of each.</param>
    public ThresholdRanks(ReadOnlySpan<ThresholdUse> uses, Span<Tree> trees)
    {
        var levels = new List<int>();
        var length = 0;
        for (var i = 0; i < trees.Length; i++)
        {
            var first = levels.Count;
            for (var nodes = NodesFor(uses[i].Thresholds.Length, Width); ; nodes = NodesFor(nodes, Children))
            {
                levels.Add(length);
                length += nodes * Width;
                if (nodes == 1) break;
            }
            levels.Reverse(first, levels.Count - first);
            trees[i] = new Tree(first, levels.Count - first);
        }
        _levels = [.. levels];
        _memory = GC.AllocateUninitializedArray<double>(length + Width, pinned: true);
        // No value is at least NaN: what fills nodes up is never counted.
        _memory.AsSpan().Fill(double.NaN);
        _start = (int)((-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / sizeof(double));
        for (var i = 0; i < trees.Length; i++) Fill(uses[i].Thresholds, trees[i]);
    }

    /// <summary>One feature's search tree.</summary>
    /// <param name="First">The index of its top level.</param>
    /// <param name="Levels">At least 1.</param>
    public readonly record struct Tree(int First, int Levels);

    /// <summary>How many of the tree's thresholds are not above <paramref name="x"/>; 0 when it is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankOf(double x, Tree tree)
    {
        ref var levels = ref MemoryMarshal.GetArrayDataReference(_levels);
        ref var nodes = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _start);
        var value = Vector512.Create(x);
        var node = 0;
        var last = tree.First + tree.Levels - 1;
        for (var level = tree.First; level < last; level++)
        {
            node = (node * Children) + CountAtMost(ref Unsafe.Add(ref nodes, Unsafe.Add(ref levels, level) + (node * Width)), value);
        }
        return (node * Width) + CountAtMost(ref Unsafe.Add(ref nodes, Unsafe.Add(ref levels, last) + (node * Width)), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountAtMost(ref double node, Vector512<double> value)
    {
        var low = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref node), value).ExtractMostSignificantBits();
        var high = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref node, (nuint)Vector512<double>.Count), value).ExtractMostSignificantBits();
        return BitOperations.PopCount(low | (high << Vector512<double>.Count));
    }

    private static int NodesFor(int items, int perNode) => Math.Max(1, (items + perNode - 1) / perNode);

    private void Fill(double[] thresholds, Tree tree)
    {
        var nodes = _memory.AsSpan(_start);
        thresholds.CopyTo(nodes[_levels[tree.First + tree.Levels - 1]..]);
        // The node above has the first threshold of each of its children but the leftmost; below a child there are ever more thresholds.
        var perChild = Width;
        for (var level = tree.First + tree.Levels - 2; level >= tree.First; level--, perChild *= Children)
        {
            var at = nodes[_levels[level]..];
            for (var child = 1; child < NodesFor(thresholds.Length, perChild); child++)
            {
                if (child % Children is > 0 and var place) at[(child / Children * Width) + place - 1] = thresholds[child * perChild];
            }
        }
    }
}

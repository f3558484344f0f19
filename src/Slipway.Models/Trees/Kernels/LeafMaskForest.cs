using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>What a split that goes right excludes: the leaves on its left.</summary>
/// <param name="Key">From the keys of a block to those of the split, in bytes.</param>
/// <param name="Bound">Numbers: keys above go right. Categories: classes that go right, as bits; the key has the bit of one.</param>
/// <param name="Keep">The leaves of a word that are not on the left.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LeafMaskSplit(int Key, int Bound, int Keep);

/// <summary>
/// Small trees without their structure (QuickScorer, Lucchese et al. 2015): leaves are numbered from left to right, and of those that no split excludes the
/// first is the one that is reached. Splits can be evaluated in any order.
/// </summary>
internal sealed class LeafMaskForest
{
    public const int LeavesPerWord = 32;

    /// <summary>Two words of leaves; larger trees are walked faster.</summary>
    public const int MaxLeaves = 2 * LeavesPerWord;

    private LeafMaskForest(Tree[] trees, List<int> leaves, List<LeafMaskSplit> splits)
    {
        Trees = trees;
        Leaves = [.. leaves];
        Splits = GC.AllocateUninitializedArray<LeafMaskSplit>(splits.Count, pinned: true);
        splits.CopyTo(Splits);
    }

    /// <summary>A part of <see cref="Splits"/>: those that exclude leaves of one word, first the numeric ones.</summary>
    public readonly record struct Word(int First, int FirstCategorical, int End);

    /// <param name="FirstLeaf">Into <see cref="Leaves"/>.</param>
    /// <param name="LeafCount">0 when the tree is too large.</param>
    /// <param name="Low">Leaves 0 to 31.</param>
    /// <param name="High">The others.</param>
    public readonly record struct Tree(int FirstLeaf, int LeafCount, Word Low, Word High);

    public Tree[] Trees { get; }

    /// <summary>The <see cref="CompactNode.Bound"/> of each tree's leaves, from left to right.</summary>
    public int[] Leaves { get; }

    /// <summary>Pinned.</summary>
    public LeafMaskSplit[] Splits { get; }

    public static LeafMaskForest Of<T>(CompactForest<T> forest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var leaves = new List<int>();
        var splits = new List<LeafMaskSplit>();
        var trees = new Tree[forest.TreeCount];
        for (var tree = 0; tree < trees.Length; tree++)
        {
            var end = tree + 1 < trees.Length ? forest.Roots[tree + 1] : forest.Nodes.Length;
            var nodes = forest.Nodes.AsSpan(forest.Roots[tree], end - forest.Roots[tree]);
            var leafCount = (nodes.Length + 1) / 2;
            if (leafCount > MaxLeaves) continue;
            var firstLeaf = leaves.Count;
            var excluded = new ulong[nodes.Length];
            NumberLeaves(nodes, 0, firstLeaf, leaves, excluded);
            trees[tree] = new Tree(firstLeaf, leafCount, Append(nodes, excluded, 0, forest.Keys, splits), Append(nodes, excluded, LeavesPerWord, forest.Keys, splits));
        }
        return new LeafMaskForest(trees, leaves, splits);
    }

    /// <summary>Collects leaves from left to right, and for each split the leaves on its left. At most 63 levels deep.</summary>
    private static void NumberLeaves(ReadOnlySpan<CompactNode> nodes, int node, int firstLeaf, List<int> leaves, ulong[] excluded)
    {
        if (nodes[node].Step == 0)
        {
            leaves.Add(nodes[node].Bound);
            return;
        }
        var left = node + nodes[node].Step;
        var from = leaves.Count - firstLeaf;
        NumberLeaves(nodes, left, firstLeaf, leaves, excluded);
        var to = leaves.Count - firstLeaf;
        NumberLeaves(nodes, left + 1, firstLeaf, leaves, excluded);
        excluded[node] = ((1UL << to) - 1) & ~((1UL << from) - 1);
    }

    private static Word Append<T>(ReadOnlySpan<CompactNode> nodes, ulong[] excluded, int word, RowKeys<T> keys, List<LeafMaskSplit> splits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var first = splits.Count;
        AppendKind(nodes, excluded, word, keys, splits, categorical: false);
        var firstCategorical = splits.Count;
        AppendKind(nodes, excluded, word, keys, splits, categorical: true);
        return new Word(first, firstCategorical, splits.Count);
    }

    private static void AppendKind<T>(ReadOnlySpan<CompactNode> nodes, ulong[] excluded, int word, RowKeys<T> keys, List<LeafMaskSplit> splits, bool categorical)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var node = 0; node < nodes.Length; node++)
        {
            var slot = keys.MaskSlotOf(nodes[node].Slot);
            var leaves = (uint)(excluded[node] >> word);
            if (leaves != 0 && slot != nodes[node].Slot == categorical) splits.Add(new LeafMaskSplit((slot << KeyBlock.Shift) * sizeof(int), nodes[node].Bound, (int)~leaves));
        }
    }
}

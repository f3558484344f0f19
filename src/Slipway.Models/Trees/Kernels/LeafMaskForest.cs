using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    /// <param name="LeafCount">0 when the tree is too large, or its nodes are not there.</param>
    /// <param name="Low">Leaves 0 to 31.</param>
    /// <param name="High">The others.</param>
    public readonly record struct Tree(int FirstLeaf, int LeafCount, Word Low, Word High);

    public Tree[] Trees { get; }

    /// <summary>The <see cref="CompactNode.Bound"/> of each tree's leaves, from left to right.</summary>
    public int[] Leaves { get; }

    /// <summary>Pinned.</summary>
    public LeafMaskSplit[] Splits { get; }

    public static unsafe LeafMaskForest Of<T, TForm>(CompactForest<T> forest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        var leaves = new List<int>();
        var splits = new List<LeafMaskSplit>();
        var trees = new Tree[forest.TreeCount];
        fixed (CompactNode* nodes = forest.Nodes)
        {
            for (var tree = forest.FirstTree; tree < trees.Length; tree++)
            {
                var leafCount = (forest.NodesOf(tree) + 1) / 2;
                if (leafCount > MaxLeaves) continue;
                var firstLeaf = leaves.Count;
                var drafts = new List<Draft>(leafCount);
                Collect<T, TForm>(nodes + (forest.Roots[tree] - forest.FirstNode), firstLeaf, forest.Keys, leaves, drafts);
                trees[tree] = new Tree(firstLeaf, leafCount, Append(drafts, 0, splits), Append(drafts, LeavesPerWord, splits));
            }
        }
        return new LeafMaskForest(trees, leaves, splits);
    }

    /// <summary>The number of the lowest bit of 64, of which one at least is set: the exponent of that bit as a floating-point number.</summary>
    public static Vector512<int> FirstOf(Vector512<int> low, Vector512<int> high)
    {
        var inHigh = Vector512.Equals(low, Vector512<int>.Zero);
        var word = Vector512.ConditionalSelect(inHigh, high, low);
        var exponent = (Vector512.ConvertToSingle(word & -word).AsInt32() >>> 23) & Vector512.Create(0xff);
        return exponent - Vector512.Create(127) + (inHigh & Vector512.Create(LeavesPerWord));
    }

    /// <summary>Takes up leaves from left to right, and for each split the leaves on its left. At most 63 levels deep.</summary>
    private static unsafe void Collect<T, TForm>(CompactNode* node, int firstLeaf, RowKeys<T> keys, List<int> leaves, List<Draft> drafts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        var step = TForm.Step(node);
        if (step == 0)
        {
            leaves.Add(node->Bound);
            return;
        }
        var from = leaves.Count - firstLeaf;
        Collect<T, TForm>(node + step, firstLeaf, keys, leaves, drafts);
        var onLeft = ((1UL << (leaves.Count - firstLeaf)) - 1) & ~((1UL << from) - 1);
        Collect<T, TForm>(node + step + 1, firstLeaf, keys, leaves, drafts);
        var slot = keys.MaskSlotOf(TForm.Slot(node));
        drafts.Add(new Draft(slot, node->Bound, slot != TForm.Slot(node), onLeft));
    }

    private static Word Append(List<Draft> drafts, int word, List<LeafMaskSplit> splits)
    {
        var first = splits.Count;
        AppendKind(drafts, categorical: false, word, splits);
        var firstCategorical = splits.Count;
        AppendKind(drafts, categorical: true, word, splits);
        return new Word(first, firstCategorical, splits.Count);
    }

    private static void AppendKind(List<Draft> drafts, bool categorical, int word, List<LeafMaskSplit> splits)
    {
        foreach (var draft in drafts)
        {
            var onLeft = (uint)(draft.OnLeft >> word);
            if (onLeft != 0 && draft.IsCategorical == categorical) splits.Add(new LeafMaskSplit((draft.Slot << KeyBlock.Shift) * sizeof(int), draft.Bound, (int)~onLeft));
        }
    }

    private readonly record struct Draft(int Slot, int Bound, bool IsCategorical, ulong OnLeft);
}

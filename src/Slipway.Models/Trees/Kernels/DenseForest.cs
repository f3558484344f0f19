using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A split of a small tree, as <see cref="VectorKernel"/> evaluates it; offsets are in bytes, ready to be added to a pointer.</summary>
/// <param name="Bound">Keys above go right.</param>
/// <param name="Key">From the keys of a block to the slot's first.</param>
/// <param name="Left">From the first operand to the one that is this node's value when going left. Operands are the leaves, then the splits in the order of evaluation.</param>
/// <param name="Right">See <paramref name="Left"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DenseSplit(int Bound, int Key, int Left, int Right);

/// <summary>
/// Small trees as straight-line programs: every split is evaluated, children before parents, and selects one of its children's values; the last is the tree's.
/// </summary>
internal sealed class DenseForest
{
    /// <param name="maxSplits">Larger trees get no program.</param>
    /// <param name="operandBytes">The size of an operand.</param>
    public DenseForest(CompactForest forest, int maxSplits, int operandBytes)
    {
        var leaves = new List<int>();
        var splits = new List<DenseSplit>();
        Trees = new Tree[forest.TreeCount];
        for (var tree = 0; tree < Trees.Length; tree++)
        {
            var end = tree + 1 < Trees.Length ? forest.Roots[tree + 1] : forest.Nodes.Length;
            var nodes = forest.Nodes.AsSpan(forest.Roots[tree], end - forest.Roots[tree]);
            var splitCount = nodes.Length / 2;
            if (splitCount == 0 || splitCount > maxSplits || forest.HasVectorLeaves) continue;
            Trees[tree] = new Tree(leaves.Count, splits.Count, nodes.Length - splitCount, splitCount);
            Append(nodes, leaves, splits, operandBytes);
        }
        Leaves = GC.AllocateUninitializedArray<int>(leaves.Count, pinned: true);
        leaves.CopyTo(Leaves);
        Splits = GC.AllocateUninitializedArray<DenseSplit>(splits.Count, pinned: true);
        splits.CopyTo(Splits);
    }

    /// <summary>One tree's part of <see cref="Leaves"/> and <see cref="Splits"/>; no splits when it is too large.</summary>
    public readonly record struct Tree(int FirstLeaf, int FirstSplit, int LeafCount, int SplitCount);

    public Tree[] Trees { get; }

    /// <summary>The bits of each tree's leaf values.</summary>
    public int[] Leaves { get; }

    public DenseSplit[] Splits { get; }

    /// <summary>Nodes are breadth-first, so backwards every child comes before its parent.</summary>
    private static void Append(ReadOnlySpan<CompactNode> nodes, List<int> leaves, List<DenseSplit> splits, int operandBytes)
    {
        var leafCount = nodes.Length - (nodes.Length / 2);
        var operands = new int[nodes.Length];
        var (leaf, split) = (0, 0);
        for (var node = nodes.Length - 1; node >= 0; node--)
        {
            if (nodes[node].Step == 0)
            {
                operands[node] = operandBytes * leaf++;
                leaves.Add(nodes[node].Bound);
                continue;
            }
            operands[node] = operandBytes * (leafCount + split++);
            var left = node + nodes[node].Step;
            splits.Add(new DenseSplit(nodes[node].Bound, (nodes[node].Slot << RowKeys.BlockShift) * sizeof(int), operands[left], operands[left + 1]));
        }
    }
}

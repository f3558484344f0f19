using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Trees with one split on each level (CatBoost's), without their nodes: the decisions of all levels, side by side, are the number of the leaf.
/// </summary>
internal sealed class SymmetricTrees
{
    /// <summary>Twice as many are in one vector.</summary>
    public const int LevelsPerHalf = 8;

    /// <summary>Deeper trees are walked.</summary>
    public const int MaxLevels = 2 * LevelsPerHalf;

    private SymmetricTrees(int[] depths, int width)
    {
        Depths = depths;
        Width = width;
        var rows = depths.Length + (depths.Length & 1);
        Slots = GC.AllocateArray<int>(rows * width, pinned: true);
        Bounds = GC.AllocateArray<int>(rows * width, pinned: true);
        LeafStarts = new int[rows];
        for (var tree = 1; tree < rows; tree++) LeafStarts[tree] = LeafStarts[tree - 1] + (1 << depths[tree - 1]);
        Leaves = GC.AllocateUninitializedArray<int>(LeafStarts[depths.Length - 1] + (1 << depths[^1]), pinned: true);
    }

    /// <summary>By tree.</summary>
    public int[] Depths { get; }

    /// <summary>Levels that each tree has room for: 8 or 16. What is left over leads to the left.</summary>
    public int Width { get; }

    /// <summary>Pinned. Of each tree's levels, from the lowest to the root; filled up to an even number of trees.</summary>
    public int[] Slots { get; }

    /// <summary>Pinned. As <see cref="Slots"/>.</summary>
    public int[] Bounds { get; }

    /// <summary>The first leaf of each tree.</summary>
    public int[] LeafStarts { get; }

    /// <summary>Pinned. The <see cref="CompactNode.Bound"/> of leaves, left to right.</summary>
    public int[] Leaves { get; }

    /// <param name="forest">Its leaves are numbered through, one for each output.</param>
    /// <param name="splits">Of its levels.</param>
    /// <returns>null when a tree is too deep.</returns>
    public static SymmetricTrees? TryCreate<T>(SymmetricForest forest, SplitEncoder<T> splits, int outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var depths = new int[forest.TreeCount];
        for (var tree = 0; tree < depths.Length; tree++) depths[tree] = forest.LevelsOf(tree);
        if (WidthFor(depths) is not (> 0 and var width)) return null;
        var trees = new SymmetricTrees(depths, width);
        for (var tree = 0; tree < depths.Length; tree++)
        {
            for (var level = 0; level < depths[tree]; level++)
            {
                var at = (tree * width) + depths[tree] - 1 - level;
                (trees.Slots[at], trees.Bounds[at]) = splits.Encode(forest.Starts[tree] + level);
            }
        }
        for (var leaf = 0; leaf < trees.Leaves.Length; leaf++) trees.Leaves[leaf] = leaf * outputs;
        return trees;
    }

    /// <returns>0 when a tree is too deep.</returns>
    private static int WidthFor(ReadOnlySpan<int> depths)
    {
        var width = LevelsPerHalf;
        foreach (var depth in depths)
        {
            if (depth > MaxLevels) return 0;
            if (depth > LevelsPerHalf) width = MaxLevels;
        }
        return width;
    }

    /// <summary>Whether the first tree is symmetric: a quick look.</summary>
    public static bool StartIn(TreeEnsemble ensemble)
    {
        if (ensemble.TreeCount == 0 || ensemble.TreeStarts[1] != (2 << ensemble.TreeDepths[0]) - 1) return false;
        for (var level = 0; level < ensemble.TreeDepths[0]; level++)
        {
            var first = (1 << level) - 1;
            for (var node = first; node <= 2 * first; node++)
            {
                if (ensemble.Features[node] != ensemble.Features[first] || ensemble.Thresholds[node] != ensemble.Thresholds[first] || ensemble.DefaultLeft[node] != ensemble.DefaultLeft[first]) return false;
            }
        }
        return true;
    }

    /// <returns>null unless all trees are symmetric.</returns>
    public static unsafe SymmetricTrees? TryCreate<T, TForm>(CompactForest<T> forest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        fixed (CompactNode* nodes = forest.Nodes)
        {
            for (var tree = 0; tree < forest.TreeCount; tree++)
            {
                if (!IsSymmetric<TForm>(nodes + forest.Roots[tree], forest.Depths[tree], forest.NodesOf(tree))) return null;
            }
            var trees = new SymmetricTrees([.. forest.Depths], WidthFor(forest.Depths));
            for (var tree = 0; tree < forest.TreeCount; tree++) trees.Fill<TForm>(tree, nodes + forest.Roots[tree]);
            return trees;
        }
    }

    private static unsafe bool IsSymmetric<TForm>(CompactNode* nodes, int depth, int count)
        where TForm : INodeForm
    {
        if (depth > MaxLevels || count != (2 << depth) - 1) return false;
        for (var level = 0; level < depth; level++)
        {
            var first = nodes + (1 << level) - 1;
            for (var node = first; node < first + (1 << level); node++)
            {
                if (TForm.Step(node) == 0 || TForm.Slot(node) != TForm.Slot(first) || node->Bound != first->Bound) return false;
            }
        }
        return true;
    }

    private unsafe void Fill<TForm>(int tree, CompactNode* nodes)
        where TForm : INodeForm
    {
        var depth = Depths[tree];
        for (var level = 0; level < depth; level++)
        {
            var first = nodes + (1 << level) - 1;
            Slots[(tree * Width) + depth - 1 - level] = TForm.Slot(first);
            Bounds[(tree * Width) + depth - 1 - level] = first->Bound;
        }
        for (var leaf = 0; leaf < 1 << depth; leaf++) Leaves[LeafStarts[tree] + leaf] = nodes[(1 << depth) - 1 + leaf].Bound;
    }
}

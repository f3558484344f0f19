using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A <see cref="TreeEnsemble"/> in the layout that the fast kernels walk: the same nodes in the same order. Immutable.</summary>
internal sealed class CompactForest<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Trees that are walked together.</summary>
    public const int TreesPerGroup = 8;

    private CompactForest(TreeEnsemble ensemble, RowKeys<T> keys, CompactNode[] nodes, LeafForm<T> leaves)
    {
        Keys = keys;
        Nodes = nodes;
        Leaves = leaves;
        Features = ensemble.FeatureCount;
        Depths = [.. ensemble.TreeDepths];
        var groups = (TreeCount + TreesPerGroup - 1) / TreesPerGroup;
        Roots = new int[groups * TreesPerGroup];
        ensemble.TreeStarts.AsSpan(0, TreeCount).CopyTo(Roots);
        GroupDepths = new int[groups];
        for (var tree = 0; tree < Depths.Length; tree++)
        {
            ref var depth = ref GroupDepths[tree / TreesPerGroup];
            depth = Math.Max(depth, Depths[tree]);
        }
    }

    private CompactForest(TreeEnsemble ensemble, RowKeys<T> keys, T[] leafValues) : this(ensemble, keys, [], new LeafForm<T>(ensemble, leafValues))
    {
        (FirstTree, FirstNode) = (TreeCount, ensemble.NodeCount);
        Roots.AsSpan(TreeCount).Fill(FirstNode);
    }

    private CompactForest(CompactForest<T> forest, int firstTree)
    {
        FirstTree = firstTree;
        FirstNode = firstTree < forest.TreeCount ? forest.Roots[firstTree] : forest.Nodes.Length;
        Nodes = GC.AllocateUninitializedArray<CompactNode>(forest.Nodes.Length - FirstNode, pinned: true);
        forest.Nodes.AsSpan(FirstNode).CopyTo(Nodes);
        (Keys, Leaves, Features) = (forest.Keys, forest.Leaves, forest.Features);
        (Depths, Roots, GroupDepths) = (forest.Depths, [.. forest.Roots], forest.GroupDepths);
        Roots.AsSpan(TreeCount).Fill(FirstNode);
    }

    public RowKeys<T> Keys { get; }

    /// <summary>Pinned. From <see cref="FirstNode"/> on.</summary>
    public CompactNode[] Nodes { get; }

    /// <summary>The nodes of trees before this one are not here.</summary>
    public int FirstTree { get; }

    /// <summary>Of all nodes of the ensemble, the first that is here.</summary>
    public int FirstNode { get; }

    public LeafForm<T> Leaves { get; }

    public int Features { get; }

    public int[] Depths { get; }

    /// <summary>The first node of each tree, counted over the whole ensemble, filled up to whole groups with one that is here.</summary>
    public int[] Roots { get; }

    /// <summary>The deepest of each group of trees.</summary>
    public int[] GroupDepths { get; }

    public int TreeCount => Depths.Length;

    /// <summary>How many nodes a tree has.</summary>
    public int NodesOf(int tree) => (tree + 1 < TreeCount ? Roots[tree + 1] : FirstNode + Nodes.Length) - Roots[tree];

    /// <summary>All but the nodes of the first trees, for a kernel that has another form of them.</summary>
    public CompactForest<T> WithoutNodes(int trees) => trees <= FirstTree ? this : new(this, trees);

    /// <summary>Keys and leaves without any nodes, for a kernel that has another form of them.</summary>
    /// <param name="leafValues">What that form's leaves point into.</param>
    public static CompactForest<T> OfLeaves(TreeEnsemble ensemble, RowKeys<T> keys, T[] leafValues) => new(ensemble, keys, leafValues);

    /// <summary>The compact form, or null when there are no trees, or the splits need more slots, longer steps or larger tables than <typeparamref name="TForm"/> can have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe CompactForest<T>? TryCreate<TForm>(TreeEnsemble ensemble)
        where TForm : INodeForm
    {
        if (ensemble.TreeCount == 0) return null;
        var inSingle = typeof(T) == typeof(float) && typeof(TForm) == typeof(OrderNodes);
        var splits = inSingle ? (SplitEncoder<T>)(object)new SingleSplits(ensemble) : RankSplits<T>.TryCreate(ensemble.Splits, TForm.MaxSlot);
        if (splits is null || splits.Keys.BlockSlots > TForm.MaxSlot) return null;
        var nodes = GC.AllocateUninitializedArray<CompactNode>(ensemble.NodeCount, pinned: true);
        var leaves = new LeafPayloads<T>(ensemble, inSingle);
        var features = ensemble.Features.AsSpan();
        var children = ensemble.LeftChildren.AsSpan();
        for (var node = 0; node < nodes.Length; node++)
        {
            if (features[node] < 0)
            {
                nodes[node] = TForm.Write(leaves.Of(node), 0, 0);
                continue;
            }
            var step = children[node] - node;
            if (step > TForm.MaxStep) return null;
            var (slot, bound) = splits.Encode(node);
            nodes[node] = TForm.Write(bound, slot, step);
        }
        return new CompactForest<T>(ensemble, splits.Keys, nodes, leaves.ToForm());
    }
}

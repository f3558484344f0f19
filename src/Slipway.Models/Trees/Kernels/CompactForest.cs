using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A <see cref="TreeEnsemble"/> in the layout that the fast kernels walk: the same nodes in the same order. Immutable.</summary>
internal sealed class CompactForest<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Trees that are walked together.</summary>
    public const int TreesPerGroup = 8;

    private CompactForest(TreeEnsemble ensemble, RowKeys<T> keys, CompactNode[] nodes, T[] leafValues)
    {
        Keys = keys;
        Nodes = nodes;
        LeafValues = leafValues;
        Features = ensemble.FeatureCount;
        Outputs = ensemble.OutputCount;
        HasVectorLeaves = ensemble.HasVectorLeaves;
        RoundsToSingle = typeof(T) != typeof(float) && ensemble.Arithmetic == TreeArithmetic.Float32;
        BaseMargins = Values(ensemble.BaseMargins.AsSpan());
        TreeOutputs = [.. ensemble.TreeOutputs];
        Depths = [.. ensemble.TreeDepths];
        var groups = (TreeOutputs.Length + TreesPerGroup - 1) / TreesPerGroup;
        Roots = new int[groups * TreesPerGroup];
        ensemble.TreeStarts.AsSpan(0, TreeOutputs.Length).CopyTo(Roots);
        GroupDepths = new int[groups];
        for (var tree = 0; tree < Depths.Length; tree++)
        {
            ref var depth = ref GroupDepths[tree / TreesPerGroup];
            depth = Math.Max(depth, Depths[tree]);
        }
    }

    public RowKeys<T> Keys { get; }

    /// <summary>Pinned.</summary>
    public CompactNode[] Nodes { get; }

    /// <summary>Pinned. What leaves point into: a value for each leaf, or <see cref="Outputs"/> values; empty when nodes hold their values themselves.</summary>
    public T[] LeafValues { get; }

    public int Features { get; }

    public int Outputs { get; }

    public bool HasVectorLeaves { get; }

    /// <summary>Sums are rounded to float32 after every tree, though <typeparamref name="T"/> is wider.</summary>
    public bool RoundsToSingle { get; }

    public T[] BaseMargins { get; }

    public int[] TreeOutputs { get; }

    public int[] Depths { get; }

    /// <summary>The first node of each tree, filled up with zeros to whole groups.</summary>
    public int[] Roots { get; }

    /// <summary>The deepest of each group of trees.</summary>
    public int[] GroupDepths { get; }

    public int TreeCount => TreeOutputs.Length;

    /// <summary>The compact form, or null when there are no trees, or the splits need more slots, longer steps or larger tables than <typeparamref name="TForm"/> can have.</summary>
    public static unsafe CompactForest<T>? TryCreate<TForm>(TreeEnsemble ensemble)
        where TForm : INodeForm
    {
        if (ensemble.TreeCount == 0) return null;
        var inSingle = typeof(T) == typeof(float) && typeof(TForm) == typeof(OrderNodes);
        var splits = inSingle ? (SplitEncoder<T>)(object)new SingleSplits(ensemble) : RankSplits<T>.TryCreate(ensemble);
        if (splits is null || splits.Keys.BlockSlots > TForm.MaxSlot) return null;
        var nodes = GC.AllocateUninitializedArray<CompactNode>(ensemble.NodeCount, pinned: true);
        var inNodes = inSingle && !ensemble.HasVectorLeaves;
        var leaves = 0;
        for (var node = 0; node < nodes.Length; node++)
        {
            if (ensemble.IsLeaf(node))
            {
                var payload = ensemble.HasVectorLeaves ? ~ensemble.LeftChildren[node] : inNodes ? BitConverter.SingleToInt32Bits((float)ensemble.Thresholds[node]) : leaves++;
                nodes[node] = TForm.Write(payload, 0, 0);
                continue;
            }
            var step = ensemble.LeftChildren[node] - node;
            if (step > TForm.MaxStep) return null;
            var (slot, bound) = splits.Encode(node);
            nodes[node] = TForm.Write(bound, slot, step);
        }
        return new CompactForest<T>(ensemble, splits.Keys, nodes, ensemble.HasVectorLeaves ? Values(ensemble.LeafVectors.AsSpan()) : LeafTable(ensemble, leaves));
    }

    private static T[] LeafTable(TreeEnsemble ensemble, int leaves)
    {
        var table = GC.AllocateUninitializedArray<T>(leaves, pinned: true);
        for (int node = 0, leaf = 0; leaf < leaves; node++)
        {
            if (ensemble.IsLeaf(node)) table[leaf++] = T.CreateTruncating(ensemble.Thresholds[node]);
        }
        return table;
    }

    private static T[] Values(ReadOnlySpan<double> values)
    {
        var converted = GC.AllocateUninitializedArray<T>(values.Length, pinned: true);
        for (var i = 0; i < values.Length; i++) converted[i] = T.CreateTruncating(values[i]);
        return converted;
    }
}

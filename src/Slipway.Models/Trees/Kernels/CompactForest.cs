using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A node in 8 bytes; its left child is <see cref="Step"/> nodes on, the right one follows it.</summary>
/// <param name="Bound">Splits: keys above go right. Leaves: the bits of the value, or the index of the leaf's vector.</param>
/// <param name="Slot">The key to compare; 0 at leaves.</param>
/// <param name="Step">0 at leaves, so that walking on stays there.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CompactNode(int Bound, ushort Slot, ushort Step);

/// <summary>A <see cref="TreeEnsemble"/> of numeric splits in the layout that the fast kernels walk. Immutable.</summary>
internal sealed class CompactForest
{
    /// <summary>Trees that are walked together.</summary>
    public const int TreesPerGroup = 8;

    private CompactForest(TreeEnsemble ensemble, RowKeys keys, CompactNode[] nodes)
    {
        Keys = keys;
        Nodes = nodes;
        Features = ensemble.FeatureCount;
        Outputs = ensemble.OutputCount;
        BaseMargins = ToSingle(ensemble.BaseMargins);
        LeafVectors = ToSingle(ensemble.LeafVectors);
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

    public RowKeys Keys { get; }

    /// <summary>Pinned.</summary>
    public CompactNode[] Nodes { get; }

    public int Features { get; }

    public int Outputs { get; }

    public float[] BaseMargins { get; }

    public float[] LeafVectors { get; }

    public int[] TreeOutputs { get; }

    public int[] Depths { get; }

    /// <summary>The first node of each tree, filled up with zeros to whole groups.</summary>
    public int[] Roots { get; }

    /// <summary>The deepest of each group of trees.</summary>
    public int[] GroupDepths { get; }

    public int TreeCount => TreeOutputs.Length;

    public bool HasVectorLeaves => LeafVectors.Length > 0;

    /// <summary>The compact form, or null when the ensemble has categorical splits, no trees, or does not fit 16-bit slots and steps.</summary>
    public static CompactForest? TryCreate(TreeEnsemble ensemble)
    {
        if (ensemble.HasCategoricalSplits || ensemble.TreeCount == 0) return null;
        var keys = new RowKeys(ensemble);
        if (keys.Slots > ushort.MaxValue) return null;
        var nodes = GC.AllocateUninitializedArray<CompactNode>(ensemble.NodeCount, pinned: true);
        for (var node = 0; node < nodes.Length; node++)
        {
            if (ensemble.IsLeaf(node))
            {
                nodes[node] = new CompactNode(ensemble.HasVectorLeaves ? ~ensemble.LeftChildren[node] : BitConverter.SingleToInt32Bits((float)ensemble.Thresholds[node]), 0, 0);
                continue;
            }
            var step = ensemble.LeftChildren[node] - node;
            if (step > ushort.MaxValue) return null;
            var slot = keys.SlotOf(ensemble.Features[node], ensemble.DefaultLeft[node]);
            nodes[node] = new CompactNode(RowKeys.BoundOf(ensemble.Thresholds[node]), (ushort)slot, (ushort)step);
        }
        return new CompactForest(ensemble, keys, nodes);
    }

    private static float[] ToSingle(ImmutableArray<double> values)
    {
        var singles = new float[values.Length];
        TensorPrimitives.ConvertTruncating<double, float>(values.AsSpan(), singles);
        return singles;
    }
}

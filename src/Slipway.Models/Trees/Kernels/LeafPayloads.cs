using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>What each leaf of an ensemble holds in the nodes of a kernel: its value, or where its values are. Only while a kernel is made.</summary>
/// <param name="inNodes">Leaves of one value hold it themselves, as float32.</param>
internal sealed class LeafPayloads<T>(TreeEnsemble ensemble, bool inNodes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LeafTable<T> _table = TableFor(ensemble, inNodes);
    private readonly ImmutableArray<int> _children = ensemble.LeftChildren;
    private readonly ImmutableArray<double> _values = ensemble.Thresholds;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Of(int node) =>
        ensemble.HasVectorLeaves ? _table.Add(ensemble.LeafVectors.AsSpan(~_children[node], ensemble.OutputCount))
            : inNodes ? BitConverter.SingleToInt32Bits((float)_values[node])
            : _table.Add(_values.AsSpan(node, 1));

    /// <summary>After the payloads of all leaves.</summary>
    public LeafForm<T> ToForm() => new(ensemble, _table.Take());

    private static LeafTable<T> TableFor(TreeEnsemble ensemble, bool inNodes)
    {
        var table = new LeafTable<T>(ensemble.HasVectorLeaves ? ensemble.OutputCount : 1);
        // The vectors of a forest's leaves are mostly the same few.
        if (!ensemble.HasVectorLeaves && !inNodes) table.Expect((ensemble.NodeCount + ensemble.TreeCount) / 2);
        return table;
    }
}

using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>What each leaf of an ensemble holds in the nodes of a kernel: its value, or where its values are. Only while a kernel is made.</summary>
/// <param name="inNodes">Leaves of one value hold it themselves, as float32.</param>
internal sealed class LeafPayloads<T>(TreeEnsemble ensemble, bool inNodes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LeafTable<T> _table = new(ensemble.HasVectorLeaves ? ensemble.OutputCount : 1);

    public int Of(int node) =>
        ensemble.HasVectorLeaves ? _table.Add(ensemble.LeafVectors.AsSpan(~ensemble.LeftChildren[node], ensemble.OutputCount))
            : inNodes ? BitConverter.SingleToInt32Bits((float)ensemble.Thresholds[node])
            : _table.Add(ensemble.Thresholds.AsSpan(node, 1));

    /// <summary>After the payloads of all leaves.</summary>
    public LeafForm<T> ToForm() => new(ensemble, _table.ToArray());
}

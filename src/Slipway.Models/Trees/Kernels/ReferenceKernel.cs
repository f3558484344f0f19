using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <inheritdoc cref="KernelKind.Reference"/>
internal sealed class ReferenceKernel<T>(TreeEnsemble ensemble) : TreeKernel<T>(ensemble.FeatureCount, ensemble.OutputCount, ensemble.TreeCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void ScoreRows(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, rowLength);
            var sums = margins.Slice(r * Outputs, Outputs);
            for (var i = 0; i < sums.Length; i++) sums[i] = T.CreateTruncating(ensemble.BaseMargins[i]);
            for (var tree = 0; tree < ensemble.TreeCount; tree++)
            {
                var leaf = FindLeaf(ensemble.TreeStarts[tree], row);
                if (ensemble.HasVectorLeaves) Add(ensemble.LeafVectors.AsSpan(~ensemble.LeftChildren[leaf], Outputs), sums);
                else Add(ensemble.Thresholds[leaf], ref sums[ensemble.TreeOutputs[tree]]);
            }
        }
    }

    protected override void Walk(ReadOnlySpan<T> row, Span<int> leaves)
    {
        for (var tree = 0; tree < leaves.Length; tree++) leaves[tree] = FindLeaf(ensemble.TreeStarts[tree], row);
    }

    private int FindLeaf(int node, ReadOnlySpan<T> row)
    {
        while (true)
        {
            var feature = ensemble.Features[node];
            if (feature < 0) return node;
            node = ensemble.LeftChildren[node] + (ensemble.GoesLeft(node, double.CreateTruncating(row[feature])) ? 0 : 1);
        }
    }

    private void Add(ReadOnlySpan<double> leaf, Span<T> sums)
    {
        for (var i = 0; i < sums.Length; i++) Add(leaf[i], ref sums[i]);
    }

    private void Add(double leaf, ref T sum) =>
        sum = ensemble.Arithmetic == TreeArithmetic.Float32 ? T.CreateTruncating(float.CreateTruncating(sum) + (float)leaf) : sum + T.CreateTruncating(leaf);
}

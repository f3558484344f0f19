using System.Buffers;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Trees with <see cref="LinearLeaves"/>: another kernel finds the leaves, row by row, and their models are evaluated here.</summary>
internal sealed class LinearLeafKernel(TreeEnsemble ensemble, TreeKernel<double> walker) : TreeKernel<double>(ensemble.FeatureCount, ensemble.OutputCount, ensemble.TreeCount)
{
    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        var leaves = ArrayPool<int>.Shared.Rent(Trees);
        var reached = leaves.AsSpan(0, Trees);
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, rowLength);
            var sums = margins.Slice(r * Outputs, Outputs);
            ensemble.BaseMargins.AsSpan().CopyTo(sums);
            walker.FindLeaves(row, reached);
            for (var tree = 0; tree < reached.Length; tree++) sums[ensemble.TreeOutputs[tree]] += Value(reached[tree], row);
        }
        ArrayPool<int>.Shared.Return(leaves);
    }

    protected override void Walk(ReadOnlySpan<double> row, Span<int> leaves) => walker.FindLeaves(row, leaves);

    private double Value(int leaf, ReadOnlySpan<double> row)
    {
        var model = ~ensemble.LeftChildren[leaf] - 1;
        if (model < 0) return ensemble.Thresholds[leaf];
        var linear = ensemble.LinearLeaves;
        var sum = linear.Constants[model];
        for (var term = linear.Starts[model]; term < linear.Starts[model + 1]; term++)
        {
            var value = row[linear.Features[term]];
            if (double.IsNaN(value)) return ensemble.Thresholds[leaf];
            sum += linear.Coefficients[term] * value;
        }
        return sum;
    }
}

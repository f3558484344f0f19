using System.Buffers;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>
/// Aggregates the weights of the leaves that a row reaches, for what sums over trees cannot say: least and greatest weights, and targets that some rows have no
/// weight for. A row has the aggregate of every target, and then for every target 1 when it had a weight, else 0.
/// </summary>
/// <param name="trees">Leaves are numbered by <paramref name="nodes"/>.</param>
/// <param name="nodes">Hold the weights.</param>
/// <param name="targets">Of the weights.</param>
/// <param name="function">What becomes of several weights of a target; averages are sums still.</param>
/// <param name="inSingle">Sums are rounded to float32.</param>
internal sealed class LeafAggregation(TreeEnsemble trees, TreeNodes nodes, int targets, AggregateFunction function, bool inSingle)
    : MarginKernel<double>(trees.FeatureCount, 2 * targets)
{
    private readonly TreeKernel<double> _walk = KernelSelection.For<double>(trees, KernelKind.Automatic);

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        var leaves = ArrayPool<int>.Shared.Rent(trees.TreeCount);
        margins.Clear();
        for (var row = 0; row < count; row++)
        {
            _walk.FindLeaves(rows.Slice(row * rowLength, rowLength), leaves.AsSpan(0, trees.TreeCount));
            var of = margins.Slice(row * Outputs, Outputs);
            for (var tree = 0; tree < trees.TreeCount; tree++) Add(trees.NodeIds[leaves[tree]], of[..targets], of[targets..]);
        }
        ArrayPool<int>.Shared.Return(leaves);
    }

    private void Add(int leaf, Span<double> scores, Span<double> has)
    {
        var weights = nodes.WeightsOf(leaf);
        if (targets == 1)
        {
            // With a single target, only the first weight of a leaf counts, and the value of its node stands for none.
            Add(weights.IsEmpty ? nodes.Values[leaf] : weights[0], ref scores[0], ref has[0]);
            return;
        }
        var owners = nodes.TargetsOf(leaf);
        for (var i = 0; i < weights.Length; i++) Add(weights[i], ref scores[owners[i]], ref has[owners[i]]);
    }

    private void Add(double weight, ref double score, ref double has)
    {
        switch (function)
        {
            case AggregateFunction.Min: score = has == 0 || weight < score ? weight : score; break;
            case AggregateFunction.Max: score = has == 0 || weight > score ? weight : score; break;
            default: score = inSingle ? (float)((float)score + (float)weight) : score + weight; break;
        }
        has = 1;
    }
}

/// <summary>What becomes of the weights of a target; the numbers are those of TreeEnsemble (opset 5).</summary>
internal enum AggregateFunction
{
    Average = 0,
    Sum = 1,
    Min = 2,
    Max = 3,
}

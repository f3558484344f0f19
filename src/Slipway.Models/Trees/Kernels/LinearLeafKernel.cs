using System.Buffers;
using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Trees with <see cref="LinearLeaves"/>: another kernel finds the leaves, row by row, and their models are evaluated here.</summary>
internal sealed class LinearLeafKernel : TreeKernel<double>
{
    private const int NodesPerWord = 64;

    private readonly TreeKernel<double> _walker;
    private readonly double[] _baseMargins;
    private readonly int[] _treeOutputs;
    private readonly LinearLeaves _linear;

    /// <summary>A bit for each node that is a leaf, and the leaves in the words before each.</summary>
    private readonly ulong[] _isLeaf;
    private readonly int[] _leavesBefore;

    /// <summary>By leaf: where there is no linear model, or a value that it needs is missing.</summary>
    private readonly double[] _values;

    /// <summary>By leaf; -1 for none.</summary>
    private readonly int[] _modelOf;

    public LinearLeafKernel(TreeEnsemble ensemble, TreeKernel<double> walker) : base(ensemble.FeatureCount, ensemble.OutputCount, ensemble.TreeCount)
    {
        _walker = walker;
        _baseMargins = [.. ensemble.BaseMargins];
        _treeOutputs = [.. ensemble.TreeOutputs];
        _linear = ensemble.LinearLeaves;
        _isLeaf = new ulong[(ensemble.NodeCount + NodesPerWord - 1) / NodesPerWord];
        _leavesBefore = new int[_isLeaf.Length];
        var leaves = (ensemble.NodeCount + ensemble.TreeCount) / 2;
        (_values, _modelOf) = (new double[leaves], new int[leaves]);
        var leaf = 0;
        for (var node = 0; node < ensemble.NodeCount; node++)
        {
            if (node % NodesPerWord == 0) _leavesBefore[node / NodesPerWord] = leaf;
            if (!ensemble.IsLeaf(node)) continue;
            _isLeaf[node / NodesPerWord] |= 1UL << (node % NodesPerWord);
            _values[leaf] = ensemble.Thresholds[node];
            _modelOf[leaf++] = ~ensemble.LeftChildren[node] - 1;
        }
    }

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        var leaves = ArrayPool<int>.Shared.Rent(Trees);
        var reached = leaves.AsSpan(0, Trees);
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, rowLength);
            var sums = margins.Slice(r * Outputs, Outputs);
            _baseMargins.CopyTo(sums);
            _walker.FindLeaves(row, reached);
            for (var tree = 0; tree < reached.Length; tree++) sums[_treeOutputs[tree]] += Value(reached[tree], row);
        }
        ArrayPool<int>.Shared.Return(leaves);
    }

    protected override void Walk(ReadOnlySpan<double> row, Span<int> leaves) => _walker.FindLeaves(row, leaves);

    private double Value(int node, ReadOnlySpan<double> row)
    {
        var word = node / NodesPerWord;
        var leaf = _leavesBefore[word] + BitOperations.PopCount(_isLeaf[word] & ((1UL << (node % NodesPerWord)) - 1));
        var model = _modelOf[leaf];
        if (model < 0) return _values[leaf];
        var sum = _linear.Constants[model];
        for (var term = _linear.Starts[model]; term < _linear.Starts[model + 1]; term++)
        {
            var value = row[_linear.Features[term]];
            if (double.IsNaN(value)) return _values[leaf];
            sum += _linear.Coefficients[term] * value;
        }
        return sum;
    }
}

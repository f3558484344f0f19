using System.Buffers;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Trees.Explanations;

/// <summary>
/// How much each feature adds to a row's margins: Shapley values where what is not known follows the training rows down both sides of a split
/// (path-dependent TreeSHAP, see <see cref="FeaturePath"/>), exact and in float64. The contributions of a row add up to its margin.
/// </summary>
internal sealed class TreeContributions
{
    /// <summary>Deeper trees are refused: the walk recurses.</summary>
    private const int MaxDepth = 1000;

    private readonly TreeEnsemble _ensemble;
    private readonly int[]? _groupOf;
    private readonly double[] _expected;
    private readonly int _maxSteps;

    /// <param name="features">Which features of a row are one; null: each by itself.</param>
    /// <exception cref="ModelException">The file has no statistics of training, or trees that cannot be explained.</exception>
    public TreeContributions(TreeEnsemble ensemble, ContributionFeatures? features = null)
    {
        if (ensemble.HasLinearLeaves) throw new ModelException("contributions are asked for, but leaves are linear models: how much a feature adds is not defined for them");
        if (ensemble.MaxDepth > MaxDepth) throw new ModelException($"contributions are asked for, but a tree is {ensemble.MaxDepth} levels deep, {MaxDepth} are possible");
        if (ensemble.NodeCount > 0 && (ensemble.Covers.IsEmpty || ensemble.Covers.Any(double.IsNaN)))
        {
            throw new ModelException("contributions are asked for, but the file does not tell how many training rows came through each node");
        }
        _ensemble = ensemble;
        _groupOf = features?.GroupOf.ToArray();
        Groups = features?.MembersOf.Length ?? ensemble.FeatureCount;
        _expected = Expected(ensemble);
        _maxSteps = ensemble.MaxDepth + 2;
    }

    /// <summary>Features of a row, or groups of them.</summary>
    public int Groups { get; }

    /// <summary>Values of a row: for each output one for each group, and last what its sum starts from, with what is expected of the trees.</summary>
    public int Width => _ensemble.OutputCount * (Groups + 1);

    /// <param name="row">Features; NaN is missing.</param>
    /// <param name="contributions"><see cref="Width"/> values, all of which are written.</param>
    public void Explain<T>(ReadOnlySpan<T> row, Span<double> contributions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var perOutput = Groups + 1;
        contributions.Clear();
        for (var output = 0; output < _ensemble.OutputCount; output++) contributions[((output + 1) * perOutput) - 1] = _ensemble.BaseMargins[output] + _expected[output];
        var steps = ArrayPool<FeaturePath.Step>.Shared.Rent(_maxSteps * (_maxSteps + 1) / 2);
        for (var tree = 0; tree < _ensemble.TreeCount; tree++)
        {
            var root = _ensemble.TreeStarts[tree];
            var room = steps.AsSpan();
            FeaturePath.Extend(room[..1], -1, 1, 1);
            Visit(root, _ensemble.TreeOutputs[tree], row, room, 1, contributions);
        }
        ArrayPool<FeaturePath.Step>.Shared.Return(steps);
    }

    /// <param name="room">The path to the node, and behind it room for those of its children.</param>
    /// <param name="length">Of the path.</param>
    private void Visit<T>(int node, int output, ReadOnlySpan<T> row, Span<FeaturePath.Step> room, int length, Span<double> contributions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_ensemble.IsLeaf(node))
        {
            AddLeaf(node, output, room[..length], contributions);
            return;
        }
        var feature = _ensemble.Features[node];
        var group = GroupOf(feature);
        var (left, right) = (_ensemble.LeftChildren[node], _ensemble.LeftChildren[node] + 1);
        var goesLeft = _ensemble.GoesLeft(node, double.CreateTruncating(row[feature]));
        var (zero, one) = (1.0, 1.0);
        var known = IndexOf(room[..length], group);
        if (known >= 0)
        {
            (zero, one) = (room[known].Zero, room[known].One);
            FeaturePath.Remove(room[..length], known);
            length--;
        }
        Descend(left, node, output, row, room, length, zero, goesLeft ? one : 0, contributions);
        Descend(right, node, output, row, room, length, zero, goesLeft ? 0 : one, contributions);
    }

    private void Descend<T>(int child, int parent, int output, ReadOnlySpan<T> row, Span<FeaturePath.Step> room, int length, double zero, double one, Span<double> contributions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        zero *= Share(child, parent);
        // Neither the row nor any training row gets there.
        if (zero == 0 && one == 0) return;
        var path = room[length..];
        room[..length].CopyTo(path);
        FeaturePath.Extend(path[..(length + 1)], GroupOf(_ensemble.Features[parent]), zero, one);
        Visit(child, output, row, path, length + 1, contributions);
    }

    private void AddLeaf(int leaf, int output, ReadOnlySpan<FeaturePath.Step> path, Span<double> contributions)
    {
        var perOutput = Groups + 1;
        for (var i = 1; i < path.Length; i++)
        {
            var weight = FeaturePath.SumWithout(path, i) * (path[i].One - path[i].Zero);
            if (_ensemble.HasVectorLeaves)
            {
                for (var o = 0; o < _ensemble.OutputCount; o++) contributions[(o * perOutput) + path[i].Feature] += weight * Value(leaf, o);
            }
            else
            {
                contributions[(output * perOutput) + path[i].Feature] += weight * Value(leaf, output);
            }
        }
    }

    private int GroupOf(int feature) => _groupOf is null ? feature : _groupOf[feature];

    private double Value(int leaf, int output) =>
        _ensemble.HasVectorLeaves ? _ensemble.LeafVectors[~_ensemble.LeftChildren[leaf] + output] : _ensemble.Thresholds[leaf];

    private double Share(int child, int parent) => Share(_ensemble, child, parent);

    /// <summary>Of the training rows at a node those that went to a child; of none, half.</summary>
    private static double Share(TreeEnsemble ensemble, int child, int parent) => ensemble.Covers[parent] == 0 ? 0.5 : ensemble.Covers[child] / ensemble.Covers[parent];

    private static int IndexOf(ReadOnlySpan<FeaturePath.Step> path, int feature)
    {
        for (var i = 1; i < path.Length; i++)
        {
            if (path[i].Feature == feature) return i;
        }
        return -1;
    }

    /// <summary>What the trees add to each output for a row of which nothing is known. Children come after their parents.</summary>
    private static double[] Expected(TreeEnsemble ensemble)
    {
        var shares = new double[ensemble.NodeCount];
        var expected = new double[ensemble.OutputCount];
        for (var tree = 0; tree < ensemble.TreeCount; tree++)
        {
            shares[ensemble.TreeStarts[tree]] = 1;
            for (var node = ensemble.TreeStarts[tree]; node < ensemble.TreeStarts[tree + 1]; node++)
            {
                if (!ensemble.IsLeaf(node))
                {
                    var left = ensemble.LeftChildren[node];
                    shares[left] = shares[node] * Share(ensemble, left, node);
                    shares[left + 1] = shares[node] * Share(ensemble, left + 1, node);
                }
                else if (ensemble.HasVectorLeaves)
                {
                    for (var output = 0; output < expected.Length; output++) expected[output] += shares[node] * ensemble.LeafVectors[~ensemble.LeftChildren[node] + output];
                }
                else
                {
                    expected[ensemble.TreeOutputs[tree]] += shares[node] * ensemble.Thresholds[node];
                }
            }
        }
        return expected;
    }
}

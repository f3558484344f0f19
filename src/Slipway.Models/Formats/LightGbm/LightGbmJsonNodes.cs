using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>Puts the nested nodes of a JSON tree into the arrays of a <see cref="LightGbmTree"/>. A node is pushed where its object begins and popped where it ends.</summary>
internal sealed class LightGbmJsonNodes(LightGbmTree tree)
{
    /// <summary>The least that a leaf takes in a file.</summary>
    private const int MinLeafBytes = 16;

    private readonly List<Node> _open = [];
    private readonly GrowingArray<(int Start, int Count)> _terms = new();
    private int _splits;
    private int _leaves;

    public int Open => _open.Count;

    public ref Node Top => ref CollectionsMarshal.AsSpan(_open)[^1];

    /// <summary>Terms of linear leaves in the order of the file.</summary>
    public GrowingArray<double> TermFeatures { get; } = new();

    /// <inheritdoc cref="TermFeatures"/>
    public GrowingArray<double> TermCoefficients { get; } = new();

    /// <param name="fileBytes">The number of leaves is checked against them.</param>
    public void Begin(int fileBytes)
    {
        if (tree.Leaves < 1 || tree.Leaves > fileBytes / MinLeafBytes) throw new ModelException($"num_leaves before tree_structure is {tree.Leaves}, 1 to {fileBytes / MinLeafBytes} expected");
        (_splits, _leaves) = (0, 0);
        TermFeatures.Clear();
        TermCoefficients.Clear();
        Fill(tree.Features, tree.Leaves - 1, -1);
        Fill(tree.Thresholds, tree.Leaves - 1, 0);
        Fill(tree.DecisionTypes, tree.Leaves - 1, 0);
        Fill(tree.LeftChildren, tree.Leaves - 1, 0);
        Fill(tree.RightChildren, tree.Leaves - 1, 0);
        Fill(tree.Gains, tree.Leaves - 1, double.NaN);
        Fill(tree.SplitCounts, tree.Leaves - 1, double.NaN);
        Fill(tree.LeafValues, tree.Leaves, double.NaN);
        Fill(tree.LeafCounts, tree.Leaves, double.NaN);
        Fill(tree.LeafConstants, tree.Leaves, double.NaN);
        Fill(_terms, tree.Leaves, default);
    }

    /// <param name="isLeft">The left child of the node that is open.</param>
    public void Push(bool isLeft) => _open.Add(new Node { IsLeft = isLeft });

    public void Pop()
    {
        var node = Top;
        _open.RemoveAt(_open.Count - 1);
        var reference = double.IsNaN(node.LeafValue) ? Split(node) : Leaf(node);
        if (_open.Count == 0) return;
        ref var parent = ref Top;
        if (node.IsLeft) parent.Left = reference;
        else parent.Right = reference;
    }

    public void End()
    {
        if (_splits != tree.Leaves - 1 || _leaves != tree.Leaves) throw new ModelException($"there are {_splits} splits and {_leaves} leaves, but num_leaves is {tree.Leaves}");
        tree.SetStarts.Add(tree.Categories.Count);
        if (tree.LeafCounts.Items.Contains(double.NaN) || tree.SplitCounts.Items.Contains(double.NaN))
        {
            tree.LeafCounts.Clear();
            tree.SplitCounts.Clear();
        }
        if (!tree.IsLinear) return;
        if (tree.LeafConstants.Items.Contains(double.NaN)) throw new ModelException($"leaf {tree.LeafConstants.Items.IndexOf(double.NaN)} has no leaf_const, but others have");
        foreach (var (start, count) in _terms.Items)
        {
            tree.TermCounts.Add(count);
            for (var term = start; term < start + count; term++)
            {
                var feature = TermFeatures[term];
                if (feature != (int)feature) throw new ModelException($"leaf_features holds {feature}");
                tree.TermFeatures.Add((int)feature);
                tree.TermCoefficients.Add(TermCoefficients[term]);
            }
        }
    }

    /// <returns>The number of the set.</returns>
    public int BeginSet()
    {
        tree.SetStarts.Add(tree.Categories.Count);
        return tree.SetStarts.Count - 1;
    }

    public void Category(int category) => tree.Categories.Add(category);

    private int Split(Node node)
    {
        var split = node.Split;
        if ((uint)split >= (uint)tree.Features.Count || tree.Features[split] >= 0) throw new ModelException($"split_index {split} is given twice, or is none of {tree.Features.Count} splits");
        if (node.Feature < 0) throw new ModelException($"split {split} has no split_feature");
        if (node.Left is not { } left || node.Right is not { } right) throw new ModelException($"split {split} lacks a child");
        if (double.IsNaN(node.Threshold)) throw new ModelException($"split {split} has no threshold");
        if (node.IsCategorical && !node.HasSet)
        {
            if (node.Threshold != (int)node.Threshold) throw new ModelException($"split {split} is by category {node.Threshold}");
            var category = (int)node.Threshold;
            node.Threshold = BeginSet();
            Category(category);
        }
        tree.Features[split] = node.Feature;
        tree.Thresholds[split] = node.Threshold;
        tree.DecisionTypes[split] = DecisionType.Of(node.IsCategorical || node.HasSet, node.DefaultLeft, node.Missing);
        tree.LeftChildren[split] = left;
        tree.RightChildren[split] = right;
        tree.Gains[split] = node.Gain;
        tree.SplitCounts[split] = node.SplitCount;
        _splits++;
        return split;
    }

    private int Leaf(Node node)
    {
        var leaf = node.Leaf;
        if ((uint)leaf >= (uint)tree.LeafValues.Count || !double.IsNaN(tree.LeafValues[leaf])) throw new ModelException($"leaf_index {leaf} is given twice, or is none of {tree.LeafValues.Count} leaves");
        tree.LeafValues[leaf] = node.LeafValue;
        tree.LeafCounts[leaf] = node.LeafCount;
        tree.LeafConstants[leaf] = node.LeafConstant;
        if (!double.IsNaN(node.LeafConstant)) tree.IsLinear = true;
        if (node.TermFeatures.Count != node.TermCoefficients.Count) throw new ModelException($"leaf {leaf} has {node.TermFeatures.Count} leaf_features, but {node.TermCoefficients.Count} leaf_coeff");
        _terms[leaf] = node.TermFeatures;
        if (node.TermFeatures.Start != node.TermCoefficients.Start) throw new ModelException($"leaf {leaf} has leaf_features or leaf_coeff twice");
        _leaves++;
        return ~leaf;
    }

    private static void Fill<T>(GrowingArray<T> array, int count, T value)
        where T : unmanaged
    {
        array.Clear();
        array.Grow(count).Fill(value);
    }

    /// <summary>What was read of a node.</summary>
    public struct Node
    {
        public Node()
        {
        }

        public bool IsLeft;
        public int Split;
        public int Feature = -1;
        public double Threshold = double.NaN;
        public bool HasSet;
        public bool IsCategorical;
        public bool DefaultLeft;
        public MissingType Missing;
        public double Gain = double.NaN;
        public double SplitCount = double.NaN;
        public int? Left;
        public int? Right;
        public int Leaf;
        public double LeafValue = double.NaN;
        public double LeafCount = double.NaN;
        public double LeafConstant = double.NaN;
        public (int Start, int Count) TermFeatures;
        public (int Start, int Count) TermCoefficients;
    }
}

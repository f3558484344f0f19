using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>
/// Decision trees of one model in structure-of-arrays form: immutable, and free of any library's conventions beyond these:
/// a numeric split sends <c>x &lt; threshold</c> left and everything else right; a categorical split sends the categories of its set right
/// and every other value left; NaN, whatever its payload, goes the node's default way. Margins start from <see cref="BaseMargins"/> and the leaves are
/// added tree by tree, in order, in the precision of <see cref="Arithmetic"/>, so that every kernel gives the same bits.
/// Nodes of a tree are consecutive and in breadth-first order; siblings are neighbours. Made by <see cref="TreeEnsembleBuilder"/>.
/// </summary>
public sealed class TreeEnsemble
{
    private readonly Lock _layingOut = new();
    private TreeNodes? _nodes;

    /// <param name="symmetric">Laid out as nodes when these are asked for.</param>
    /// <param name="nodes">null when <paramref name="symmetric"/> is not.</param>
    internal TreeEnsemble(SymmetricForest? symmetric, TreeNodes? nodes) => (Symmetric, _nodes) = (symmetric, nodes);

    /// <summary>The trees, when all have one split on each level; may be null even then.</summary>
    internal SymmetricForest? Symmetric { get; }

    /// <summary>Values in a row.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>What leaves and sums are computed in.</summary>
    public required TreeArithmetic Arithmetic { get; init; }

    /// <summary>Margins per row: classes or targets.</summary>
    public required int OutputCount { get; init; }

    /// <summary>What each output's sum starts from; as many as <see cref="OutputCount"/>.</summary>
    public required ImmutableArray<double> BaseMargins { get; init; }

    /// <summary>The first node of each tree, and after the last tree the number of nodes.</summary>
    public required ImmutableArray<int> TreeStarts { get; init; }

    /// <summary>Edges from the root to the deepest leaf, per tree.</summary>
    public required ImmutableArray<int> TreeDepths { get; init; }

    /// <summary>The output each tree adds to; unused (0) when leaves are vectors.</summary>
    public required ImmutableArray<int> TreeOutputs { get; init; }

    /// <summary>The feature each node splits on; -1 at a leaf.</summary>
    public ImmutableArray<int> Features => Nodes.Features;

    /// <summary>Numeric splits: the threshold. Leaves: the value (NaN makes the sum NaN), or with vector leaves unused.</summary>
    public ImmutableArray<double> Thresholds => Nodes.Thresholds;

    /// <summary>
    /// Splits: the left child, as an index into all nodes; the right child follows it. Leaves: -1, or with vector leaves ~(first value in <see cref="LeafVectors"/>),
    /// or with a linear model ~(1 + its number in <see cref="LinearLeaves"/>).
    /// </summary>
    public ImmutableArray<int> LeftChildren => Nodes.LeftChildren;

    /// <summary>Which way NaN goes, per node.</summary>
    public ImmutableArray<bool> DefaultLeft => Nodes.DefaultLeft;

    /// <summary>Categorical splits: the index of their set; -1 elsewhere.</summary>
    public ImmutableArray<int> CategorySets => Nodes.CategorySets;

    /// <summary>The first entry of each set in <see cref="Categories"/>, and after the last set the number of entries.</summary>
    public required ImmutableArray<int> CategorySetStarts { get; init; }

    /// <summary>The categories that go right, ascending within each set.</summary>
    public required ImmutableArray<int> Categories { get; init; }

    /// <summary>Vector leaves: <see cref="OutputCount"/> values for each; else empty.</summary>
    public required ImmutableArray<double> LeafVectors { get; init; }

    /// <summary>Leaves that are linear functions of the row.</summary>
    public LinearLeaves LinearLeaves { get; init; } = LinearLeaves.None;

    /// <summary>Training rows, or the sum of their hessians, that came through each node; empty when the file does not say.</summary>
    public ImmutableArray<double> Covers => Nodes.Covers;

    /// <summary>What each split gained in training; empty when the file does not say.</summary>
    public ImmutableArray<double> Gains => Nodes.Gains;

    /// <summary>The number that whoever built the tree gave each node: from 0 in every tree; empty when only scores are wanted.</summary>
    public ImmutableArray<int> NodeIds => Nodes.Ids;

    public int TreeCount => TreeOutputs.Length;

    public int NodeCount => TreeStarts[^1];

    /// <summary>Every tree adds to all outputs at once.</summary>
    public bool HasVectorLeaves => !LeafVectors.IsEmpty;

    /// <summary>Some leaves are linear functions of the row.</summary>
    public bool HasLinearLeaves => LinearLeaves.Count > 0;

    public bool HasCategoricalSplits => CategorySetStarts.Length > 1;

    /// <summary>The categories that a categorical split sends right, ascending.</summary>
    public ReadOnlySpan<int> CategoriesOf(int set) => Categories.AsSpan()[CategorySetStarts[set]..CategorySetStarts[set + 1]];

    /// <summary>The ensemble of its first trees.</summary>
    public TreeEnsemble First(int trees)
    {
        var symmetric = Symmetric?.First(trees, OutputCount);
        return new TreeEnsemble(symmetric, symmetric is null ? Nodes.First(TreeStarts[trees]) : null)
        {
            FeatureCount = FeatureCount,
            Arithmetic = Arithmetic,
            OutputCount = OutputCount,
            BaseMargins = BaseMargins,
            TreeStarts = TreeStarts[..(trees + 1)],
            TreeDepths = TreeDepths[..trees],
            TreeOutputs = TreeOutputs[..trees],
            CategorySetStarts = CategorySetStarts,
            Categories = Categories,
            LeafVectors = symmetric is not null && HasVectorLeaves ? symmetric.LeafValues : LeafVectors,
            LinearLeaves = LinearLeaves,
        };
    }

    public bool IsLeaf(int node) => Features[node] < 0;

    /// <summary>Whether a value of the feature that a node splits on goes to its left child.</summary>
    public bool GoesLeft(int node, double value) =>
        double.IsNaN(value) ? DefaultLeft[node]
            : CategorySets[node] is var set and >= 0 ? !Contains(set, value)
            : value < Thresholds[node];

    private TreeNodes Nodes => Volatile.Read(ref _nodes) ?? LayOut();

    private TreeNodes LayOut()
    {
        lock (_layingOut)
        {
            if (_nodes is null) Volatile.Write(ref _nodes, Symmetric!.LayOut(NodeCount));
            return _nodes!;
        }
    }

    private bool Contains(int set, double value) => value >= 0 && value <= int.MaxValue && CategoriesOf(set).BinarySearch((int)value) >= 0;

    /// <summary>The features that splits look at, ascending.</summary>
    public int[] UsedFeatures() => new FeatureRanks(Splits).Features();

    /// <summary>The splits of all nodes.</summary>
    internal SplitColumns Splits => new(this, Features, Thresholds, DefaultLeft, CategorySets);

    /// <summary>Edges from a root to the deepest leaf of all.</summary>
    public int MaxDepth
    {
        get
        {
            var max = 0;
            foreach (var depth in TreeDepths) max = Math.Max(max, depth);
            return max;
        }
    }
}

using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>
/// Decision trees of one model in structure-of-arrays form: immutable, and free of any library's conventions beyond these:
/// a numeric split sends <c>x &lt; threshold</c> left and everything else right; a categorical split sends the categories of its set right
/// and every other value left; NaN goes the node's default way. Margins are float32: they start from <see cref="BaseMargins"/> and the leaves are
/// added tree by tree, in order, so that every kernel gives the same bits.
/// Nodes of a tree are consecutive and in breadth-first order; siblings are neighbours. Made by <see cref="TreeEnsembleBuilder"/>.
/// </summary>
public sealed class TreeEnsemble
{
    internal TreeEnsemble()
    {
    }

    /// <summary>Values in a row.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>Margins per row: classes or targets.</summary>
    public required int OutputCount { get; init; }

    /// <summary>What each output's sum starts from; as many as <see cref="OutputCount"/>.</summary>
    public required ImmutableArray<float> BaseMargins { get; init; }

    /// <summary>The first node of each tree, and after the last tree the number of nodes.</summary>
    public required ImmutableArray<int> TreeStarts { get; init; }

    /// <summary>Edges from the root to the deepest leaf, per tree.</summary>
    public required ImmutableArray<int> TreeDepths { get; init; }

    /// <summary>The output each tree adds to; unused (0) when leaves are vectors.</summary>
    public required ImmutableArray<int> TreeOutputs { get; init; }

    /// <summary>The feature each node splits on; -1 at a leaf.</summary>
    public required ImmutableArray<int> Features { get; init; }

    /// <summary>Numeric splits: the threshold. Leaves: the value, or with vector leaves unused.</summary>
    public required ImmutableArray<float> Thresholds { get; init; }

    /// <summary>Splits: the left child, as an index into all nodes; the right child follows it. Leaves: -1, or with vector leaves ~(first value in <see cref="LeafVectors"/>).</summary>
    public required ImmutableArray<int> LeftChildren { get; init; }

    /// <summary>Which way NaN goes, per node.</summary>
    public required ImmutableArray<bool> DefaultLeft { get; init; }

    /// <summary>Categorical splits: the index of their set; -1 elsewhere.</summary>
    public required ImmutableArray<int> CategorySets { get; init; }

    /// <summary>The first word of each set in <see cref="CategoryBits"/>, and after the last set the number of words.</summary>
    public required ImmutableArray<int> CategorySetStarts { get; init; }

    /// <summary>Bit c of a set: category c goes right.</summary>
    public required ImmutableArray<uint> CategoryBits { get; init; }

    /// <summary>Vector leaves: <see cref="OutputCount"/> values for each; else empty.</summary>
    public required ImmutableArray<float> LeafVectors { get; init; }

    public int TreeCount => TreeOutputs.Length;

    public int NodeCount => Features.Length;

    /// <summary>Every tree adds to all outputs at once.</summary>
    public bool HasVectorLeaves => !LeafVectors.IsEmpty;

    public bool HasCategoricalSplits => CategorySetStarts.Length > 1;

    public bool IsLeaf(int node) => Features[node] < 0;

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

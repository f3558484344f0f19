using Slipway.Core;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What a node tests; the numbers are those of TreeEnsemble (opset 5).</summary>
internal enum NodeMode : byte
{
    AtMost = 0,
    Less = 1,
    AtLeast = 2,
    Greater = 3,
    Equal = 4,
    NotEqual = 5,
    Member = 6,
    Leaf = 7,
}

internal static class NodeModes
{
    /// <returns>null for a word that the standard does not have.</returns>
    public static NodeMode? Parse(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("BRANCH_LEQ"u8) ? NodeMode.AtMost
        : word.SequenceEqual("LEAF"u8) ? NodeMode.Leaf
        : word.SequenceEqual("BRANCH_LT"u8) ? NodeMode.Less
        : word.SequenceEqual("BRANCH_GTE"u8) ? NodeMode.AtLeast
        : word.SequenceEqual("BRANCH_GT"u8) ? NodeMode.Greater
        : word.SequenceEqual("BRANCH_EQ"u8) ? NodeMode.Equal
        : word.SequenceEqual("BRANCH_NEQ"u8) ? NodeMode.NotEqual
        : null;
}

/// <summary>The nodes of an ensemble as its operator gives them, whatever its version; an index points into all nodes.</summary>
internal sealed class TreeNodes
{
    public required NodeMode[] Modes { get; init; }

    /// <summary>The feature that is tested; unused at leaves.</summary>
    public required int[] Features { get; init; }

    /// <summary>What the feature is compared with. At leaves: what rows get there when no weight is given for a single target.</summary>
    public required double[] Values { get; init; }

    /// <summary>Where a row goes for which the test holds; unused at leaves.</summary>
    public required int[] Trues { get; init; }

    public required int[] Falses { get; init; }

    /// <summary>Nodes whose test holds for NaN, too; empty when there are none.</summary>
    public required bool[] MissingIsTrue { get; init; }

    /// <summary>The first node of each tree.</summary>
    public required int[] Roots { get; init; }

    /// <summary>The numbers that the file gives the nodes.</summary>
    public required int[] Numbers { get; init; }

    /// <summary>The first weight of each node, and after the last node the number of weights.</summary>
    public required int[] WeightStarts { get; init; }

    /// <summary>What each weight is added to.</summary>
    public required int[] WeightTargets { get; init; }

    public required double[] Weights { get; init; }

    /// <summary>The sets of <see cref="NodeMode.Member"/> nodes.</summary>
    public Dictionary<int, double[]> Members { get; init; } = [];

    public int Count => Modes.Length;

    public bool IsMissingTrue(int node) => MissingIsTrue.Length > 0 && MissingIsTrue[node];

    public ReadOnlySpan<int> TargetsOf(int leaf) => WeightTargets.AsSpan()[WeightStarts[leaf]..WeightStarts[leaf + 1]];

    public ReadOnlySpan<double> WeightsOf(int leaf) => Weights.AsSpan()[WeightStarts[leaf]..WeightStarts[leaf + 1]];
}

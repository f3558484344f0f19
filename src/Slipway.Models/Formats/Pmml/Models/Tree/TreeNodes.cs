using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>The predicate of a node. The simple ones in the order of <see cref="SimpleOperator"/>.</summary>
internal enum NodePredicate : byte
{
    Equal,
    NotEqual,
    LessThan,
    LessOrEqual,
    GreaterThan,
    GreaterOrEqual,
    IsMissing,
    IsNotMissing,
    IsIn,
    IsNotIn,
    True,
    False,

    /// <summary>None of the above: <see cref="TreeNodes.Compounds"/>.</summary>
    Compound,
}

/// <summary>A node as the file says it; numbers and texts stay texts until it is known what they are compared with.</summary>
internal struct TreeNode
{
    /// <summary>Where its descendants end.</summary>
    public int End;

    /// <summary>The field in a simple predicate or set predicate: an index into <see cref="TreeNodes.Names"/>.</summary>
    public int Field;

    /// <summary>The text in a simple predicate; the index of a set; the index of a compound.</summary>
    public int Operand;

    /// <summary>A text; 0 where it has none.</summary>
    public int Score;

    /// <summary>A text; 0 where it has none.</summary>
    public int Id;

    /// <summary>The child to go to for a missing value; -1 where it names none.</summary>
    public int DefaultChild;
    public int Line;
    public int Column;
    public NodePredicate Predicate;
}

/// <summary>
/// The nodes of a tree in the file's order, which is depth first: the first child of node i is i + 1, and the sibling behind it is where the
/// descendants of i end.
/// </summary>
internal sealed class TreeNodes
{
    public required TreeNode[] Nodes { private get; init; }

    /// <summary>NaN where absent; empty when the tree does not need them.</summary>
    public required double[] RecordCounts { get; init; }

    /// <summary>The first score distribution of each node, and after the last node their number; empty when there are none.</summary>
    public required int[] DistributionStarts { get; init; }

    public required ImmutableArray<ScoreDistribution> Distributions { get; init; }

    /// <summary>The first member of each set, and after the last set the number of members.</summary>
    public required int[] SetStarts { get; init; }

    /// <summary>Members of sets: indices into <see cref="Names"/>.</summary>
    public required int[] SetMembers { get; init; }

    public required ImmutableArray<Predicate> Compounds { get; init; }

    /// <summary>Models inside nodes, by node.</summary>
    public required ImmutableDictionary<int, ModelElement> Embedded { get; init; }

    /// <summary>Fields, set members and distribution values, each once.</summary>
    public required ImmutableArray<string> Names { get; init; }

    public required char[] Texts { private get; init; }

    public int Count => Nodes.Length;

    public ref readonly TreeNode this[int node] => ref Nodes[node];

    public bool HasChildren(int node) => Nodes[node].End > node + 1;

    /// <summary>A text of the file; empty for 0.</summary>
    public ReadOnlySpan<char> Text(int handle)
    {
        var text = Texts.AsSpan(handle);
        return text[..text.IndexOf('\0')];
    }

    public ReadOnlySpan<int> Set(int set) => SetMembers.AsSpan(SetStarts[set]..SetStarts[set + 1]);

    public ReadOnlySpan<ScoreDistribution> DistributionsOf(int node) =>
        DistributionStarts.Length == 0 ? [] : Distributions.AsSpan()[DistributionStarts[node]..DistributionStarts[node + 1]];

    public Place Place(int node) => new("Node", Nodes[node].Line, Nodes[node].Column);
}

/// <summary>The element <c>ScoreDistribution</c>. NaN stands for what it does not give.</summary>
/// <param name="Value">An index into <see cref="TreeNodes.Names"/>.</param>
internal readonly record struct ScoreDistribution(int Value, double RecordCount, double Probability, double Confidence);

using Slipway.Core;

namespace Slipway.Models.Formats.Treelite;

/// <summary>
/// Spells tests for equality by two others: <c>x == t ? a : b</c> is <c>x &lt; t ? b : x &lt;= t ? a : b</c>, with a copy of b. What is known of x
/// in each copy decides the tests for equality in it, so that a chain of them (an enumeration) becomes a search tree and not a doubling of the rest.
/// </summary>
internal sealed class TreeliteEquality
{
    /// <summary>Tests of different features in each other's else double what is below: a tree may have that many times its nodes, and a few thousand more.</summary>
    private const int MaxGrowth = 8;
    private const int AlwaysAllowed = 1 << 14;

    /// <summary>How many facts are looked at, per node that is allowed.</summary>
    private const int FactsPerNode = 64;

    private readonly TreeliteNode[] _nodes;
    private readonly List<TreeliteNode> _replaced = [default];
    private readonly Stack<(int Origin, int Place, Range? Known)> _open = new();
    private readonly int _tree;
    private readonly long _most;
    private long _looked;

    private TreeliteEquality(TreeliteNode[] nodes, int tree)
    {
        _nodes = nodes;
        _tree = tree;
        _most = ((long)MaxGrowth * nodes.Length) + AlwaysAllowed;
    }

    /// <summary>The same nodes when none tests for equality; else others, without the statistics, which are not those of copies.</summary>
    public static TreeliteNode[] Replace(TreeliteNode[] nodes, int tree) =>
        Array.Exists(nodes, IsEquality) ? new TreeliteEquality(nodes, tree).Replace() : nodes;

    private static bool IsEquality(TreeliteNode node) => node is { Kind: TreeliteNodeKind.NumericalTest, Operator: TreeliteOperator.Equal };

    private TreeliteNode[] Replace()
    {
        _open.Push((0, 0, null));
        while (_open.TryPop(out var next))
        {
            var (origin, place, known) = next;
            if ((uint)origin >= (uint)_nodes.Length) throw new ModelException($"tree {_tree}: a child {origin} does not exist (the tree has {_nodes.Length} nodes)");
            var node = _nodes[origin] with { Cover = double.NaN, Gain = double.NaN };
            if (IsEquality(node)) Replace(node, place, known);
            else if (node.Kind == TreeliteNodeKind.Leaf) _replaced[place] = node;
            else _replaced[place] = node with { Left = Open(node.Left, known), Right = Open(node.Right, known) };
        }
        return [.. _replaced];
    }

    private void Replace(TreeliteNode node, int place, Range? known)
    {
        var (low, high, mayBeMissing) = Of(node.Feature, known);
        if (!(node.Value <= low || node.Value >= high))
        {
            var below = new Range(node.Feature, low, node.Value, mayBeMissing && !node.DefaultLeft, known);
            var above = new Range(node.Feature, node.Value, high, false, known);
            // What is equal may be tested for that value again: nothing new is noted of it.
            var (equal, smaller, larger) = (Open(node.Left, known), Open(node.Right, below), Open(node.Right, above));
            _replaced.Add(node with { Operator = TreeliteOperator.AtMost, Left = equal, Right = larger });
            // Missing values go the way of the test: left of the second node, or to the else of the first.
            _replaced[place] = node with { Operator = TreeliteOperator.LessThan, Left = smaller, Right = _replaced.Count - 1, DefaultLeft = !node.DefaultLeft };
        }
        else if (mayBeMissing && node.DefaultLeft)
        {
            // Only missing values go left.
            _replaced[place] = node with { Operator = TreeliteOperator.LessThan, Value = double.NegativeInfinity, Left = Open(node.Left, known), Right = Open(node.Right, known) };
        }
        else
        {
            _open.Push((node.Right, place, known));
        }
    }

    /// <summary>Makes a place for a node, to be filled later.</summary>
    private int Open(int origin, Range? known)
    {
        if (_replaced.Count >= _most) throw TooMuch();
        _replaced.Add(default);
        _open.Push((origin, _replaced.Count - 1, known));
        return _replaced.Count - 1;
    }

    private (double Low, double High, bool MayBeMissing) Of(int feature, Range? known)
    {
        for (; known is not null; known = known.Before)
        {
            if (++_looked > FactsPerNode * _most) throw TooMuch();
            if (known.Feature == feature) return (known.Low, known.High, known.MayBeMissing);
        }
        return (double.NaN, double.NaN, true);
    }

    private ModelException TooMuch() => new($"tree {_tree}: with its tests for equality spelled by < and <= it has more than {_most} nodes");

    /// <summary>Between which values, both excluded (NaN: no bound), a feature is at some place of the tree, unless it is missing.</summary>
    private sealed record Range(int Feature, double Low, double High, bool MayBeMissing, Range? Before);
}

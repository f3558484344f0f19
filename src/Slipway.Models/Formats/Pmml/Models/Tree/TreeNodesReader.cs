using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>Reads the element <c>Node</c> and all in it without recursion, into arrays: a forest of a million nodes makes no object for any of them.</summary>
internal sealed class TreeNodesReader(ElementReader e, bool keepsRecordCounts)
{
    private TreeNode[] _nodes = new TreeNode[64];
    private int _count;
    private readonly List<double> _recordCounts = [];
    private readonly List<int> _distributionStarts = [];
    private readonly ImmutableArray<ScoreDistribution>.Builder _distributions = ImmutableArray.CreateBuilder<ScoreDistribution>();
    private readonly List<int> _setStarts = [0];
    private readonly List<int> _setMembers = [];
    private readonly ImmutableArray<Predicate>.Builder _compounds = ImmutableArray.CreateBuilder<Predicate>();
    private readonly Dictionary<int, ModelElement> _embedded = [];
    private readonly ImmutableArray<string>.Builder _names = ImmutableArray.CreateBuilder<string>();
    private readonly ByteKeyIndex _nameIndex = new();
    private char[] _texts = new char[256];
    private int _textEnd = 1;

    /// <summary>Reads the current element, the root node.</summary>
    public TreeNodes Read()
    {
        var open = new int[16];
        var depth = e.Depth;
        open[0] = Open();
        for (var top = 0; top >= 0;)
        {
            if (!e.ReadChild(depth + top))
            {
                Close(open[top--]);
            }
            else if (e.Name == "Node")
            {
                if (++top == open.Length) Array.Resize(ref open, 2 * top);
                open[top] = Open();
            }
            else
            {
                ReadPart(open[top]);
            }
        }
        if (_distributions.Count > 0) CompleteDistributionStarts(_count + 1);
        Array.Resize(ref _nodes, _count);
        return new TreeNodes
        {
            Nodes = _nodes,
            RecordCounts = [.. _recordCounts],
            DistributionStarts = [.. _distributionStarts],
            Distributions = _distributions.DrainToImmutable(),
            SetStarts = [.. _setStarts],
            SetMembers = [.. _setMembers],
            Compounds = _compounds.DrainToImmutable(),
            Embedded = _embedded.ToImmutableDictionary(),
            Names = _names.DrainToImmutable(),
            Texts = _texts[.._textEnd],
        };
    }

    private int Open()
    {
        if (_count == _nodes.Length) Array.Resize(ref _nodes, 2 * _count);
        var place = e.Place;
        _nodes[_count] = new TreeNode
        {
            Predicate = NodePredicate.Compound,
            Field = -1,
            Operand = -1,
            Score = Keep("score"),
            Id = Keep("id"),
            // Which child that is shows when the node is closed.
            DefaultChild = Keep("defaultChild"),
            Line = place.Line,
            Column = place.Column,
        };
        if (keepsRecordCounts) _recordCounts.Add(e.Number("recordCount", double.NaN));
        return _count++;
    }

    private void Close(int number)
    {
        ref var node = ref _nodes[number];
        node.End = _count;
        if (node.Operand < 0 && node.Predicate == NodePredicate.Compound) throw new Place("Node", node.Line, node.Column).Fault("it has no predicate");
        node.DefaultChild = node.DefaultChild == 0 ? -1 : FindChild(number, Text(node.DefaultChild));
    }

    /// <summary>Only immediate children can be named; a name that none has is an error only where it is needed.</summary>
    private int FindChild(int node, ReadOnlySpan<char> id)
    {
        for (var child = node + 1; child < _count; child = _nodes[child].End)
        {
            if (_nodes[child].Id != 0 && Text(_nodes[child].Id).SequenceEqual(id)) return child;
        }
        return -1;
    }

    private void ReadPart(int node)
    {
        switch (e.Name)
        {
            case "True":
                Set(node, NodePredicate.True, -1, 0);
                break;
            case "False":
                Set(node, NodePredicate.False, -1, 0);
                break;
            case "SimplePredicate":
                ReadSimple(node);
                break;
            case "SimpleSetPredicate":
                ReadSet(node);
                break;
            case "CompoundPredicate":
                _compounds.Add(CompoundPredicateElement.Read(e));
                Set(node, NodePredicate.Compound, -1, _compounds.Count - 1);
                break;
            case "ScoreDistribution":
                ReadDistribution(node);
                break;
            case "Regression":
                _embedded[node] = Regression.RegressionModel.Read(e);
                break;
            case "DecisionTree":
                _embedded[node] = TreeModel.Read(e);
                break;
            case "Extension" or "Partition":
                break;
            default:
                throw e.Place.Unsupported("this element in a Node");
        }
    }

    private void ReadSimple(int node)
    {
        var predicate = e.RequireChoice("operator", Operators);
        var value = Keep("value");
        if (value == 0 && predicate < NodePredicate.IsMissing) throw e.Fault($"operator=\"{e.Attribute("operator")}\" needs a value");
        Set(node, predicate, Field(), value);
    }

    private void ReadSet(int node)
    {
        var predicate = e.RequireChoice("booleanOperator", SetOperators);
        var field = Field();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "Array") continue;
            foreach (var member in ArrayElement.ReadTexts(e)) _setMembers.Add(NameOf(member));
        }
        _setStarts.Add(_setMembers.Count);
        Set(node, predicate, field, _setStarts.Count - 2);
    }

    private void ReadDistribution(int node)
    {
        if (_count != node + 1) throw e.Fault("a score distribution must stand before the nodes inside its node");
        CompleteDistributionStarts(node + 1);
        _distributions.Add(new ScoreDistribution(
            NameOf(e.Require("value")), e.Number("recordCount", double.NaN), e.Number("probability", double.NaN), e.Number("confidence", double.NaN)));
    }

    private void CompleteDistributionStarts(int count)
    {
        while (_distributionStarts.Count < count) _distributionStarts.Add(_distributions.Count);
    }

    private void Set(int number, NodePredicate predicate, int field, int operand)
    {
        ref var node = ref _nodes[number];
        node.Predicate = predicate;
        node.Field = field;
        node.Operand = operand;
    }

    private int Field() => e.TryAttribute("field", out var name) ? NameOf(name) : NameOf(e.Require("field"));

    private int NameOf(ReadOnlySpan<char> name)
    {
        var key = MemoryMarshal.AsBytes(name);
        var known = _nameIndex.Find(key);
        if (known >= 0) return known;
        _nameIndex.Add(key.ToArray());
        _names.Add(name.ToString());
        return _names.Count - 1;
    }

    /// <summary>Keeps the text of an attribute.</summary>
    /// <returns>0 when it is absent.</returns>
    private int Keep(string attribute)
    {
        if (!e.TryAttribute(attribute, out var text)) return 0;
        var handle = _textEnd;
        var end = handle + (long)text.Length + 1;
        if (end > Array.MaxLength) throw e.Fault("the tree is too large");
        if (end > _texts.Length) Array.Resize(ref _texts, (int)Math.Min(Array.MaxLength, Math.Max(2L * _texts.Length, end)));
        text.CopyTo(_texts.AsSpan(handle));
        _textEnd = (int)end;
        return handle;
    }

    private ReadOnlySpan<char> Text(int handle)
    {
        var text = _texts.AsSpan(handle);
        return text[..text.IndexOf('\0')];
    }

    private static readonly Choices<NodePredicate> Operators = new(
        ("lessThan", NodePredicate.LessThan), ("lessOrEqual", NodePredicate.LessOrEqual), ("greaterThan", NodePredicate.GreaterThan), ("greaterOrEqual", NodePredicate.GreaterOrEqual),
        ("equal", NodePredicate.Equal), ("notEqual", NodePredicate.NotEqual), ("isMissing", NodePredicate.IsMissing), ("isNotMissing", NodePredicate.IsNotMissing));

    private static readonly Choices<NodePredicate> SetOperators = new(("isIn", NodePredicate.IsIn), ("isNotIn", NodePredicate.IsNotIn));
}

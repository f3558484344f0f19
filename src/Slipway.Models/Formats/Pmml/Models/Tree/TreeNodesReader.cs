using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>Reads the element <c>Node</c> and all in it without recursion, into arrays: a forest of a million nodes makes no object for any of them.</summary>
internal sealed class TreeNodesReader(ElementReader e, bool keepsRecordCounts)
{
    private readonly List<int> _ends = [];
    private readonly List<NodePredicate> _predicates = [];
    private readonly List<int> _fields = [];
    private readonly List<int> _operands = [];
    private readonly List<int> _scores = [];
    private readonly List<int> _ids = [];
    private readonly List<int> _defaultIds = [];
    private readonly List<int> _defaultChildren = [];
    private readonly List<double> _recordCounts = [];
    private readonly List<int> _lines = [];
    private readonly List<int> _columns = [];
    private readonly List<int> _distributionStarts = [];
    private readonly ImmutableArray<ScoreDistribution>.Builder _distributions = ImmutableArray.CreateBuilder<ScoreDistribution>();
    private readonly List<int> _setStarts = [0];
    private readonly List<int> _setMembers = [];
    private readonly ImmutableArray<Predicate>.Builder _compounds = ImmutableArray.CreateBuilder<Predicate>();
    private readonly Dictionary<int, ModelElement> _embedded = [];
    private readonly ImmutableArray<string>.Builder _names = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<string, int> _nameIndex = new(StringComparer.Ordinal);
    private char[] _texts = new char[256];
    private int _textEnd = 1;

    /// <summary>Reads the current element, the root node.</summary>
    public TreeNodes Read()
    {
        var open = new Stack<int>();
        var depth = e.Depth;
        open.Push(Open());
        while (open.TryPeek(out var node))
        {
            if (!e.ReadChild(depth + open.Count - 1))
            {
                Close(node);
                open.Pop();
            }
            else if (e.Name == "Node")
            {
                open.Push(Open());
            }
            else
            {
                ReadPart(node);
            }
        }
        if (_distributions.Count > 0) CompleteDistributionStarts(_ends.Count + 1);
        while (_defaultChildren.Count > 0 && _defaultChildren.Count < _ends.Count) _defaultChildren.Add(-1);
        return new TreeNodes
        {
            Ends = [.. _ends],
            Predicates = [.. _predicates],
            Fields = [.. _fields],
            Operands = [.. _operands],
            Scores = [.. _scores],
            Ids = [.. _ids],
            DefaultChildren = [.. _defaultChildren],
            RecordCounts = [.. _recordCounts],
            Lines = [.. _lines],
            Columns = [.. _columns],
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
        var place = e.Place;
        _ends.Add(0);
        _predicates.Add(NodePredicate.Compound);
        _fields.Add(-1);
        _operands.Add(-1);
        _scores.Add(Keep(e.Attribute("score")));
        _ids.Add(Keep(e.Attribute("id")));
        _defaultIds.Add(Keep(e.Attribute("defaultChild")));
        if (keepsRecordCounts) _recordCounts.Add(e.Number("recordCount", double.NaN));
        _lines.Add(place.Line);
        _columns.Add(place.Column);
        return _ends.Count - 1;
    }

    private void Close(int node)
    {
        _ends[node] = _ends.Count;
        if (_operands[node] < 0 && _predicates[node] == NodePredicate.Compound) throw new Place("Node", _lines[node], _columns[node]).Fault("it has no predicate");
        if (_defaultIds[node] != 0) FindDefaultChild(node);
    }

    /// <summary>Only immediate children can be named; a name that none has is an error only where it is needed.</summary>
    private void FindDefaultChild(int node)
    {
        for (var child = node + 1; child < _ends.Count; child = _ends[child])
        {
            if (_ids[child] == 0 || !Text(_ids[child]).SequenceEqual(Text(_defaultIds[node]))) continue;
            SetDefaultChild(node, child);
            return;
        }
    }

    private void SetDefaultChild(int node, int child)
    {
        while (_defaultChildren.Count <= node) _defaultChildren.Add(-1);
        _defaultChildren[node] = child;
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
        var value = e.Attribute("value");
        if (value is null && predicate < NodePredicate.IsMissing) throw e.Fault($"operator=\"{e.Attribute("operator")}\" needs a value");
        Set(node, predicate, NameOf(e.Require("field")), Keep(value));
    }

    private void ReadSet(int node)
    {
        var predicate = e.RequireChoice("booleanOperator", SetOperators);
        var field = NameOf(e.Require("field"));
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
        if (_ends.Count != node + 1) throw e.Fault("a score distribution must stand before the nodes inside its node");
        CompleteDistributionStarts(node + 1);
        _distributions.Add(new ScoreDistribution(
            NameOf(e.Require("value")), e.Number("recordCount", double.NaN), e.Number("probability", double.NaN), e.Number("confidence", double.NaN)));
    }

    private void CompleteDistributionStarts(int count)
    {
        while (_distributionStarts.Count < count) _distributionStarts.Add(_distributions.Count);
    }

    private void Set(int node, NodePredicate predicate, int field, int operand)
    {
        _predicates[node] = predicate;
        _fields[node] = field;
        _operands[node] = operand;
    }

    private int NameOf(string name)
    {
        if (_nameIndex.TryGetValue(name, out var index)) return index;
        _names.Add(name);
        _nameIndex.Add(name, _names.Count - 1);
        return _names.Count - 1;
    }

    private int Keep(string? text)
    {
        if (text is null) return 0;
        var handle = _textEnd;
        if (_textEnd + (long)text.Length + 1 > Array.MaxLength) throw e.Fault("the tree is too large");
        if (_textEnd + text.Length + 1 > _texts.Length) Array.Resize(ref _texts, (int)Math.Min(Array.MaxLength, Math.Max(2L * _texts.Length, _textEnd + text.Length + 1)));
        text.CopyTo(_texts.AsSpan(handle));
        _textEnd += text.Length + 1;
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

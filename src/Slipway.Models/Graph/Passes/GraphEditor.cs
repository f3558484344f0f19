using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Changes a copy of a graph: who makes and who reads a value is kept up to date.</summary>
internal sealed class GraphEditor
{
    private readonly BoundGraph _graph;
    private readonly List<BoundValue> _values;
    private readonly List<BoundNode?> _nodes;
    private readonly List<int> _producer = [];
    private readonly List<List<int>> _readers = [];
    private readonly int[] _outputs;
    private bool _changed;
    private bool _hasAppended;

    public GraphEditor(BoundGraph graph)
    {
        _graph = graph;
        _values = [.. graph.Values];
        _nodes = [.. graph.Nodes];
        _outputs = [.. graph.Outputs];
        foreach (var _ in _values)
        {
            _producer.Add(-1);
            _readers.Add([]);
        }
        for (var n = 0; n < _nodes.Count; n++) Register(n);
    }

    /// <summary>Places of nodes: a removed node's place is null.</summary>
    public IReadOnlyList<BoundNode?> Nodes => _nodes;

    public BoundValue Value(int id) => _values[id];

    public int ValueCount => _values.Count;

    public TensorValue? Constant(int id) => id < 0 ? null : _values[id].Constant as TensorValue;

    public TensorType? TypeOf(int id) => id < 0 ? null : _values[id].Type as TensorType;

    /// <summary>The place of the node that makes the value; -1 for inputs and constants.</summary>
    public int ProducerOf(int value) => value < 0 ? -1 : _producer[value];

    public BoundNode? Producer(int value) => ProducerOf(value) is var n and >= 0 ? _nodes[n] : null;

    /// <summary>The places of the nodes that read the value; one that reads it twice is there twice.</summary>
    public IReadOnlyList<int> ReadersOf(int value) => _readers[value];

    public bool IsOutput(int value) => Array.IndexOf(_outputs, value) >= 0;

    /// <summary>The only node that reads the value, when nothing else needs it; else -1.</summary>
    public int OnlyReader(int value) => value >= 0 && _readers[value].Count == 1 && !IsOutput(value) ? _readers[value][0] : -1;

    public int AddValue(BoundValue value)
    {
        _values.Add(value);
        _producer.Add(-1);
        _readers.Add([]);
        return _values.Count - 1;
    }

    public int AddConstant(string name, TensorValue constant) => AddValue(new BoundValue(name, constant.Type, constant));

    public void SetConstant(int value, Value constant)
    {
        _values[value] = _values[value] with { Constant = constant, Type = constant.Type };
        _changed = true;
    }

    /// <summary>Puts another node into a place.</summary>
    public void Replace(int place, BoundNode node)
    {
        Unregister(place);
        _nodes[place] = node;
        Register(place);
        _changed = true;
    }

    /// <summary>Adds a node that runs after the makers of what it reads and before the readers of what it makes.</summary>
    public void Append(BoundNode node)
    {
        _nodes.Add(node);
        Register(_nodes.Count - 1);
        (_changed, _hasAppended) = (true, true);
    }

    public void Remove(int place)
    {
        Unregister(place);
        _nodes[place] = null;
        _changed = true;
    }

    /// <summary>Lets all that reads one value read another.</summary>
    public void ReplaceUses(int value, int by)
    {
        foreach (var place in _readers[value].Distinct().ToArray())
        {
            var node = _nodes[place]!;
            Replace(place, node with { Inputs = [.. node.Inputs.Select(i => i == value ? by : i)] });
        }
        for (var o = 0; o < _outputs.Length; o++)
        {
            if (_outputs[o] == value) _outputs[o] = by;
        }
        _changed = true;
    }

    /// <summary>The changed graph; the graph itself when nothing was.</summary>
    public BoundGraph Build() => !_changed ? _graph : _graph with
    {
        Values = [.. _values],
        Nodes = _hasAppended ? [.. Ordered()] : [.. _nodes.OfType<BoundNode>()],
        Outputs = [.. _outputs],
    };

    /// <summary>The nodes in the order of their places, each after the makers of what it reads.</summary>
    private List<BoundNode> Ordered()
    {
        var ordered = new List<BoundNode>(_nodes.Count);
        var isPlaced = new bool[_nodes.Count];
        var waiting = new Stack<int>();
        for (var n = 0; n < _nodes.Count; n++)
        {
            if (_nodes[n] is not null && !isPlaced[n]) waiting.Push(n);
            while (waiting.TryPeek(out var place))
            {
                var isReady = true;
                foreach (var input in _nodes[place]!.Inputs)
                {
                    if (ProducerOf(input) is not (>= 0 and var maker) || isPlaced[maker]) continue;
                    waiting.Push(maker);
                    isReady = false;
                }
                if (!isReady) continue;
                waiting.Pop();
                if (isPlaced[place]) continue;
                isPlaced[place] = true;
                ordered.Add(_nodes[place]!);
            }
        }
        return ordered;
    }

    private void Register(int place)
    {
        foreach (var input in _nodes[place]!.Inputs)
        {
            if (input >= 0) _readers[input].Add(place);
        }
        foreach (var output in _nodes[place]!.Outputs)
        {
            if (output >= 0) _producer[output] = place;
        }
    }

    private void Unregister(int place)
    {
        if (_nodes[place] is not { } node) return;
        foreach (var input in node.Inputs)
        {
            if (input >= 0) _readers[input].Remove(place);
        }
        foreach (var output in node.Outputs)
        {
            if (output >= 0) _producer[output] = -1;
        }
    }
}

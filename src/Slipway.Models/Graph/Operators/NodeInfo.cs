using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What an operator is made from: the node's attributes, and which inputs and outputs it has. Factories read all attributes here, once.</summary>
internal sealed class NodeInfo
{
    private readonly Dictionary<string, object> _attributes;
    private readonly Func<GraphDefinition, Subgraph>? _bind;
    private readonly List<Subgraph> _bodies = [];

    /// <param name="version">The version of the operator's set that the model asks for (not the operator's own since-version).</param>
    /// <param name="bind">Makes the body of a control-flow operator runnable.</param>
    public NodeInfo(NodeDefinition definition, int version, Func<GraphDefinition, Subgraph>? bind = null)
    {
        Definition = definition;
        Version = version;
        // It holds the whole definition, and so its file, which nodes without bodies need no longer.
        if (definition.Attributes.Any(a => a.Value is GraphDefinition)) _bind = bind;
        _attributes = new(StringComparer.Ordinal);
        foreach (var attribute in definition.Attributes)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute.Value)) throw new ModelException($"{definition}: attribute '{attribute.Name}' is given twice");
        }
    }

    public NodeDefinition Definition { get; }

    public string Operator => Definition.Operator;

    public int Version { get; }

    public int InputCount => Definition.Inputs.Length;

    public int OutputCount => Definition.Outputs.Length;

    public bool HasInput(int index) => index < InputCount && Definition.Inputs[index].Length > 0;

    public bool HasOutput(int index) => index < OutputCount && Definition.Outputs[index].Length > 0;

    public bool Has(string attribute) => _attributes.ContainsKey(attribute);

    public IEnumerable<string> AttributeNames => _attributes.Keys;

    public long Int(string name, long otherwise) => Get(name, otherwise);

    public long Int(string name) => Required<long>(name);

    public bool Flag(string name, bool otherwise = false) => Get(name, otherwise ? 1L : 0L) != 0;

    public float Float(string name, float otherwise) => Get(name, otherwise);

    public float Float(string name) => Required<float>(name);

    public string Text(string name, string otherwise) => Get(name, otherwise);

    public string Text(string name) => Required<string>(name);

    public TensorValue? Tensor(string name) => Get<TensorValue?>(name, null);

    public GraphType? Type(string name) => Get<GraphType?>(name, null);

    /// <summary>Null when the attribute is not given; an empty list has no type in the file and fits all.</summary>
    public long[]? Ints(string name) => List<long>(name);

    public float[]? Floats(string name) => List<float>(name);

    public string[]? Texts(string name) => List<string>(name);

    public TensorValue[]? Tensors(string name) => List<TensorValue>(name);

    public SparseTensor? Sparse(string name) => Get<SparseTensor?>(name, null);

    /// <summary>An element type given by its number.</summary>
    public DataType DataType(string name, DataType otherwise)
    {
        var number = Get(name, (long)otherwise);
        if (number == (long)otherwise) return otherwise;
        return DataTypes.TryOf(number, out var type) ? type : throw Wrong($"attribute '{name}': there is no element type {number}");
    }

    /// <summary>The body of a control-flow operator, bound.</summary>
    public Subgraph Body(string name)
    {
        var definition = Required<GraphDefinition>(name);
        var body = _bind is null ? throw Wrong("graphs as attributes are not expected here") : _bind(definition);
        _bodies.Add(body);
        return body;
    }

    /// <summary>The bodies that were bound.</summary>
    public IReadOnlyList<Subgraph> Bodies => _bodies;

    /// <summary>The same node once its operator is made: what the file says of bodies, which holds their weights, and what binds them can go.</summary>
    public NodeInfo Bound()
    {
        if (_bind is null) return this;
        var bound = new NodeInfo(Definition with { Attributes = Definition.Attributes.RemoveAll(a => a.Value is GraphDefinition) }, Version);
        bound._bodies.AddRange(_bodies);
        return bound;
    }

    /// <exception cref="ModelException">Always usable as <c>throw node.Wrong(…)</c>: begins with the node.</exception>
    public ModelException Wrong(string what) => new($"{Definition}: {what}");

    /// <summary>The model is right, but asks for something that is not there.</summary>
    public ModelException Unsupported(string what) => new($"{Definition}: {what}") { IsUnsupported = true };

    private T Get<T>(string name, T otherwise)
    {
        if (!_attributes.TryGetValue(name, out var value)) return otherwise;
        return value is T right ? right : throw Wrong($"attribute '{name}' is of another kind than expected");
    }

    private T Required<T>(string name) => _attributes.ContainsKey(name) ? Get<T>(name, default!) : throw Wrong($"attribute '{name}' is missing");

    private T[]? List<T>(string name)
    {
        if (!_attributes.TryGetValue(name, out var value)) return null;
        if (value is ImmutableArray<T> list) return [.. list];
        if (value is ImmutableArray<object> { IsEmpty: true }) return [];
        throw Wrong($"attribute '{name}' is of another kind than expected");
    }
}

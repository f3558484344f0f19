using System.Collections.Immutable;
using System.Globalization;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Puts a network together node by node, with weights from a seed, as an exporter would write it: nothing is fused or folded.</summary>
internal sealed class NetworkBuilder(string name)
{
    /// <summary>The symbolic dimensions that inputs may have.</summary>
    public const long Rows = -1;

    public const long Tokens = -2;

    private readonly Random _random = new(1);
    private readonly ImmutableArray<NodeDefinition>.Builder _nodes = ImmutableArray.CreateBuilder<NodeDefinition>();
    private readonly ImmutableArray<InitializerDefinition>.Builder _initializers = ImmutableArray.CreateBuilder<InitializerDefinition>();
    private readonly ImmutableArray<ValueDefinition>.Builder _inputs = ImmutableArray.CreateBuilder<ValueDefinition>();
    private readonly ImmutableArray<ValueDefinition>.Builder _outputs = ImmutableArray.CreateBuilder<ValueDefinition>();
    private int _values;

    public ModelDefinition Build()
    {
        var graph = new GraphDefinition(name, _nodes.ToImmutable(), _inputs.ToImmutable(), _outputs.ToImmutable(), _initializers.ToImmutable(), []);
        var sets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17, ["ai.onnx.ml"] = 3 };
        return new ModelDefinition("onnx", graph, sets, [], new ModelMetadata(8, "slipway-benchmarks", "", "", 1, "", []), ["rows", "tokens"]);
    }

    public string Input(string input, DataType element, params ReadOnlySpan<long> shape)
    {
        _inputs.Add(new ValueDefinition(input, new TensorType(element, Shape.Of(shape))));
        return input;
    }

    /// <summary>Makes a value an output of the network; its rank is left open.</summary>
    public void Output(string value, DataType element = DataType.Float32) => _outputs.Add(new ValueDefinition(value, new TensorType(element)));

    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => Nodes("", operation, inputs, 1, attributes)[0];

    public string Learning(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => Nodes("ai.onnx.ml", operation, inputs, 1, attributes)[0];

    /// <returns>The names of the node's outputs.</returns>
    public string[] Nodes(string domain, string operation, ReadOnlySpan<string> inputs, int outputs, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var names = new string[outputs];
        for (var i = 0; i < outputs; i++) names[i] = Name("v");
        var given = ImmutableArray.CreateBuilder<AttributeDefinition>(attributes.Length);
        foreach (var (key, value) in attributes) given.Add(new AttributeDefinition(key, value));
        _nodes.Add(new NodeDefinition($"{operation}_{_nodes.Count.ToString(CultureInfo.InvariantCulture)}", domain, operation, "", [.. inputs], [.. names], given.ToImmutable()));
        return names;
    }

    /// <summary>Weights whose products keep the size of what goes in: uniform with the variance of He and others, 2015, for <paramref name="fanIn"/> inputs to a sum.</summary>
    public string Weights(int fanIn, params ReadOnlySpan<long> shape) => Uniform(0, (float)Math.Sqrt(6.0 / fanIn), shape);

    /// <summary>Numbers from <paramref name="middle"/> - <paramref name="spread"/> to <paramref name="middle"/> + <paramref name="spread"/>.</summary>
    public string Uniform(float middle, float spread, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = middle + (spread * ((2 * _random.NextSingle()) - 1));
        return Constant(tensor);
    }

    public string Scalar(float value) => Constant(TensorValue.Of([value]));

    public string Integers(params ReadOnlySpan<long> values) => Constant(TensorValue.Vector(values));

    /// <summary>Numbers of an attribute, from -<paramref name="spread"/> to <paramref name="spread"/>.</summary>
    public ImmutableArray<float> Floats(int count, float spread)
    {
        var values = ImmutableArray.CreateBuilder<float>(count);
        for (var i = 0; i < count; i++) values.Add(spread * ((2 * _random.NextSingle()) - 1));
        return values.MoveToImmutable();
    }

    public int Next(int limit) => _random.Next(limit);

    public string Constant(TensorValue tensor)
    {
        var constant = Name("w");
        _initializers.Add(new InitializerDefinition(constant, tensor));
        return constant;
    }

    private string Name(string prefix) => prefix + (_values++).ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Writes model definitions line by line.</summary>
internal sealed class GraphSource
{
    private readonly ImmutableArray<NodeDefinition>.Builder _nodes = ImmutableArray.CreateBuilder<NodeDefinition>();
    private readonly ImmutableArray<ValueDefinition>.Builder _inputs = ImmutableArray.CreateBuilder<ValueDefinition>();
    private readonly ImmutableArray<ValueDefinition>.Builder _outputs = ImmutableArray.CreateBuilder<ValueDefinition>();
    private readonly ImmutableArray<InitializerDefinition>.Builder _initializers = ImmutableArray.CreateBuilder<InitializerDefinition>();

    /// <summary>Dimensions below zero are symbols.</summary>
    public GraphSource Input(string name, DataType element, params long[] shape)
    {
        _inputs.Add(new(name, new TensorType(element, Shape.Of(shape))));
        return this;
    }

    public GraphSource Input(string name) => Add(() => _inputs.Add(new(name, null)));

    public GraphSource Constant(string name, TensorValue value) => Add(() => _initializers.Add(new(name, value)));

    public GraphSource Numbers(string name, params float[] values) => Constant(name, TensorValue.Of(values, values.Length == 1 ? [] : [values.Length]));

    /// <param name="call">As <c>y = Add(a, b)</c>; a domain before <c>::</c>.</param>
    public GraphSource Node(string call, params (string Name, object Value)[] attributes)
    {
        var equals = call.IndexOf(" = ", StringComparison.Ordinal);
        var open = call.IndexOf('(');
        var name = call[(equals + 3)..open].Split("::");
        _nodes.Add(new NodeDefinition("", name.Length > 1 ? name[0] : "", name[^1], "", Names(call[(open + 1)..^1]), Names(call[..equals]), [.. attributes.Select(a => new AttributeDefinition(a.Name, Attribute(a.Value)))]));
        return this;
    }

    public GraphSource Output(params string[] names) => Add(() => _outputs.AddRange(names.Select(n => new ValueDefinition(n, null))));

    public ImmutableArray<NodeDefinition> Nodes => _nodes.ToImmutable();

    public GraphDefinition Graph => new("test", Nodes, _inputs.ToImmutable(), _outputs.ToImmutable(), _initializers.ToImmutable(), []);

    public ModelDefinition Model(long version = 20, ImmutableArray<FunctionDefinition> functions = default, params string[] symbols) =>
        new("onnx", Graph, new Dictionary<string, long> { [""] = version, ["my"] = 1 }, functions.IsDefault ? [] : functions, new ModelMetadata(8, "", "", "", 0, "", []), [.. symbols]);

    public FunctionDefinition Function(string name, string[] inputs, string[] outputs, params (string Name, object Value)[] defaults) => new("my", name, "", [.. inputs], [.. outputs], [],
        [.. defaults.Select(a => new AttributeDefinition(a.Name, Attribute(a.Value)))], Nodes, new Dictionary<string, long> { [""] = 20, ["my"] = 1 });

    public static byte[] Bits(Value value) => value is TensorValue { Element: not DataType.String } tensor ? tensor.Bytes.ToArray() : throw new InvalidOperationException("a tensor of numbers is compared");

    private GraphSource Add(Action add)
    {
        add();
        return this;
    }

    private static ImmutableArray<string> Names(string list) => list.Trim().Length == 0 ? [] : [.. list.Split(',').Select(n => n.Trim())];

    private static object Attribute(object value) => value switch
    {
        int number => (long)number,
        long[] list => ImmutableArray.Create(list),
        GraphSource body => body.Graph,
        _ => value,
    };
}

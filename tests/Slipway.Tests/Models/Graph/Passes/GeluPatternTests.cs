using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Passes;

public sealed class GeluPatternTests
{
    /// <summary>As exporters write it: x is a sum itself, and a factor beside the sum with Erf.</summary>
    [Theory]
    [InlineData("x", "sum")]
    [InlineData("sum", "x")]
    public void Gelu_is_recognised_when_its_argument_is_a_sum_too(string first, string second)
    {
        var model = Model(first, second);
        var optimised = GraphModel.Compile(model, GraphOptions.Default);
        Assert.DoesNotContain(optimised.Graph.Nodes, n => n.Info.Definition.Operator.Contains("Erf"));

        var plain = GraphModel.Compile(model, GraphOptions.Default with { Optimise = false });
        var inputs = new Dictionary<string, Value> { ["in"] = TensorValue.Of([-4f, -1, -0.25f, 0, 0.5f, 1, 2, 5], 8) };
        var (given, expected) = (optimised.Run(inputs)[0].AsTensor, plain.Run(inputs)[0].AsTensor);
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected.NumberAt(i), given.NumberAt(i), 1e-6);
    }

    [Fact]
    public void Gelu_is_not_seen_where_another_value_goes_through_Erf()
    {
        var model = GraphModel.Compile(Model("in", "sum"), GraphOptions.Default);
        Assert.Contains(model.Graph.Nodes, n => n.Info.Definition.Operator.Contains("Erf"));
    }

    /// <summary>x = in + 0.75; sum = Erf(x / √2) + 1; out = (first · second) · ½.</summary>
    private static ModelDefinition Model(string first, string second)
    {
        var type = new TensorType(DataType.Float32, Shape.Of(8));
        NodeDefinition[] nodes =
        [
            Node("Add", "x", "in", "bias"), Node("Div", "scaled", "x", "root"), Node("Erf", "erf", "scaled"), Node("Add", "sum", "erf", "one"),
            Node("Mul", "product", first, second), Node("Mul", "out", "product", "half"),
        ];
        InitializerDefinition[] constants =
        [
            new("bias", TensorValue.Of([0.75f])), new("root", TensorValue.Of([MathF.Sqrt(2)])), new("one", TensorValue.Of([1f])), new("half", TensorValue.Of([0.5f])),
        ];
        var graph = new GraphDefinition("gelu", [.. nodes], [new("in", type)], [new("out", type)], [.. constants], []);
        return new ModelDefinition("onnx", graph, new Dictionary<string, long> { [""] = 17 }, [], new ModelMetadata(8, "", "", "", 0, "", []), []);
    }

    private static NodeDefinition Node(string name, string output, params string[] inputs) => new("", "", name, "", [.. inputs], [output], []);
}

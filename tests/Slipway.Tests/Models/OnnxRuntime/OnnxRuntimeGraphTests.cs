using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Tests.Models.OnnxRuntime;

public sealed class OnnxRuntimeGraphTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-ort-graph-");

    public static TheoryData<int> Types => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20];

    private OnnxRuntimeGraph Open(GraphType type, string op = "Identity", GraphType? output = null)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is not on this machine");
        var graph = new GraphDefinition("g", [new NodeDefinition("", "", op, "", ["x"], ["y"], [])], [new ValueDefinition("x", type)], [new ValueDefinition("y", output ?? type)], [], []);
        var model = new ModelDefinition("onnx", graph, new Dictionary<string, long> { [""] = 23 }, [], new ModelMetadata(10, "", "", "", 0, "", []), ["n"]);
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, OnnxWriter.ToArray(model));
        return OnnxRuntimeGraph.Open(path);
    }

    private static Value Run(OnnxRuntimeGraph graph, Value input) => Assert.Single(graph.Run(new Dictionary<string, Value> { ["x"] = input }));

    [Theory]
    [MemberData(nameof(Types))]
    public void Elements_of_every_type_go_in_and_out_as_they_are(int type)
    {
        using var graph = Open(new TensorType((DataType)type, Shape.Of(-1, 3)));
        var input = Formats.Onnx.OnnxWriterTests.RandomTensor((DataType)type, new Random(type));
        Assert.Equal(Formats.Onnx.DefinitionText.Of(input), Formats.Onnx.DefinitionText.Of(Run(graph, input).AsTensor));
    }

    [Fact]
    public void Sequences_go_in_and_out()
    {
        var floats = new TensorType(DataType.Float32, Shape.Of(-1));
        using var graph = Open(new SequenceType(floats));
        var sequence = Assert.IsType<SequenceValue>(Run(graph, new SequenceValue(floats, [TensorValue.Of([1f, 2f], 2), TensorValue.Of([3f], 1)])));
        Assert.Equal([2, 1], sequence.Items.Select(i => i.AsTensor.Count));
        Assert.Contains("a sequence without items", Assert.Throws<RecordException>(() => Run(graph, new SequenceValue(floats, []))).Message);
    }

    [Fact]
    public void Optional_values_are_given_as_what_they_hold()
    {
        var floats = new TensorType(DataType.Float32, Shape.Of(-1));
        using var graph = Open(new OptionalType(floats), "OptionalHasElement", new TensorType(DataType.Bool, Shape.Scalar));
        Assert.Equal(1, Run(graph, new OptionalValue(floats, TensorValue.Of([1f], 1))).AsTensor.Bytes[0]);
        Assert.Contains("without a content", Assert.Throws<RecordException>(() => Run(graph, new OptionalValue(floats, null))).Message);
    }

    [Fact]
    public void Inputs_that_do_not_suit_are_refused()
    {
        using var graph = Open(new TensorType(DataType.Float32, Shape.Of(2)));
        Assert.Throws<RecordException>(() => Run(graph, TensorValue.Of([1f], 1)));
        Assert.Throws<RecordException>(() => Run(graph, TensorValue.Vector(1, 2)));
        Assert.Equal("input 'x' is not given", Assert.Throws<RecordException>(() => graph.Run(new Dictionary<string, Value>())).Message);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

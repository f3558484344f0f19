using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Formats.Onnx;

public class OnnxWriterTests
{
    [Theory]
    [InlineData("onnx-backend")]
    [InlineData("onnx-nets")]
    public void What_is_written_reads_as_it_was(string corpus)
    {
        var (faults, compared) = (new List<string>(), 0);
        foreach (var path in OnnxCorpusTests.Models(corpus))
        {
            ModelDefinition model;
            try
            {
                model = OnnxReader.Read(path);
            }
            catch (ModelException)
            {
                continue;
            }
            compared++;
            var written = OnnxWriter.ToArray(model);
            if (DefinitionText.Of(OnnxReader.Read(written, "written", null)) != DefinitionText.Of(model)) faults.Add(path);
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(compared >= 190, $"{compared} models were compared");
    }

    [Fact]
    public void Every_kind_of_attribute_type_and_element_survives()
    {
        var model = Everything();
        var text = DefinitionText.Of(OnnxReader.Read(OnnxWriter.ToArray(model), "written", null));
        Assert.Equal(DefinitionText.Of(model), text);
        // 26 element types, and strings beside them
        for (var type = DataType.Float32; type <= DataType.Int2; type++) Assert.Contains($"c{(int)type} = {type.Text}[2,3]", text);
    }

    [Fact]
    public void Early_versions_list_initializers_among_the_inputs()
    {
        var model = Everything();
        model = model with { Metadata = model.Metadata with { IrVersion = 3 } };
        var early = OnnxWriter.ToArray(model);
        Assert.True(early.Length > OnnxWriter.ToArray(model with { Metadata = model.Metadata with { IrVersion = 4 } }).Length);
        Assert.Equal(DefinitionText.Of(model), DefinitionText.Of(OnnxReader.Read(early, "written", null)));
    }

    internal static ModelDefinition Everything()
    {
        var random = new Random(5);
        var body = new GraphDefinition("body", [new NodeDefinition("", "", "Identity", "", ["outer"], ["o"], [])], [], [new ValueDefinition("o", null)], [], []);
        var vector = TensorValue.Of([1f, -0f, float.NaN], 3);
        var sparse = new SparseTensor(TensorValue.Of([1f, 2f], 2), TensorValue.Vector(0, 5), Shape.Of(2, 3));
        GraphType[] types =
        [
            new TensorType(DataType.Float16, Shape.Of(-1, 3, -2, 0)), new TensorType(DataType.Int64), new TensorType(DataType.Bool, Shape.Scalar), new SequenceType(new TensorType(DataType.String, Shape.Of(-1))),
            new OptionalType(new SequenceType(new TensorType(DataType.Float32))), new MapType(DataType.String, new TensorType(DataType.Float32)),
        ];
        object[] values =
        [
            1.5f, -7L, "text ÄÖ", vector, body, types[3], sparse, new AttributeReference("other"), ImmutableArray.Create(1f, float.NegativeInfinity), ImmutableArray.Create(long.MinValue, 0, long.MaxValue),
            ImmutableArray.Create("", "a"), ImmutableArray.Create(vector, TensorValue.Vector(3)), ImmutableArray.Create(body, body), ImmutableArray.Create(types), ImmutableArray.Create(sparse),
            ImmutableArray<float>.Empty, ImmutableArray<long>.Empty, ImmutableArray<string>.Empty,
        ];
        var node = new NodeDefinition("n", "my.domain", "Everything", "over", ["a", "", "b"], ["x", "y"], [.. values.Select((v, i) => new AttributeDefinition($"a{i}", v))]);
        var initializers = Enumerable.Range(1, 26).Select(t => new InitializerDefinition($"c{t}", RandomTensor((DataType)t, random)));
        var graph = new GraphDefinition("g", [node], [.. types.Select((t, i) => new ValueDefinition($"in{i}", t))], [new ValueDefinition("x", null)], [.. initializers], [new ValueDefinition("y", types[0])]);
        var function = new FunctionDefinition("my.domain", "Everything", "over", ["p", "q"], ["r"], ["alpha"], [new AttributeDefinition("beta", 2L)], [node with { Name = "inner" }], new Dictionary<string, long> { [""] = 18 });
        return new ModelDefinition("onnx", graph, new Dictionary<string, long> { [""] = 21, ["my.domain"] = 1 }, [function], new ModelMetadata(10, "p", "1.0", "d", 3, "doc", [new("k", "v")]), ["batch", "n"]);
    }

    /// <summary>A tensor [2, 3] of any elements that the type can have.</summary>
    internal static TensorValue RandomTensor(DataType type, Random random)
    {
        var tensor = new TensorValue(type, 2, 3);
        if (type == DataType.String)
        {
            for (var i = 0; i < tensor.Count; i++) tensor.Strings[i] = $"s{random.Next(100)}";
            return tensor;
        }
        random.NextBytes(tensor.Bytes);
        foreach (ref var element in tensor.Bytes)
        {
            element = type switch
            {
                DataType.Bool => (byte)(element & 1),
                DataType.UInt4 or DataType.Float4E2M1 => (byte)(element & 15),
                DataType.Int4 => (byte)((element & 15) - 8),
                DataType.UInt2 => (byte)(element & 3),
                DataType.Int2 => (byte)((element & 3) - 2),
                _ => element,
            };
        }
        return tensor;
    }
}

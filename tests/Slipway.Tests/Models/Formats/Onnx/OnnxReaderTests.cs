using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Message = Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.Formats.Onnx;

public class OnnxReaderTests
{
    private static ModelDefinition Read(byte[] file) => OnnxReader.Read(file, "model.onnx", null);

    private static TensorValue ReadTensor(byte[] initializer) => Read(Message.Model(Message.Graph([], [], [], [initializer]), 1)).Graph.Initializers[0].Tensor;

    private static object AttributeOf(byte[] attribute) => Read(Message.Model(Message.Graph([Message.Node("Op", [], [], attribute)], [], []), 1)).Graph.Nodes[0].Attributes[0].Value;

    private static Message TensorHeader(DataType type, params ReadOnlySpan<long> shape)
    {
        var message = new Message();
        foreach (var size in shape) message.Varint(1, size);
        return message.Varint(2, (long)type).Text(8, "w");
    }

    private static string Refusal(Action action) => Assert.Throws<ModelException>(action).Message;

    [Fact]
    public void Old_files_without_operator_sets_have_the_first()
    {
        var model = Read(new Message().Bytes(7, Message.Graph([], [], [])).ToArray());
        Assert.Equal([new("", 1L)], model.OperatorSets);
        Assert.Equal(0, model.Metadata.IrVersion);
    }

    [Fact]
    public void The_long_name_of_the_standard_domain_is_the_empty_one()
    {
        var set = new Message().Text(1, "ai.onnx").Varint(2, 17).ToArray();
        var node = new Message().Text(4, "Relu").Text(7, "ai.onnx").ToArray();
        var model = Read(new Message().Varint(1, 8).Bytes(7, Message.Graph([node], [], [])).Bytes(8, set).ToArray());
        Assert.Equal([new("", 17L)], model.OperatorSets);
        Assert.Equal("", model.Graph.Nodes[0].Domain);
    }

    [Theory]
    [InlineData(3, "x")]
    [InlineData(4, "x,w")]
    public void Initializers_are_defaults_of_inputs_only_since_version_4(int ir, string inputs)
    {
        var graph = Message.Graph([], [Message.Value("x", 1, 1), Message.Value("w", 1, 1)], [], [Message.Tensor("w", 1, [2])]);
        var model = Read(new Message().Varint(1, ir).Bytes(7, graph).ToArray());
        Assert.Equal(inputs, string.Join(',', model.Graph.Inputs.Select(i => i.Name)));
        Assert.Equal("w", Assert.Single(model.Graph.Initializers).Name);
    }

    [Fact]
    public void Newer_versions_are_refused_as_unsupported()
    {
        var e = Assert.Throws<ModelException>(() => Read(new Message().Varint(1, 14).Bytes(7, []).ToArray()));
        Assert.True(e.IsUnsupported);
        Assert.Contains("IR version 14 is newer than 13", e.Message);
    }

    [Fact]
    public void A_graph_in_two_parts_is_merged_and_unknown_fields_are_skipped()
    {
        var (first, second) = (Message.Graph([Message.Node("A", [], [])], [], []), Message.Graph([Message.Node("B", [], [])], [], []));
        var model = Read(new Message().Varint(1, 8).Bytes(7, first).Varint(99, 5).Single(98, 1).Bytes(7, [.. second, .. new Message().Text(97, "?").ToArray()]).ToArray());
        Assert.Equal(["A", "B"], model.Graph.Nodes.Select(n => n.Operator));
    }

    [Fact]
    public void Dimensions_of_one_name_are_one_symbol_and_unnamed_ones_are_each_their_own()
    {
        byte[] Input(string name, params string[] dimensions)
        {
            var shape = new Message();
            foreach (var dimension in dimensions) shape.Bytes(1, dimension.Length == 0 ? [] : new Message().Text(2, dimension).ToArray());
            return new Message().Text(1, name).Bytes(2, new Message().Bytes(1, new Message().Varint(1, 1).Bytes(2, shape.ToArray()).ToArray()).ToArray()).ToArray();
        }
        var model = Read(Message.Model(Message.Graph([], [Input("a", "n", "", "m"), Input("b", "m", "n", "")], []), 1));
        Assert.Equal(["float[d1,d2,d3]", "float[d3,d1,d4]"], model.Graph.Inputs.Select(i => i.Type!.ToString()));
        Assert.Equal(["n", "", "m", ""], model.Symbols);
    }

    [Fact]
    public void Lists_read_the_same_packed_or_not()
    {
        var apart = AttributeOf(Message.Integers("a", [1, -2, 300]));
        var packed = AttributeOf(new Message().Text(1, "a").Bytes(8, [1, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0xAC, 2]).Varint(20, 7).ToArray());
        Assert.Equal([1L, -2, 300], Assert.IsType<ImmutableArray<long>>(apart));
        Assert.Equal([1L, -2, 300], Assert.IsType<ImmutableArray<long>>(packed));
        var floats = AttributeOf(new Message().Text(1, "a").Single(7, 1.5f).Bytes(7, [.. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f)]).ToArray());
        Assert.Equal([1.5f, 2, 3], Assert.IsType<ImmutableArray<float>>(floats));
    }

    [Fact]
    public void Attributes_without_type_or_value_are_what_they_can_be()
    {
        Assert.Equal(5L, AttributeOf(new Message().Text(1, "a").Varint(3, 5).ToArray()));
        Assert.Equal(0L, AttributeOf(new Message().Text(1, "a").Varint(20, 2).ToArray()));
        Assert.Equal(0f, AttributeOf(new Message().Text(1, "a").Varint(20, 1).ToArray()));
        Assert.Equal("", AttributeOf(new Message().Text(1, "a").Varint(20, 3).ToArray()));
        Assert.Empty(Assert.IsType<ImmutableArray<string>>(AttributeOf(new Message().Text(1, "a").Varint(20, 8).ToArray())));
        Assert.Equal(new AttributeReference("b"), AttributeOf(new Message().Text(1, "a").Text(21, "b").Varint(20, 1).ToArray()));
        Assert.Contains("attribute 'a' of kind Tensor has no value (in graph.node[0].attribute[0])", Refusal(() => AttributeOf(new Message().Text(1, "a").Varint(20, 4).ToArray())));
        Assert.Contains("kind 15, which is unknown", Refusal(() => AttributeOf(new Message().Text(1, "a").Varint(20, 15).ToArray())));
    }

    // the examples of onnx.proto: two or four to a byte, the first in the lowest bits
    [Theory]
    [InlineData(21, new byte[] { 0x21, 0xF3 }, new byte[] { 1, 2, 3, 15 })]
    [InlineData(22, new byte[] { 0x81, 0xF7 }, new byte[] { 1, 0xF8, 7, 0xFF })]
    [InlineData(23, new byte[] { 0x21, 0xF3 }, new byte[] { 1, 2, 3, 15 })]
    [InlineData(25, new byte[] { 0xE4 }, new byte[] { 0, 1, 2, 3 })]
    [InlineData(26, new byte[] { 0xE4 }, new byte[] { 0, 1, 0xFE, 0xFF })]
    public void Elements_of_few_bits_come_one_to_a_byte(int type, byte[] packed, byte[] elements)
    {
        var raw = ReadTensor(TensorHeader((DataType)type, 4).Bytes(9, packed).ToArray());
        Assert.Equal(elements, raw.Bytes.ToArray());
        var typed = TensorHeader((DataType)type, 4);
        foreach (var value in packed) typed.Varint(5, (sbyte)value);
        Assert.Equal(elements, ReadTensor(typed.ToArray()).Bytes.ToArray());
        Assert.Equal(packed, PackedElements.Pack((DataType)type, elements));
        // an odd number leaves bits over
        Assert.Equal(elements[..3], ReadTensor(TensorHeader((DataType)type, 3).Bytes(9, packed).ToArray()).Bytes.ToArray());
    }

    [Fact]
    public void Complex_numbers_are_pairs_and_half_precision_is_bits()
    {
        var complex = ReadTensor(TensorHeader(DataType.Complex64, 1).Bytes(4, [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f)]).ToArray());
        Assert.Equal([1f, -2f], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(complex.Bytes).ToArray());
        var half = ReadTensor(TensorHeader(DataType.Float16, 2).Varint(5, 0x3C00).Varint(5, 0xC000).ToArray());
        Assert.Equal([(Half)1, (Half)(-2)], half.Values<Half>().ToArray());
        Assert.Contains("float16 cannot hold 65536", Refusal(() => ReadTensor(TensorHeader(DataType.Float16, 1).Varint(5, 65536).ToArray())));
    }

    [Fact]
    public void Sparse_initializers_become_dense()
    {
        var sparse = new Message()
            .Bytes(1, TensorHeader(DataType.Float32, 2).Bytes(9, [.. BitConverter.GetBytes(5f), .. BitConverter.GetBytes(7f)]).ToArray())
            .Bytes(2, new Message().Varint(1, 2).Varint(1, 2).Varint(2, 7).Varint(7, 0).Varint(7, 1).Varint(7, 1).Varint(7, 2).ToArray())
            .Varint(3, 2).Varint(3, 3).ToArray();
        var tensor = Read(Message.Model(new Message().Bytes(15, sparse).ToArray(), 1)).Graph.Initializers[0];
        Assert.Equal(("w", "float[2,3]"), (tensor.Name, tensor.Tensor.Type.ToString()));
        Assert.Equal([0f, 5, 0, 0, 0, 7], tensor.Tensor.Values<float>().ToArray());
    }

    [Fact]
    public void Messages_name_the_file_the_byte_and_the_way()
    {
        var tensor = TensorHeader(DataType.Float32, 3).Bytes(9, [1, 2, 3]).ToArray();
        var file = Message.Model(Message.Graph([], [], [], [tensor]), 1);
        var at = file.AsSpan().IndexOf("\u0001\u0002\u0003"u8);
        Assert.Equal($"model.onnx: byte {at}: raw_data has 3 bytes, float[3] takes 12 (in graph.initializer[0])", Refusal(() => Read(file)));
    }

    [Fact]
    public void Large_files_are_mapped_and_small_ones_read()
    {
        using var folder = new TemporaryFolder();
        var values = new float[1 << 20];
        for (var i = 0; i < values.Length; i++) values[i] = i;
        foreach (var padding in new[] { "", "a", "ab", "abc" })
        {
            var model = OnnxWriterTests.Everything();
            model = model with { Graph = model.Graph with { Name = padding, Initializers = [new InitializerDefinition("w", TensorValue.Of(values, 1 << 10, 1 << 10)), .. model.Graph.Initializers] } };
            var path = folder.Write("large.onnx", OnnxWriter.ToArray(model));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var read = OnnxReader.Read(path);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 200_000, $"{allocated} bytes allocated: the weights were copied");
            // the tensors keep the file mapped, also when it is gone
            File.Delete(path);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(DefinitionText.Of(model), DefinitionText.Of(read));
            // memory of the tensor is this process's own
            read.Graph.Initializers[0].Tensor.Values<float>()[0] = 42;
            Assert.Equal(42, read.Graph.Initializers[0].Tensor.Values<float>()[0]);
        }
    }

    [Fact]
    public void Files_that_are_not_there_or_no_models_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Refusal(() => OnnxReader.Read(Path.Combine(folder.Path, "absent.onnx"))));
        Assert.Contains("there is no graph", Refusal(() => OnnxReader.Read(folder.Write("empty.onnx", []))));
        Assert.Contains("text.onnx: byte 4: wire type 7", Refusal(() => OnnxReader.Read(folder.Write("text.onnx", "PK not a model"u8.ToArray()))));
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Benchmarks;

/// <summary>Writes an ONNX model of one Conv node, with bias and Relu, field by field of onnx.proto.</summary>
internal static class ConvolutionModelFile
{
    private const int Float = 1;
    private const int AttributeInts = 7;
    private const int AttributeInt = 2;

    public static void Write(string path, ConvolutionLayer layer, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        var shape = layer.Shape;
        var convolution = Message(
            Text(1, "x"), Text(1, "w"), Text(1, "b"), Text(2, "c"), Text(4, "Conv"),
            Ints("kernel_shape", layer.Kernel, layer.Kernel), Ints("strides", layer.Stride, layer.Stride), Ints("pads", layer.Pad, layer.Pad, layer.Pad, layer.Pad),
            Bytes(5, Message(Text(1, "group"), Number(3, layer.Groups), Number(20, AttributeInt))));
        var relu = Message(Text(1, "c"), Text(2, "y"), Text(4, "Relu"));
        var graph = Message(
            Bytes(1, convolution), Bytes(1, relu), Text(2, "g"),
            Bytes(5, Tensor("w", weights, shape.Filters, shape.ChannelsPerGroup, layer.Kernel, layer.Kernel)), Bytes(5, Tensor("b", bias, shape.Filters)),
            Bytes(11, Value("x", 1, shape.Channels, layer.Size, layer.Size)), Bytes(12, Value("y", 1, shape.Filters, shape.Height.Output, shape.Width.Output)));
        File.WriteAllBytes(path, Message(Number(1, 8), Bytes(7, graph), Bytes(8, Message(Text(1, ""), Number(2, 13)))));
    }

    private static byte[] Tensor(string name, ReadOnlySpan<float> values, params int[] dimensions) =>
        Message([.. dimensions.Select(d => Number(1, d)), Number(2, Float), Text(8, name), Bytes(9, MemoryMarshal.AsBytes(values))]);

    private static byte[] Value(string name, params int[] dimensions) =>
        Message(Text(1, name), Bytes(2, Message(Bytes(1, Message(Number(1, Float), Bytes(2, Message([.. dimensions.Select(d => Bytes(1, Message(Number(1, d))))])))))));

    private static byte[] Ints(string name, params int[] values) => Bytes(5, Message([Text(1, name), .. values.Select(v => Number(8, v)), Number(20, AttributeInts)]));

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Bytes(int field, ReadOnlySpan<byte> content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(f => f)];

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (var rest = (uint)value; ; rest >>= 7)
        {
            bytes.Add((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80) return [.. bytes];
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>Writes ONNX messages (onnx.proto) as the Python package does: repeated numbers are not packed.</summary>
public sealed class OnnxWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public OnnxWriter Varint(int field, long value)
    {
        Raw((ulong)(field << 3));
        Raw((ulong)value);
        return this;
    }

    public OnnxWriter Single(int field, float value)
    {
        Raw((ulong)((field << 3) | 5));
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public OnnxWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Raw((ulong)((field << 3) | 2));
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public OnnxWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }

    public static byte[] Model(byte[] graph, int mlOpset, int opset = 13) =>
        new OnnxWriter().Varint(1, 8).Text(2, "slipway-tests").Bytes(7, graph)
            .Bytes(8, new OnnxWriter().Text(1, "").Varint(2, opset).ToArray())
            .Bytes(8, new OnnxWriter().Text(1, "ai.onnx.ml").Varint(2, mlOpset).ToArray()).ToArray();

    public static byte[] Graph(IEnumerable<byte[]> nodes, IEnumerable<byte[]> inputs, IEnumerable<byte[]> outputs, IEnumerable<byte[]>? constants = null)
    {
        var writer = new OnnxWriter();
        foreach (var node in nodes) writer.Bytes(1, node);
        writer.Text(2, "graph");
        foreach (var constant in constants ?? []) writer.Bytes(5, constant);
        foreach (var input in inputs) writer.Bytes(11, input);
        foreach (var output in outputs) writer.Bytes(12, output);
        return writer.ToArray();
    }

    public static byte[] Node(string op, string[] inputs, string[] outputs, params byte[][] attributes)
    {
        var writer = new OnnxWriter();
        foreach (var input in inputs) writer.Text(1, input);
        foreach (var output in outputs) writer.Text(2, output);
        writer.Text(4, op);
        foreach (var attribute in attributes) writer.Bytes(5, attribute);
        if (op.StartsWith("Tree", StringComparison.Ordinal) || op is "ZipMap" or "Scaler" or "Imputer" or "Normalizer" or "ArrayFeatureExtractor" or "FeatureVectorizer") writer.Text(7, "ai.onnx.ml");
        return writer.ToArray();
    }

    /// <summary>A tensor; -1 is any size. Without a type it is not said.</summary>
    public static byte[] Value(string name, int elementType, params long[] shape)
    {
        var dimensions = new OnnxWriter();
        foreach (var size in shape) dimensions.Bytes(1, size < 0 ? [] : new OnnxWriter().Varint(1, size).ToArray());
        var tensor = new OnnxWriter().Varint(1, elementType).Bytes(2, dimensions.ToArray()).ToArray();
        return new OnnxWriter().Text(1, name).Bytes(2, new OnnxWriter().Bytes(1, tensor).ToArray()).ToArray();
    }

    /// <summary>A sequence of maps from label to score.</summary>
    /// <param name="keyType">7 for numbers, 8 for texts.</param>
    public static byte[] MapValue(string name, int keyType)
    {
        var score = new OnnxWriter().Bytes(1, new OnnxWriter().Varint(1, 1).ToArray()).ToArray();
        var map = new OnnxWriter().Bytes(5, new OnnxWriter().Varint(1, keyType).Bytes(2, score).ToArray()).ToArray();
        var sequence = new OnnxWriter().Bytes(4, new OnnxWriter().Bytes(1, map).ToArray()).ToArray();
        return new OnnxWriter().Text(1, name).Bytes(2, sequence).ToArray();
    }

    public static byte[] Integer(string name, long value) => new OnnxWriter().Text(1, name).Varint(3, value).Varint(20, 2).ToArray();

    public static byte[] Number(string name, float value) => new OnnxWriter().Text(1, name).Single(2, value).Varint(20, 1).ToArray();

    public static byte[] String(string name, string value) => new OnnxWriter().Text(1, name).Text(4, value).Varint(20, 3).ToArray();

    public static byte[] Integers(string name, IEnumerable<long> values)
    {
        var writer = new OnnxWriter().Text(1, name);
        foreach (var value in values) writer.Varint(8, value);
        return writer.Varint(20, 7).ToArray();
    }

    public static byte[] Numbers(string name, IEnumerable<double> values)
    {
        var writer = new OnnxWriter().Text(1, name);
        foreach (var value in values) writer.Single(7, (float)value);
        return writer.Varint(20, 6).ToArray();
    }

    public static byte[] Strings(string name, IEnumerable<string> values)
    {
        var writer = new OnnxWriter().Text(1, name);
        foreach (var value in values) writer.Text(9, value);
        return writer.Varint(20, 8).ToArray();
    }

    public static byte[] TensorAttribute(string name, byte[] tensor) => new OnnxWriter().Text(1, name).Bytes(5, tensor).Varint(20, 4).ToArray();

    /// <summary>A list of float32 (1), uint8 (2), int64 (7) or float64 (11) values.</summary>
    public static byte[] Tensor(string name, int elementType, IReadOnlyList<double> values)
    {
        using var raw = new MemoryStream();
        foreach (var value in values)
        {
            raw.Write(elementType switch
            {
                1 => BitConverter.GetBytes((float)value),
                2 => [(byte)value],
                7 => BitConverter.GetBytes((long)value),
                _ => BitConverter.GetBytes(value),
            });
        }
        return new OnnxWriter().Varint(1, values.Count).Varint(2, elementType).Text(8, name).Bytes(9, raw.ToArray()).ToArray();
    }

    public static byte[] TextTensor(string name, IReadOnlyList<string> values)
    {
        var writer = new OnnxWriter().Varint(1, values.Count).Varint(2, 8);
        foreach (var value in values) writer.Text(6, value);
        return writer.Text(8, name).ToArray();
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Tensor = Slipway.Core.Tensor;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Reads the attributes of one node: of a file (<c>AttributeProto</c>), or those that the graph engine has read already.</summary>
internal readonly ref struct OnnxAttributes
{
    private const int IntegerField = 3, TextField = 4, TensorField = 5, FloatsField = 7, IntegersField = 8, TextsField = 9;

    private readonly ReadOnlySpan<byte> _file;
    private readonly OnnxNode _node;
    private readonly GraphNodeAttributes? _read;

    public OnnxAttributes(ReadOnlySpan<byte> file, OnnxNode node)
    {
        _file = file;
        _node = node;
    }

    public OnnxAttributes(NodeInfo node)
    {
        _read = new GraphNodeAttributes(node);
        _node = new OnnxNode(node.Operator, node.Definition.Domain, node.Definition.Name, [], [], []);
    }

    public ReadOnlySpan<byte> File => _file;

    public string Operator => _node.Operator;

    public bool Has(string name) => _read?.Has(name) ?? _node.Attributes.ContainsKey(name);

    public long Integer(string name, long otherwise)
    {
        if (_read is not null) return _read.Integer(name, otherwise);
        if (!TryOpen(name, out var reader)) return otherwise;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == IntegerField && wire == WireType.Varint) otherwise = (long)reader.ReadVarint();
            else reader.Skip(wire);
        }
        return otherwise;
    }

    public float Number(string name, float otherwise)
    {
        if (_read is not null) return _read.Number(name, otherwise);
        if (!TryOpen(name, out var reader)) return otherwise;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == 2 && wire == WireType.Fixed32) otherwise = BinaryPrimitives.ReadSingleLittleEndian(reader.ReadFixed(4));
            else reader.Skip(wire);
        }
        return otherwise;
    }

    public string Text(string name, string otherwise)
    {
        if (_read is not null) return _read.Text(name, otherwise);
        if (!TryOpen(name, out var reader)) return otherwise;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == TextField && wire == WireType.LengthDelimited) otherwise = OnnxFile.TextOf(reader.ReadBytes());
            else reader.Skip(wire);
        }
        return otherwise;
    }

    public string[] Texts(string name)
    {
        if (_read is not null) return _read.Texts(name);
        var texts = new List<string>();
        if (!TryOpen(name, out var reader)) return [];
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == TextsField && wire == WireType.LengthDelimited) texts.Add(OnnxFile.TextOf(reader.ReadBytes()));
            else reader.Skip(wire);
        }
        return [.. texts];
    }

    /// <summary>Whole numbers of any size: labels.</summary>
    public long[] Integers(string name)
    {
        if (_read is not null) return _read.Integers(name);
        var integers = new List<long>();
        if (!TryOpen(name, out var reader)) return [];
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != IntegersField) reader.Skip(wire);
            else if (wire == WireType.Varint) integers.Add((long)reader.ReadVarint());
            else if (wire == WireType.LengthDelimited)
            {
                var packed = OnnxFile.Open(_file, OnnxFile.Next(ref reader, StartOf(name)));
                while (!packed.AtEnd) integers.Add((long)packed.ReadVarint());
            }
            else reader.Skip(wire);
        }
        return [.. integers];
    }

    /// <summary>Whole numbers that count or point: node numbers, features, targets.</summary>
    /// <param name="expected">As many as there most likely are; 0 when nothing tells.</param>
    /// <exception cref="ModelException">One is not from 0 to 2,147,483,647.</exception>
    public int[] Indices(string name, int expected = 0)
    {
        if (_read is not null)
        {
            var integers = _read.Integers(name);
            var read = new int[integers.Length];
            for (var i = 0; i < read.Length; i++) read[i] = IndexOf((ulong)integers[i], name);
            return read;
        }
        if (!TryOpen(name, out var reader)) return [];
        // Every number takes at least two bytes, or one when they are packed.
        var bytes = _node.Attributes[name].Length;
        var indices = new int[Math.Max(16, expected > 0 ? Math.Min(expected, bytes) : bytes / 4)];
        var count = 0;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != IntegersField) reader.Skip(wire);
            else if (wire == WireType.Varint)
            {
                if (count == indices.Length) Array.Resize(ref indices, 2 * count);
                indices[count++] = IndexOf(reader.ReadVarint(), name);
            }
            else if (wire == WireType.LengthDelimited)
            {
                var packed = OnnxFile.Open(_file, OnnxFile.Next(ref reader, StartOf(name)));
                while (!packed.AtEnd)
                {
                    if (count == indices.Length) Array.Resize(ref indices, 2 * count);
                    indices[count++] = IndexOf(packed.ReadVarint(), name);
                }
            }
            else reader.Skip(wire);
        }
        if (count < indices.Length) Array.Resize(ref indices, count);
        return indices;
    }

    /// <inheritdoc cref="Indices" path="/param"/>
    public float[] Numbers(string name, int expected = 0)
    {
        if (_read is not null) return _read.Numbers(name);
        if (!TryOpen(name, out var reader)) return [];
        // Every number takes five bytes, or four when they are packed.
        var bytes = _node.Attributes[name].Length;
        var numbers = new float[expected > 0 ? Math.Min(expected, bytes / sizeof(float)) : bytes / sizeof(float)];
        var count = 0;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != FloatsField) reader.Skip(wire);
            else if (wire == WireType.Fixed32)
            {
                if (count == numbers.Length) Array.Resize(ref numbers, bytes / sizeof(float));
                numbers[count++] = BinaryPrimitives.ReadSingleLittleEndian(reader.ReadFixed(4));
            }
            else if (wire == WireType.LengthDelimited)
            {
                var packed = reader.ReadBytes();
                if (packed.Length / sizeof(float) > numbers.Length - count) Array.Resize(ref numbers, bytes / sizeof(float));
                for (var at = 0; at + sizeof(float) <= packed.Length; at += sizeof(float)) numbers[count++] = BinaryPrimitives.ReadSingleLittleEndian(packed[at..]);
            }
            else reader.Skip(wire);
        }
        if (count < numbers.Length) Array.Resize(ref numbers, count);
        return numbers;
    }

    /// <summary>What <c>nodes_modes</c> of the string form say.</summary>
    public NodeMode[] Modes(string name)
    {
        if (_read is not null)
        {
            var texts = _read.Texts(name);
            var read = new NodeMode[texts.Length];
            for (var i = 0; i < read.Length; i++) read[i] = NodeModes.Parse(System.Text.Encoding.UTF8.GetBytes(texts[i])) ?? throw Fault(name, $"the mode of node {i} is unknown");
            return read;
        }
        if (!TryOpen(name, out var reader)) return [];
        var modes = new NodeMode[16];
        var count = 0;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != TextsField || wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            if (count == modes.Length) Array.Resize(ref modes, 2 * count);
            modes[count] = NodeModes.Parse(reader.ReadBytes()) ?? throw Fault(name, $"the mode of node {count} is unknown");
            count++;
        }
        Array.Resize(ref modes, count);
        return modes;
    }

    /// <summary>Where a tensor attribute lies; null when it is not there.</summary>
    public Extent? TensorExtent(string name)
    {
        if (!TryOpen(name, out var reader)) return null;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == TensorField && wire == WireType.LengthDelimited) return OnnxFile.Next(ref reader, StartOf(name));
            reader.Skip(wire);
        }
        return null;
    }

    /// <summary>The element type of a tensor attribute; null when it is not there, empty, or of a type that no tensor here holds.</summary>
    public ElementType? TensorType(string name)
    {
        if (_read is not null) return _read.TensorType(name);
        if (TensorExtent(name) is not { } extent) return null;
        var tensor = OnnxFile.Open(_file, extent);
        while (tensor.TryReadTag(out var part, out var wire))
        {
            if (part == 2 && wire == WireType.Varint) return TensorElementTypes.Of((long)tensor.ReadVarint());
            tensor.Skip(wire);
        }
        return null;
    }

    /// <summary>The numbers of a tensor attribute as float64, which holds them exactly; null when the attribute is not there, or is a scalar (which ONNX Runtime does not read).</summary>
    /// <param name="type">Of the elements.</param>
    public double[]? Tensor(string name, out ElementType type)
    {
        type = ElementType.Float32;
        if (_read is not null) return _read.Tensor(name, out type);
        if (TensorExtent(name) is not { } extent) return null;
        using var tensor = TensorProtoReader.Read(extent.In(_file), $"{_node}: {name}", name);
        if (tensor.Type == ElementType.Bytes) throw Fault(name, "numbers expected, text found");
        type = tensor.Type;
        return tensor.Shape.Length == 0 ? null : NumbersOf(tensor);
    }

    public ModelException Fault(string name, string problem) => new($"{_node}: {name}: {problem}");

    /// <summary>What ONNX Runtime does not take, or no kernel here.</summary>
    public ModelException Unsupported(string problem) => OnnxFile.Unsupported($"{_node}: {problem}");

    private static double[] NumbersOf(Tensor tensor)
    {
        var values = new double[tensor.Count];
        switch (tensor.Type)
        {
            case ElementType.Float64: tensor.Values<double>().CopyTo(values); break;
            case ElementType.Float32: System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, double>(tensor.Values<float>(), values); break;
            default:
                for (var i = 0; i < values.Length; i++) values[i] = tensor.NumberAt(i);
                break;
        }
        return values;
    }

    private int IndexOf(ulong value, string name) =>
        value <= int.MaxValue ? (int)value : throw Fault(name, $"{(long)value} is not from 0 to {int.MaxValue}");

    private int StartOf(string name) => _node.Attributes[name].Start;

    private bool TryOpen(string name, [MaybeNullWhen(false)] out ProtobufWireReader reader)
    {
        var found = _node.Attributes.TryGetValue(name, out var extent);
        reader = found ? OnnxFile.Open(_file, extent) : default;
        return found;
    }
}

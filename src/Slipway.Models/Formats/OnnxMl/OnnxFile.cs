using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Where a message lies in the file.</summary>
internal readonly record struct Extent(int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> file) => file.Slice(Start, Length);
}

/// <summary>A graph's input or output as it is declared.</summary>
/// <param name="Type">null when it is not a tensor, or of a type that no tensor here holds.</param>
/// <param name="Shape">-1 is any size; null when nothing is said.</param>
internal sealed record OnnxValue(string Name, ElementType? Type, long[]? Shape);

/// <summary>A node; its attributes are read when they are asked for.</summary>
internal sealed record OnnxNode(string Operator, string Domain, string Name, List<string> Inputs, List<string> Outputs, Dictionary<string, Extent> Attributes)
{
    public override string ToString() => Name.Length > 0 ? $"{Operator} '{Name}'" : Operator;
}

/// <summary>What a <c>ModelProto</c> says (onnx.proto, https://onnx.ai/onnx/repo-docs/IR.html), with constants and attributes left where they lie.</summary>
internal sealed class OnnxFile
{
    private const string Source = "model";
    private const int MaxNodes = 10_000;
    private const int MaxValues = 100_000;

    public long IrVersion { get; private set; }

    public string Producer { get; private set; } = "";

    public string ProducerVersion { get; private set; } = "";

    public string Description { get; private set; } = "";

    public string GraphName { get; private set; } = "";

    /// <summary>The version of each operator set, by domain.</summary>
    public Dictionary<string, long> OperatorSets { get; } = new(StringComparer.Ordinal);

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>Constants by name: <c>TensorProto</c> messages.</summary>
    public Dictionary<string, Extent> Constants { get; } = new(StringComparer.Ordinal);

    /// <param name="accepts">Asked for every node as soon as its operator is known.</param>
    /// <exception cref="ModelException">The file is damaged, or (<see cref="ModelException.IsUnsupported"/>) a node is not accepted.</exception>
    public static OnnxFile Read(ReadOnlySpan<byte> file, Func<string, bool> accepts)
    {
        var model = new OnnxFile();
        var reader = new ProtobufWireReader(file, Source);
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Varint): model.IrVersion = (long)reader.ReadVarint(); break;
                case (2, WireType.LengthDelimited): model.Producer = TextOf(reader.ReadBytes()); break;
                case (3, WireType.LengthDelimited): model.ProducerVersion = TextOf(reader.ReadBytes()); break;
                case (6, WireType.LengthDelimited): model.Description = TextOf(reader.ReadBytes()); break;
                case (7, WireType.LengthDelimited): model.ReadGraph(file, Next(ref reader), accepts); break;
                case (8, WireType.LengthDelimited): model.ReadOperatorSet(file, Next(ref reader)); break;
                case (20 or 25, _): throw Unsupported("the model has training information or functions of its own");
                default: reader.Skip(wire); break;
            }
        }
        if (model.Nodes.Count == 0) throw Unsupported("the model has no graph");
        return model;
    }

    public static ModelException Unsupported(string what) => new(what) { IsUnsupported = true };

    /// <summary>The extent of a length-delimited field, which is skipped.</summary>
    public static Extent Next(ref ProtobufWireReader reader, int start = 0)
    {
        var length = reader.ReadBytes().Length;
        return new Extent(start + reader.Position - length, length);
    }

    public static ProtobufWireReader Open(ReadOnlySpan<byte> file, Extent extent) => new(extent.In(file), Source, extent.Start);

    public static string TextOf(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private void ReadOperatorSet(ReadOnlySpan<byte> file, Extent extent)
    {
        var reader = Open(file, extent);
        var (domain, version) = ("", 1L);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == 1 && wire == WireType.LengthDelimited) domain = TextOf(reader.ReadBytes());
            else if (field == 2 && wire == WireType.Varint) version = (long)reader.ReadVarint();
            else reader.Skip(wire);
        }
        OperatorSets[domain == "ai.onnx" ? "" : domain] = version;
    }

    private void ReadGraph(ReadOnlySpan<byte> file, Extent extent, Func<string, bool> accepts)
    {
        var reader = Open(file, extent);
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (1, WireType.LengthDelimited):
                    if (Nodes.Count == MaxNodes) throw Unsupported($"the graph has more than {MaxNodes.ToString(CultureInfo.InvariantCulture)} nodes");
                    Nodes.Add(ReadNode(file, Next(ref reader, extent.Start), accepts));
                    break;
                case (2, WireType.LengthDelimited): GraphName = TextOf(reader.ReadBytes()); break;
                case (5, WireType.LengthDelimited): ReadConstant(file, Next(ref reader, extent.Start)); break;
                case (11, WireType.LengthDelimited): AddValue(Inputs, ReadValue(file, Next(ref reader, extent.Start))); break;
                case (12, WireType.LengthDelimited): AddValue(Outputs, ReadValue(file, Next(ref reader, extent.Start))); break;
                case (15, _): throw Unsupported("the graph has sparse constants");
                default: reader.Skip(wire); break;
            }
        }
    }

    private static void AddValue(List<OnnxValue> values, OnnxValue value)
    {
        if (values.Count == MaxValues) throw Unsupported($"the graph has more than {MaxValues.ToString(CultureInfo.InvariantCulture)} inputs or outputs");
        values.Add(value);
    }

    private static OnnxNode ReadNode(ReadOnlySpan<byte> file, Extent extent, Func<string, bool> accepts)
    {
        var reader = Open(file, extent);
        var node = new OnnxNode("", "", "", [], [], new Dictionary<string, Extent>(StringComparer.Ordinal));
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (1, WireType.LengthDelimited): node.Inputs.Add(TextOf(reader.ReadBytes())); break;
                case (2, WireType.LengthDelimited): node.Outputs.Add(TextOf(reader.ReadBytes())); break;
                case (3, WireType.LengthDelimited): node = node with { Name = TextOf(reader.ReadBytes()) }; break;
                case (4, WireType.LengthDelimited):
                    node = node with { Operator = TextOf(reader.ReadBytes()) };
                    if (!accepts(node.Operator)) throw Unsupported($"{node}: not an operator of tree ensembles and what converters put around them");
                    break;
                case (5, WireType.LengthDelimited):
                    var attribute = Next(ref reader, extent.Start);
                    node.Attributes[NameOf(file, attribute, 1)] = attribute;
                    break;
                case (7, WireType.LengthDelimited): node = node with { Domain = TextOf(reader.ReadBytes()) }; break;
                default: reader.Skip(wire); break;
            }
        }
        return node;
    }

    private void ReadConstant(ReadOnlySpan<byte> file, Extent extent) => Constants[NameOf(file, extent, 8)] = extent;

    private static string NameOf(ReadOnlySpan<byte> file, Extent extent, int nameField)
    {
        var reader = Open(file, extent);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == nameField && wire == WireType.LengthDelimited) return TextOf(reader.ReadBytes());
            reader.Skip(wire);
        }
        return "";
    }

    private static OnnxValue ReadValue(ReadOnlySpan<byte> file, Extent extent)
    {
        var reader = Open(file, extent);
        var (name, type, shape) = ("", (ElementType?)null, (long[]?)null);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == 1 && wire == WireType.LengthDelimited) name = TextOf(reader.ReadBytes());
            else if (field == 2 && wire == WireType.LengthDelimited) (type, shape) = ReadType(file, Next(ref reader, extent.Start));
            else reader.Skip(wire);
        }
        return new OnnxValue(name, type, shape);
    }

    private static (ElementType? Type, long[]? Shape) ReadType(ReadOnlySpan<byte> file, Extent extent)
    {
        var reader = Open(file, extent);
        var (type, shape) = ((ElementType?)null, (long[]?)null);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != 1 || wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            var tensorExtent = Next(ref reader, extent.Start);
            var tensor = Open(file, tensorExtent);
            while (tensor.TryReadTag(out var part, out var partWire))
            {
                if (part == 1 && partWire == WireType.Varint) type = TensorElementTypes.Of((long)tensor.ReadVarint());
                else if (part == 2 && partWire == WireType.LengthDelimited) shape = ReadShape(file, Next(ref tensor, tensorExtent.Start));
                else tensor.Skip(partWire);
            }
        }
        return (type, shape);
    }

    private static long[] ReadShape(ReadOnlySpan<byte> file, Extent extent)
    {
        var reader = Open(file, extent);
        var dimensions = new List<long>();
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != 1 || wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            if (dimensions.Count == SignatureValidation.MaxRank) throw Unsupported($"a tensor has more than {SignatureValidation.MaxRank} dimensions");
            var dimension = Open(file, Next(ref reader, extent.Start));
            var size = -1L;
            while (dimension.TryReadTag(out var part, out var partWire))
            {
                if (part == 1 && partWire == WireType.Varint) size = (long)dimension.ReadVarint();
                else dimension.Skip(partWire);
            }
            dimensions.Add(size is < -1 or > int.MaxValue ? -1 : size);
        }
        return [.. dimensions];
    }
}

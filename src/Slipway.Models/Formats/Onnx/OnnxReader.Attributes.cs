using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

internal sealed partial class OnnxReader
{
    private AttributeDefinition ReadAttribute(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var (name, reference) = ("", "");
        // the first files did not say the type: it is the field that has a value
        var (kind, given) = (AttributeKind.Undefined, AttributeKind.Undefined);
        var (number, integer, text) = (0f, 0L, "");
        TensorValue? tensor = null;
        GraphDefinition? graph = null;
        GraphType? type = null;
        SparseTensor? sparse = null;
        ImmutableArray<float>.Builder? floats = null;
        ImmutableArray<long>.Builder? ints = null;
        ImmutableArray<string>.Builder? strings = null;
        ImmutableArray<TensorValue>.Builder? tensors = null;
        ImmutableArray<GraphDefinition>.Builder? graphs = null;
        ImmutableArray<GraphType>.Builder? types = null;
        ImmutableArray<SparseTensor>.Builder? sparses = null;
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (AttributeFields.Name, WireType.LengthDelimited): name = Text(ref reader); break;
                case (AttributeFields.RefAttrName, WireType.LengthDelimited): reference = Text(ref reader); break;
                case (AttributeFields.Type, WireType.Varint): kind = (AttributeKind)(int)Math.Min(reader.ReadVarint(), 255); break;
                case (AttributeFields.F, WireType.Fixed32):
                    number = BinaryPrimitives.ReadSingleLittleEndian(reader.ReadFixed(sizeof(float)));
                    given = AttributeKind.Float;
                    break;
                case (AttributeFields.I, WireType.Varint):
                    integer = (long)reader.ReadVarint();
                    given = AttributeKind.Int;
                    break;
                case (AttributeFields.S, WireType.LengthDelimited):
                    text = Text(ref reader);
                    given = AttributeKind.String;
                    break;
                case (AttributeFields.T, WireType.LengthDelimited):
                    tensor = ReadTensor(Enter(ref reader, "t")).Tensor;
                    given = AttributeKind.Tensor;
                    break;
                case (AttributeFields.G, WireType.LengthDelimited):
                    graph = ReadGraph(Enter(ref reader, "g"));
                    given = AttributeKind.Graph;
                    break;
                case (AttributeFields.Floats, WireType.LengthDelimited or WireType.Fixed32):
                    ReadFloats(ref reader, wire, floats ??= ImmutableArray.CreateBuilder<float>());
                    given = AttributeKind.Floats;
                    break;
                case (AttributeFields.Ints, WireType.LengthDelimited or WireType.Varint):
                    ReadInts(ref reader, wire, ints ??= ImmutableArray.CreateBuilder<long>());
                    given = AttributeKind.Ints;
                    break;
                case (AttributeFields.Strings, WireType.LengthDelimited):
                    (strings ??= ImmutableArray.CreateBuilder<string>()).Add(Text(ref reader));
                    given = AttributeKind.Strings;
                    break;
                case (AttributeFields.Tensors, WireType.LengthDelimited):
                    tensors ??= ImmutableArray.CreateBuilder<TensorValue>();
                    tensors.Add(ReadTensor(Enter(ref reader, "tensors", tensors.Count)).Tensor);
                    given = AttributeKind.Tensors;
                    break;
                case (AttributeFields.Graphs, WireType.LengthDelimited):
                    graphs ??= ImmutableArray.CreateBuilder<GraphDefinition>();
                    graphs.Add(ReadGraph(Enter(ref reader, "graphs", graphs.Count)));
                    given = AttributeKind.Graphs;
                    break;
                case (AttributeFields.Tp, WireType.LengthDelimited):
                    type = ReadType(Enter(ref reader, "tp"));
                    given = AttributeKind.Type;
                    break;
                case (AttributeFields.TypeProtos, WireType.LengthDelimited):
                    types ??= ImmutableArray.CreateBuilder<GraphType>();
                    types.Add(ReadType(Enter(ref reader, "type_protos", types.Count)) ?? throw Fault(from, "a type in type_protos says nothing"));
                    given = AttributeKind.Types;
                    break;
                case (AttributeFields.SparseTensor, WireType.LengthDelimited):
                    sparse = ReadSparseTensor(Enter(ref reader, "sparse_tensor")).Sparse;
                    given = AttributeKind.SparseTensor;
                    break;
                case (AttributeFields.SparseTensors, WireType.LengthDelimited):
                    sparses ??= ImmutableArray.CreateBuilder<SparseTensor>();
                    sparses.Add(ReadSparseTensor(Enter(ref reader, "sparse_tensors", sparses.Count)).Sparse);
                    given = AttributeKind.SparseTensors;
                    break;
                default: reader.Skip(wire); break;
            }
        }
        if (name.Length == 0) throw Fault(from, "an attribute has no name");
        if (kind == AttributeKind.Undefined) kind = given;
        object? value = reference.Length > 0 ? new AttributeReference(reference) : kind switch
        {
            AttributeKind.Float => number,
            AttributeKind.Int => integer,
            AttributeKind.String => text,
            AttributeKind.Tensor => tensor,
            AttributeKind.Graph => graph,
            AttributeKind.Type => type,
            AttributeKind.SparseTensor => sparse,
            AttributeKind.Floats => floats?.DrainToImmutable() ?? [],
            AttributeKind.Strings => strings?.DrainToImmutable() ?? [],
            AttributeKind.Tensors => tensors?.DrainToImmutable() ?? [],
            AttributeKind.Graphs => graphs?.DrainToImmutable() ?? [],
            AttributeKind.Types => types?.DrainToImmutable() ?? [],
            AttributeKind.SparseTensors => sparses?.DrainToImmutable() ?? [],
            // without a type and without a value: an empty list
            AttributeKind.Ints or AttributeKind.Undefined => ints?.DrainToImmutable() ?? [],
            _ => throw Fault(from, $"attribute '{name}' is of kind {(int)kind}, which is unknown"),
        };
        if (value is null) throw Fault(from, $"attribute '{name}' of kind {kind} has no value");
        Leave();
        return new AttributeDefinition(name, value);
    }

    private void ReadFloats(ref ProtobufWireReader reader, WireType wire, ImmutableArray<float>.Builder floats)
    {
        var from = reader.Offset;
        var bytes = wire == WireType.Fixed32 ? reader.ReadFixed(sizeof(float)) : reader.ReadBytes();
        if (bytes.Length % sizeof(float) != 0) throw Fault(from, $"{bytes.Length} bytes of packed floats are not a multiple of {sizeof(float)}");
        floats.AddRange(MemoryMarshal.Cast<byte, float>(bytes));
    }

    private static void ReadInts(ref ProtobufWireReader reader, WireType wire, ImmutableArray<long>.Builder ints)
    {
        if (wire == WireType.Varint)
        {
            ints.Add((long)reader.ReadVarint());
            return;
        }
        var packed = reader.ReadMessage();
        while (!packed.AtEnd) ints.Add((long)packed.ReadVarint());
    }
}

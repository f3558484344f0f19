using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

internal sealed partial class OnnxReader
{
    private const int MaxTypeDepth = 32;
    private const int MaxRank = 64;

    private int _typeDepth;

    private ValueDefinition ReadValueInfo(ProtobufWireReader reader)
    {
        var (name, type) = ("", (GraphType?)null);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (PairFields.First, WireType.LengthDelimited)) name = Text(ref reader);
            else if ((field, wire) is (PairFields.Second, WireType.LengthDelimited)) type = ReadType(Enter(ref reader, "type"));
            else reader.Skip(wire);
        }
        Leave();
        return new ValueDefinition(name, type);
    }

    /// <summary>A <c>TypeProto</c>; null when it says nothing.</summary>
    private GraphType? ReadType(ProtobufWireReader reader)
    {
        if (++_typeDepth > MaxTypeDepth) throw Fault(reader.Offset, $"types lie in types more than {MaxTypeDepth} deep");
        GraphType? type = null;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            switch (field)
            {
                // a sparse tensor flows through the graph as the dense one it means
                case TypeFields.Tensor: type = ReadTensorType(Enter(ref reader, "tensor_type")); break;
                case TypeFields.SparseTensor: type = ReadTensorType(Enter(ref reader, "sparse_tensor_type")); break;
                case TypeFields.Sequence: type = new SequenceType(ReadItemType(Enter(ref reader, "sequence_type"))); break;
                case TypeFields.Optional: type = new OptionalType(ReadItemType(Enter(ref reader, "optional_type"))); break;
                case TypeFields.Map: type = ReadMapType(Enter(ref reader, "map_type")); break;
                case TypeFields.Opaque: throw Fault(reader.Offset, "an opaque type is known to its producer alone", unsupported: true);
                default: reader.Skip(wire); break;
            }
        }
        _typeDepth--;
        Leave();
        return type;
    }

    private TensorType ReadTensorType(ProtobufWireReader reader)
    {
        var (element, shape) = (DataType.Undefined, (Shape?)null);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (TypeFields.ElemType, WireType.Varint)) element = ReadDataType(ref reader);
            else if ((field, wire) is (TypeFields.Shape, WireType.LengthDelimited)) shape = ReadShape(Enter(ref reader, "shape"));
            else reader.Skip(wire);
        }
        Leave();
        return new TensorType(element, shape);
    }

    private GraphType ReadItemType(ProtobufWireReader reader)
    {
        GraphType? item = null;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (TypeFields.ElemType, WireType.LengthDelimited)) item = ReadType(Enter(ref reader, "elem_type"));
            else reader.Skip(wire);
        }
        Leave();
        return item ?? new TensorType(DataType.Undefined);
    }

    private MapType ReadMapType(ProtobufWireReader reader)
    {
        var (key, item) = (DataType.Undefined, (GraphType?)null);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (TypeFields.KeyType, WireType.Varint)) key = ReadDataType(ref reader);
            else if ((field, wire) is (TypeFields.ValueType, WireType.LengthDelimited)) item = ReadType(Enter(ref reader, "value_type"));
            else reader.Skip(wire);
        }
        Leave();
        return new MapType(key, item ?? new TensorType(DataType.Undefined));
    }

    private DataType ReadDataType(ref ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var number = (long)reader.ReadVarint();
        if (number == 0) return DataType.Undefined;
        return DataTypes.TryOf(number, out var type) ? type : throw Fault(from, $"element type {number} is unknown: 1 to {(int)DataType.Int2} are defined");
    }

    private Shape ReadShape(ProtobufWireReader reader)
    {
        var dimensions = ImmutableArray.CreateBuilder<long>();
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is not (PairFields.First, WireType.LengthDelimited))
            {
                reader.Skip(wire);
                continue;
            }
            if (dimensions.Count == MaxRank) throw Fault(reader.Offset, $"a tensor has more than {MaxRank} dimensions");
            dimensions.Add(ReadDimension(Enter(ref reader, "dim", dimensions.Count)));
        }
        Leave();
        return new Shape(dimensions.DrainToImmutable());
    }

    private long ReadDimension(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var (size, name) = (-1L, "");
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (TypeFields.DimValue, WireType.Varint)) (size, name) = ((long)reader.ReadVarint(), "");
            else if ((field, wire) is (TypeFields.DimParam, WireType.LengthDelimited)) (size, name) = (-1, Text(ref reader));
            else reader.Skip(wire);
        }
        Leave();
        if (size > int.MaxValue) throw Fault(from, $"a dimension of {size} is more than a tensor can have ({int.MaxValue})");
        return size >= 0 ? size : SymbolOf(name);
    }

    /// <summary>The number of a symbolic dimension: one for each name; every unnamed one is another.</summary>
    private long SymbolOf(string name)
    {
        if (name.Length > 0 && _symbols.TryGetValue(name, out var symbol)) return symbol;
        _symbolNames.Add(name);
        if (name.Length > 0) _symbols.Add(name, -_symbolNames.Count);
        return -_symbolNames.Count;
    }
}

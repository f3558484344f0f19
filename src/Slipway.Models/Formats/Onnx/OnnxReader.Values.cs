using System.Collections.Immutable;
using System.Text;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

internal sealed partial class OnnxReader
{
    internal static Value ReadValue(ReadOnlyMemory<byte> file, string source, GraphType? type) => Guarded(file, source, null, reader =>
    {
        var message = new ProtobufWireReader(file.Span, source);
        reader._path.Add(("value", -1));
        return reader.ReadValue(message, type);
    });

    private Value ReadValue(ProtobufWireReader reader, GraphType? type) => type switch
    {
        SequenceType sequence => ReadSequence(reader, sequence.Item),
        OptionalType optional => ReadOptional(reader, optional.Item),
        MapType map => ReadMap(reader, map.Item),
        _ => ReadTensor(reader).Tensor,
    };

    private SequenceValue ReadSequence(ProtobufWireReader reader, GraphType? itemType)
    {
        if (++_typeDepth > MaxTypeDepth) throw Fault(reader.Offset, $"values lie in values more than {MaxTypeDepth} deep");
        var items = new List<Value>();
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (wire != WireType.LengthDelimited)
            {
                reader.Skip(wire);
                continue;
            }
            switch (field)
            {
                case ValueFields.TensorValues: items.Add(ReadTensor(Enter(ref reader, "tensor_values", items.Count)).Tensor); break;
                case ValueFields.SparseTensorValues: items.Add(Dense(ReadSparseTensor(Enter(ref reader, "sparse_tensor_values", items.Count)).Sparse)); break;
                case ValueFields.SequenceValues: items.Add(ReadSequence(Enter(ref reader, "sequence_values", items.Count), (itemType as SequenceType)?.Item)); break;
                case ValueFields.MapValues: items.Add(ReadMap(Enter(ref reader, "map_values", items.Count), (itemType as MapType)?.Item)); break;
                case ValueFields.OptionalValues: items.Add(ReadOptional(Enter(ref reader, "optional_values", items.Count), (itemType as OptionalType)?.Item)); break;
                default: reader.Skip(wire); break;
            }
        }
        _typeDepth--;
        Leave();
        return new SequenceValue(itemType ?? (items.Count > 0 ? items[0].Type : new TensorType(DataType.Undefined)), items);
    }

    private OptionalValue ReadOptional(ProtobufWireReader reader, GraphType? itemType)
    {
        if (++_typeDepth > MaxTypeDepth) throw Fault(reader.Offset, $"values lie in values more than {MaxTypeDepth} deep");
        Value? content = null;
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (ValueFields.TensorValue, WireType.LengthDelimited): content = ReadTensor(Enter(ref reader, "tensor_value")).Tensor; break;
                case (ValueFields.SparseTensorValue, WireType.LengthDelimited): content = Dense(ReadSparseTensor(Enter(ref reader, "sparse_tensor_value")).Sparse); break;
                case (ValueFields.SequenceValue, WireType.LengthDelimited): content = ReadSequence(Enter(ref reader, "sequence_value"), (itemType as SequenceType)?.Item); break;
                case (ValueFields.MapValue, WireType.LengthDelimited): content = ReadMap(Enter(ref reader, "map_value"), (itemType as MapType)?.Item); break;
                case (ValueFields.OptionalValue, WireType.LengthDelimited): content = ReadOptional(Enter(ref reader, "optional_value"), (itemType as OptionalType)?.Item); break;
                default: reader.Skip(wire); break;
            }
        }
        _typeDepth--;
        Leave();
        return new OptionalValue(itemType ?? content?.Type ?? new TensorType(DataType.Undefined), content);
    }

    private MapValue ReadMap(ProtobufWireReader reader, GraphType? itemType)
    {
        var from = reader.Offset;
        var keyType = DataType.Undefined;
        var numbers = ImmutableArray.CreateBuilder<long>();
        var texts = new List<string>();
        SequenceValue? values = null;
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (ValueFields.KeyType, WireType.Varint): keyType = ReadDataType(ref reader); break;
                case (ValueFields.Keys, WireType.Varint or WireType.LengthDelimited): ReadInts(ref reader, wire, numbers); break;
                case (ValueFields.StringKeys, WireType.LengthDelimited): texts.Add(Encoding.UTF8.GetString(reader.ReadBytes())); break;
                case (ValueFields.Values, WireType.LengthDelimited): values = ReadSequence(Enter(ref reader, "values"), itemType); break;
                default: reader.Skip(wire); break;
            }
        }
        var keys = keyType == DataType.String ? TextsOf(texts) : TensorValue.Of(DataType.Int64, numbers.ToArray().AsSpan(), numbers.Count);
        var items = values?.Items ?? [];
        if (items.Count != keys.Count) throw Fault(from, $"a map has {keys.Count} keys and {items.Count} values");
        Leave();
        return new MapValue(keys, Joined(items, itemType, from));
    }

    private static TensorValue TextsOf(List<string> texts)
    {
        var tensor = new TensorValue(DataType.String, texts.Count);
        texts.CopyTo(tensor.Strings);
        return tensor;
    }

    /// <summary>The values of a map, each a tensor of one element, as one vector.</summary>
    private TensorValue Joined(IReadOnlyList<Value> items, GraphType? itemType, int from)
    {
        var element = items.Count > 0 ? (items[0] as TensorValue)?.Element ?? DataType.Undefined : (itemType as TensorType)?.Element ?? DataType.Float32;
        var joined = new TensorValue(element, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not TensorValue { Count: 1 } item || item.Element != element) throw Fault(from, $"value {i} of a map is {items[i].Type}, one {element.Text} was expected");
            if (element == DataType.String) joined.Strings[i] = item.Strings[0];
            else item.Bytes.CopyTo(joined.Bytes[(i * element.Width)..]);
        }
        return joined;
    }
}

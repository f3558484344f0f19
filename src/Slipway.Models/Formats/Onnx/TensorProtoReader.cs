using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.Onnx;

/// <summary>
/// Reads an ONNX <c>TensorProto</c> (onnx.proto, https://onnx.ai/onnx/repo-docs/IR.html): what <c>test_data_set_*/input_*.pb</c> holds.
/// Values come from <c>raw_data</c> or from the typed field that the standard gives the element type.
/// </summary>
public static class TensorProtoReader
{
    private const int Dims = 1, DataType = 2, Segment = 3, FloatData = 4, Int32Data = 5, StringData = 6, Int64Data = 7, Name = 8, RawData = 9,
        DoubleData = 10, UInt64Data = 11, ExternalData = 13, DataLocation = 14;

    /// <summary>Reads one tensor; the caller disposes it.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="source">The file, for error messages.</param>
    /// <param name="name">Names the tensor; without it, it has the name the message gives.</param>
    /// <exception cref="ModelException">The message is damaged, is not a tensor, or has an element type that no tensor here holds.</exception>
    public static Tensor Read(ReadOnlySpan<byte> message, string source, string? name = null)
    {
        Span<long> dimensions = stackalloc long[SignatureValidation.MaxRank];
        var header = ReadHeader(message, source, dimensions);
        var shape = dimensions[..header.Rank];
        var count = CountOf(shape, source);
        // every element takes at least one byte of the message, so a small file cannot ask for a large buffer
        if (count > message.Length) throw new ModelException($"{source}: shape [{string.Join(',', shape.ToArray())}] holds {count} elements, which cannot be in {message.Length} bytes");

        var tensor = Tensor.Uninitialized(name ?? header.Name, header.Type, shape);
        try
        {
            var written = header.HasRaw ? FillRaw(message, source, tensor) : FillTyped(message, source, tensor);
            if (written != tensor.Count) throw new ModelException($"{source}: shape [{string.Join(',', shape.ToArray())}] holds {tensor.Count} elements, found {written}");
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private readonly record struct Header(ElementType Type, int Rank, string Name, bool HasRaw);

    private static Header ReadHeader(ReadOnlySpan<byte> message, string source, Span<long> dimensions)
    {
        var reader = new ProtobufWireReader(message, source);
        var (rank, dataType, name, hasRaw, typedField) = (0, 0UL, "", false, 0);
        while (reader.TryReadTag(out var field, out var wire))
        {
            var start = reader.Position;
            switch (field, wire)
            {
                case (Dims, WireType.Varint):
                    AddDimension(reader.ReadVarint(), dimensions, ref rank, source);
                    break;
                case (Dims, WireType.LengthDelimited):
                    var packed = new ProtobufWireReader(reader.ReadBytes(), source);
                    while (!packed.AtEnd) AddDimension(packed.ReadVarint(), dimensions, ref rank, source);
                    break;
                case (DataType, WireType.Varint):
                    dataType = reader.ReadVarint();
                    break;
                case (Name, WireType.LengthDelimited):
                    name = Encoding.UTF8.GetString(reader.ReadBytes());
                    break;
                case (RawData, WireType.LengthDelimited):
                    reader.ReadBytes();
                    hasRaw = true;
                    break;
                case (FloatData or Int32Data or StringData or Int64Data or DoubleData or UInt64Data, _):
                    typedField = field;
                    reader.Skip(wire);
                    break;
                case (Segment, _):
                    reader.Throw(start, "this is not a whole tensor (a sequence, an optional value or a segment); only tensors can be replayed");
                    break;
                case (DataLocation, WireType.Varint):
                    if (reader.ReadVarint() != 0) ThrowExternal(ref reader, start);
                    break;
                case (ExternalData, _):
                    ThrowExternal(ref reader, start);
                    break;
                case (Dims or DataType or Name or RawData or DataLocation, _):
                    reader.Throw(start, $"field {field} has wire type {(int)wire}, which a tensor does not use for it");
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }
        var type = TypeOf(dataType, source);
        if (!hasRaw && typedField == 0 && !dimensions[..rank].Contains(0)) throw new ModelException($"{source}: it has no values: this is not a whole tensor (a sequence or an optional value?); only tensors can be replayed");
        if (hasRaw && typedField != 0) throw new ModelException($"{source}: values are given twice, in raw_data and in field {typedField}");
        if (hasRaw && type == ElementType.Bytes) throw new ModelException($"{source}: strings are in raw_data; string_data expected");
        if (typedField != 0 && typedField != FieldOf(type)) throw new ModelException($"{source}: {type.ProtocolName} values are in field {typedField}, expected in field {FieldOf(type)}");
        return new Header(type, rank, name, hasRaw);
    }

    private static void ThrowExternal(ref ProtobufWireReader reader, int position) =>
        reader.Throw(position, "the values are in another file; only tensors that hold their values can be read");

    private static void AddDimension(ulong dimension, Span<long> dimensions, ref int rank, string source)
    {
        if (rank == dimensions.Length) throw new ModelException($"{source}: more than {dimensions.Length} dimensions");
        if (dimension > int.MaxValue) throw new ModelException($"{source}: dimension {(long)dimension} is not from 0 to {int.MaxValue}");
        dimensions[rank++] = (long)dimension;
    }

    private static long CountOf(ReadOnlySpan<long> shape, string source)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            count *= dimension;
            if (count > int.MaxValue) throw new ModelException($"{source}: shape [{string.Join(',', shape.ToArray())}] is more than one tensor can hold; a sequence or an optional value reads like this, and only tensors can be replayed");
        }
        return count;
    }

    private static int FillRaw(ReadOnlySpan<byte> message, string source, Tensor tensor)
    {
        var reader = new ProtobufWireReader(message, source);
        ReadOnlySpan<byte> raw = default;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field == RawData) raw = reader.ReadBytes();
            else reader.Skip(wire);
        }
        var data = tensor.RawData;
        if (raw.Length != data.Length) throw new ModelException($"{source}: raw_data has {raw.Length} bytes, {tensor} takes {data.Length}");
        if (tensor.Type == ElementType.Bool && raw.ContainsAnyExceptInRange<byte>(0, 1)) throw new ModelException($"{source}: a BOOL is neither 0 nor 1");
        raw.CopyTo(data);
        return tensor.Count;
    }

    private static int FillTyped(ReadOnlySpan<byte> message, string source, Tensor tensor)
    {
        var reader = new ProtobufWireReader(message, source);
        var (expected, written) = (FieldOf(tensor.Type), 0);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != expected)
            {
                reader.Skip(wire);
                continue;
            }
            switch (field, wire)
            {
                case (StringData, WireType.LengthDelimited):
                    if (written == tensor.Count) ThrowTooMany(source, tensor);
                    tensor.Append(reader.ReadBytes());
                    written++;
                    break;
                case (FloatData or DoubleData, WireType.LengthDelimited):
                    CopyFixed(reader.ReadBytes(), tensor, ref written, source);
                    break;
                case (FloatData, WireType.Fixed32):
                case (DoubleData, WireType.Fixed64):
                    CopyFixed(reader.ReadFixed(tensor.Type.Size), tensor, ref written, source);
                    break;
                case (Int32Data or Int64Data or UInt64Data, WireType.LengthDelimited):
                    var packed = new ProtobufWireReader(reader.ReadBytes(), source);
                    while (!packed.AtEnd) Store(packed.ReadVarint(), tensor, written++, source);
                    break;
                case (Int32Data or Int64Data or UInt64Data, WireType.Varint):
                    Store(reader.ReadVarint(), tensor, written++, source);
                    break;
                default:
                    reader.Throw(reader.Position, $"field {field} has wire type {(int)wire}, which a tensor does not use for it");
                    break;
            }
        }
        return written;
    }

    private static void CopyFixed(ReadOnlySpan<byte> bytes, Tensor tensor, ref int written, string source)
    {
        var size = tensor.Type.Size;
        if (bytes.Length % size != 0) throw new ModelException($"{source}: {bytes.Length} bytes of packed {tensor.Type.ProtocolName} are not a multiple of {size}");
        var rest = tensor.RawData[(written * size)..];
        if (bytes.Length > rest.Length) ThrowTooMany(source, tensor);
        bytes.CopyTo(rest);
        written += bytes.Length / size;
    }

    private static void Store(ulong varint, Tensor tensor, int index, string source)
    {
        if (index >= tensor.Count) ThrowTooMany(source, tensor);
        var value = (long)varint;
        switch (tensor.Type)
        {
            case ElementType.Int64: tensor.Values<long>()[index] = value; return;
            case ElementType.UInt64: tensor.Values<ulong>()[index] = varint; return;
            case ElementType.Int32 when value == (int)value: tensor.Values<int>()[index] = (int)value; return;
            case ElementType.UInt32 when varint <= uint.MaxValue: tensor.Values<uint>()[index] = (uint)varint; return;
            case ElementType.Int16 when value == (short)value: tensor.Values<short>()[index] = (short)value; return;
            case ElementType.UInt16 or ElementType.BFloat16 or ElementType.Float16 when varint <= ushort.MaxValue:
                BinaryPrimitives.WriteUInt16LittleEndian(tensor.RawData[(index * 2)..], (ushort)varint);
                return;
            case ElementType.Int8 when value == (sbyte)value: tensor.Values<sbyte>()[index] = (sbyte)value; return;
            case ElementType.UInt8 when varint <= byte.MaxValue: tensor.RawData[index] = (byte)varint; return;
            case ElementType.Bool when varint <= 1: tensor.RawData[index] = (byte)varint; return;
            default: throw new ModelException($"{source}: element {index}: {tensor.Type.ProtocolName} cannot hold {value}");
        }
    }

    private static void ThrowTooMany(string source, Tensor tensor) => throw new ModelException($"{source}: more than the {tensor.Count} elements of shape [{string.Join(',', tensor.Shape.ToArray())}]");

    private static int FieldOf(ElementType type) => type switch
    {
        ElementType.Float32 => FloatData,
        ElementType.Float64 => DoubleData,
        ElementType.Int64 => Int64Data,
        ElementType.UInt32 or ElementType.UInt64 => UInt64Data,
        ElementType.Bytes => StringData,
        _ => Int32Data,
    };

    private static ElementType TypeOf(ulong dataType, string source) => TensorElementTypes.Of((long)dataType) ?? dataType switch
    {
        0 => throw new ModelException($"{source}: no element type is given: this is not a tensor (an empty optional value or another kind of file)"),
        14 or 15 => throw new ModelException($"{source}: complex numbers (ONNX type {dataType}) cannot be held by a tensor here"),
        >= 17 and <= 26 => throw new ModelException($"{source}: ONNX type {dataType} (8 bits or fewer a number) cannot be held by a tensor here"),
        _ => throw new ModelException($"{source}: ONNX type {dataType} is unknown"),
    };
}

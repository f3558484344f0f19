using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

internal sealed partial class OnnxReader
{
    /// <summary>Tensors of fewer bytes are copied, so that they neither keep a file mapped nor cost an object for their place in it.</summary>
    private const int SharedFrom = 64 << 10;

    /// <summary>These processors read numbers at any address.</summary>
    private static readonly bool ReadsUnaligned = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 or Architecture.Arm64;

    /// <summary>What a <c>TensorProto</c> says before its values.</summary>
    private struct TensorHeader
    {
        public string Name;
        public DataType Type;
        public int Count;
        public bool IsExternal;
        public int RawStart;
        public int RawLength;
        public string Location;
        public long Offset;
        public long Length;
    }

    private (string Name, TensorValue Tensor) ReadTensor(ProtobufWireReader reader)
    {
        var values = reader;
        var from = reader.Offset;
        Span<long> dimensions = stackalloc long[MaxRank];
        var header = ReadTensorHeader(ref reader, dimensions, out var rank);
        var bytes = reader.Position;
        var shape = dimensions[..rank];
        header.Count = CountOf(shape, header.Type, from);
        TensorValue tensor;
        if (_withoutElements) tensor = new TensorValue(header.Type);
        else if (header.IsExternal) tensor = ReadExternal(header, shape, from);
        else if (header.RawLength > 0) tensor = ReadRaw(header, shape, from);
        else
        {
            // a byte holds at most four elements, so that a small file cannot ask for a large tensor
            if (header.Count > 4L * bytes) throw Fault(from, $"{TextOf(header.Type, shape)} holds {header.Count} elements, which cannot be in {bytes} bytes");
            tensor = ReadTyped(values, header, shape, from);
        }
        Leave();
        return (header.Name, tensor);
    }

    private TensorHeader ReadTensorHeader(ref ProtobufWireReader reader, scoped Span<long> dimensions, out int rank)
    {
        var from = reader.Offset;
        var header = new TensorHeader { Name = "", Location = "", Length = -1 };
        rank = 0;
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (TensorFields.Dims, WireType.Varint): AddDimension(ref reader, dimensions, ref rank); break;
                case (TensorFields.Dims, WireType.LengthDelimited):
                    var packed = reader.ReadMessage();
                    while (!packed.AtEnd) AddDimension(ref packed, dimensions, ref rank);
                    break;
                case (TensorFields.DataType, WireType.Varint): header.Type = ReadDataType(ref reader); break;
                case (TensorFields.Name, WireType.LengthDelimited): header.Name = Text(ref reader); break;
                case (TensorFields.RawData, WireType.LengthDelimited):
                    header.RawLength = reader.ReadBytes().Length;
                    header.RawStart = reader.Offset - header.RawLength;
                    break;
                case (TensorFields.Segment, WireType.LengthDelimited): throw Fault(reader.Offset, "a tensor in segments is not whole", unsupported: true);
                case (TensorFields.DataLocation, WireType.Varint): header.IsExternal = reader.ReadVarint() != 0; break;
                case (TensorFields.ExternalData, WireType.LengthDelimited): ReadExternalEntry(ref reader, ref header); break;
                default: reader.Skip(wire); break;
            }
        }
        if (header.Type == DataType.Undefined) throw Fault(from, $"tensor '{header.Name}' has no element type");
        return header;
    }

    private void AddDimension(ref ProtobufWireReader reader, scoped Span<long> dimensions, ref int rank)
    {
        var from = reader.Offset;
        var size = (long)reader.ReadVarint();
        if (rank == dimensions.Length) throw Fault(from, $"a tensor has more than {dimensions.Length} dimensions");
        if (size is < 0 or > int.MaxValue) throw Fault(from, $"dimension {size} is not from 0 to {int.MaxValue}");
        dimensions[rank++] = size;
    }

    private void ReadExternalEntry(ref ProtobufWireReader reader, ref TensorHeader header)
    {
        var from = reader.Offset;
        var (key, value) = ReadPair(Enter(ref reader, "external_data"));
        switch (key)
        {
            case "location": header.Location = value; break;
            case "offset": header.Offset = Number(); break;
            case "length": header.Length = Number(); break;
        }

        long Number() => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Fault(from, $"the {key} of external data is '{value}', a number of bytes was expected");
    }

    private int CountOf(ReadOnlySpan<long> shape, DataType type, int from)
    {
        if (shape.Contains(0)) return 0;
        long count = 1;
        foreach (var size in shape)
        {
            count *= size;
            if (count * Math.Max(1, type.Width) > Array.MaxLength) throw Fault(from, $"{TextOf(type, shape)} is larger than can be held ({Array.MaxLength} bytes)");
        }
        return (int)count;
    }

    private TensorValue ReadExternal(in TensorHeader header, ReadOnlySpan<long> shape, int from)
    {
        if (header.Type == DataType.String) throw Fault(from, "strings cannot be external data");
        var expected = PackedLength(header.Type, header.Count);
        if (header.Length >= 0 && header.Length != expected) throw Fault(from, $"external data of {header.Length} bytes, {TextOf(header.Type, shape)} takes {expected}");
        try
        {
            return Share(header.Type, _externalData.Read(header.Location, header.Offset, expected), shape, from);
        }
        catch (ModelException e) when (e.InnerException is not ModelException && !e.Message.StartsWith(_source, StringComparison.Ordinal))
        {
            throw Fault(from, e.Message);
        }
    }

    private TensorValue ReadRaw(in TensorHeader header, ReadOnlySpan<long> shape, int from)
    {
        if (header.Type == DataType.String) throw Fault(header.RawStart, "strings are in raw_data, string_data expected");
        var expected = PackedLength(header.Type, header.Count);
        if (header.RawLength != expected) throw Fault(header.RawStart, $"raw_data has {header.RawLength} bytes, {TextOf(header.Type, shape)} takes {expected}");
        return Share(header.Type, MemoryMarshal.AsMemory(_file).Slice(header.RawStart, header.RawLength), shape, from);
    }

    /// <summary>A tensor whose elements are bytes of the file: where they lie if they are many, else a copy.</summary>
    private TensorValue Share(DataType type, Memory<byte> bytes, ReadOnlySpan<long> shape, int from)
    {
        if (PackedElements.PerByte(type) > 1)
        {
            var unpacked = new TensorValue(type, shape);
            PackedElements.Unpack(type, bytes.Span, unpacked.Bytes);
            return unpacked;
        }
        if (type == DataType.Bool && bytes.Span.ContainsAnyExceptInRange<byte>(0, 1)) throw Fault(from, "a bool is neither 0 nor 1");
        if (bytes.Length >= SharedFrom && (ReadsUnaligned || IsAligned(bytes.Span, type))) return TensorValue.Over(type, bytes, shape);
        var tensor = new TensorValue(type, shape);
        bytes.Span.CopyTo(tensor.Bytes);
        return tensor;
    }

    private static unsafe bool IsAligned(ReadOnlySpan<byte> bytes, DataType type)
    {
        fixed (byte* start = bytes) return (nuint)start % (nuint)type.Width == 0;
    }

    private TensorValue ReadTyped(ProtobufWireReader reader, in TensorHeader header, ReadOnlySpan<long> shape, int from)
    {
        var values = new TypedValues(header.Type, shape, header.Count);
        var expected = values.Field;
        while (reader.TryReadTag(out var field, out var wire))
        {
            if (field != expected)
            {
                reader.Skip(wire);
                continue;
            }
            var at = reader.Offset;
            var fault = (field, wire) switch
            {
                (TensorFields.StringData, WireType.LengthDelimited) => values.Add(Encoding.UTF8.GetString(reader.ReadBytes())),
                (TensorFields.FloatData or TensorFields.DoubleData, WireType.LengthDelimited) => values.Add(reader.ReadBytes()),
                (TensorFields.FloatData, WireType.Fixed32) => values.Add(reader.ReadFixed(sizeof(float))),
                (TensorFields.DoubleData, WireType.Fixed64) => values.Add(reader.ReadFixed(sizeof(double))),
                (TensorFields.Int32Data or TensorFields.Int64Data or TensorFields.UInt64Data, WireType.LengthDelimited) => AddPacked(reader.ReadMessage(), values),
                (TensorFields.Int32Data or TensorFields.Int64Data or TensorFields.UInt64Data, WireType.Varint) => values.Add(reader.ReadVarint()),
                _ => $"field {field} has wire type {(int)wire}, which a tensor does not use for it",
            };
            if (fault is not null) throw Fault(at, $"{TextOf(header.Type, shape)}: {fault}");
        }
        return values.Written == values.Count ? values.ToTensor() : throw Fault(from, $"{TextOf(header.Type, shape)} takes {values.Count} values in field {expected}, {values.Written} are there");
    }

    private static string? AddPacked(ProtobufWireReader packed, TypedValues values)
    {
        string? fault = null;
        while (fault is null && !packed.AtEnd) fault = values.Add(packed.ReadVarint());
        return fault;
    }

    private static long PackedLength(DataType type, int count) =>
        PackedElements.PerByte(type) is > 1 and var perByte ? ((long)count + perByte - 1) / perByte : (long)count * type.Width;

    private static string TextOf(DataType type, ReadOnlySpan<long> shape) => $"{type.Text}{Shape.TextOf(shape)}";
}

using System.Buffers.Binary;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>The elements of a tensor as they come from the typed fields of a <c>TensorProto</c> (float_data, int32_data, …). Methods return what is wrong, or null.</summary>
internal sealed class TypedValues
{
    private readonly TensorValue _tensor;
    private readonly DataType _type;

    // elements of fewer than 8 bits come as they are packed
    private readonly byte[]? _packed;

    public TypedValues(DataType type, ReadOnlySpan<long> shape, int count)
    {
        _tensor = new TensorValue(type, shape);
        _type = type;
        Count = type is DataType.Complex64 or DataType.Complex128 ? count * 2 : count;
        if (PackedElements.PerByte(type) is > 1 and var perByte)
        {
            _packed = new byte[(count + perByte - 1) / perByte];
            Count = _packed.Length;
        }
    }

    /// <summary>The field that the standard gives the type.</summary>
    public int Field => _type switch
    {
        DataType.Float32 or DataType.Complex64 => TensorFields.FloatData,
        DataType.Float64 or DataType.Complex128 => TensorFields.DoubleData,
        DataType.Int64 => TensorFields.Int64Data,
        DataType.UInt32 or DataType.UInt64 => TensorFields.UInt64Data,
        DataType.String => TensorFields.StringData,
        _ => TensorFields.Int32Data,
    };

    /// <summary>How many values the field holds for the whole tensor: a complex number is two, an element of 4 bits half of one.</summary>
    public int Count { get; }

    public int Written { get; private set; }

    public string? Add(string text)
    {
        if (Written == Count) return TooMany();
        _tensor.Strings[Written++] = text;
        return null;
    }

    /// <summary>Floats or doubles, little-endian.</summary>
    public string? Add(ReadOnlySpan<byte> bytes)
    {
        var size = Field == TensorFields.FloatData ? sizeof(float) : sizeof(double);
        if (bytes.Length % size != 0) return $"{bytes.Length} bytes of packed numbers are not a multiple of {size}";
        var rest = _tensor.Bytes[(Written * size)..];
        if (bytes.Length > rest.Length) return TooMany();
        bytes.CopyTo(rest);
        Written += bytes.Length / size;
        return null;
    }

    public string? Add(ulong varint)
    {
        if (Written == Count) return TooMany();
        var (at, value) = (Written++, (long)varint);
        if (_packed is not null)
        {
            // some writers extend the sign of the byte
            _packed[at] = (byte)varint;
            return value is >= sbyte.MinValue and <= byte.MaxValue ? null : Misfit(value);
        }
        var bytes = _tensor.Bytes[(at * _type.Width)..];
        switch (_type)
        {
            case DataType.Int64 or DataType.UInt64: BinaryPrimitives.WriteUInt64LittleEndian(bytes, varint); return null;
            case DataType.Int32: BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value); return value == (int)value ? null : Misfit(value);
            case DataType.UInt32: BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)varint); return varint <= uint.MaxValue ? null : Misfit(value);
            case DataType.Int16: BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)value); return value == (short)value ? null : Misfit(value);
            case DataType.UInt16 or DataType.Float16 or DataType.BFloat16: BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)varint); return varint <= ushort.MaxValue ? null : Misfit(value);
            case DataType.Int8: bytes[0] = (byte)value; return value == (sbyte)value ? null : Misfit(value);
            case DataType.Bool: bytes[0] = (byte)varint; return varint <= 1 ? null : Misfit(value);
            default: bytes[0] = (byte)varint; return varint <= byte.MaxValue ? null : Misfit(value);
        }
    }

    public TensorValue ToTensor()
    {
        if (_packed is not null) PackedElements.Unpack(_type, _packed, _tensor.Bytes);
        return _tensor;
    }

    private string TooMany() => $"more than the {Count} values of its shape";

    private string Misfit(long value) => $"value {Written - 1}: {_type.Text} cannot hold {value}";
}

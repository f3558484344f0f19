using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Slipway.Core;

public static partial class TensorJson
{
    /// <summary>Writes an array of tensor objects, data flat; <see cref="ReadTensors"/> reads it back.</summary>
    /// <exception cref="RecordException">A <c>BYTES</c> element is not UTF-8 text, which JSON cannot carry.</exception>
    public static void WriteTensors(Utf8JsonWriter writer, IReadOnlyList<Tensor> tensors)
    {
        writer.WriteStartArray();
        for (var i = 0; i < tensors.Count; i++) WriteTensor(writer, tensors[i]);
        writer.WriteEndArray();
    }

    private static void WriteTensor(Utf8JsonWriter writer, Tensor tensor)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, tensor.Name);
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in tensor.Shape) writer.WriteNumberValue(dimension);
        writer.WriteEndArray();
        writer.WriteString("datatype"u8, tensor.Type.ProtocolName);
        writer.WriteStartArray("data"u8);
        WriteElements(writer, tensor);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteElements(Utf8JsonWriter writer, Tensor tensor)
    {
        switch (tensor.Type)
        {
            case ElementType.Float32: WriteFloats<float>(writer, tensor); break;
            case ElementType.Float64: WriteFloats<double>(writer, tensor); break;
            case ElementType.Float16: WriteFloats<Half>(writer, tensor); break;
            case ElementType.BFloat16:
                using (var wide = tensor.ConvertTo(ElementType.Float32)) WriteFloats<float>(writer, wide);
                break;
            case ElementType.Int64: WriteIntegers<long>(writer, tensor); break;
            case ElementType.Int32: WriteIntegers<int>(writer, tensor); break;
            case ElementType.Int16: WriteIntegers<short>(writer, tensor); break;
            case ElementType.Int8: WriteIntegers<sbyte>(writer, tensor); break;
            case ElementType.UInt64: WriteIntegers<ulong>(writer, tensor); break;
            case ElementType.UInt32: WriteIntegers<uint>(writer, tensor); break;
            case ElementType.UInt16: WriteIntegers<ushort>(writer, tensor); break;
            case ElementType.UInt8: WriteIntegers<byte>(writer, tensor); break;
            case ElementType.Bool: WriteBooleans(writer, tensor); break;
            default: WriteText(writer, tensor); break;
        }
    }

    private static void WriteFloats<T>(Utf8JsonWriter writer, Tensor tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = tensor.Values<T>();
        Span<byte> text = stackalloc byte[32];
        for (var i = 0; i < values.Length; i++)
        {
            if (T.IsNaN(values[i]) || tensor.IsMissing(i)) writer.WriteNullValue();
            else if (T.IsInfinity(values[i])) writer.WriteStringValue(T.IsPositive(values[i]) ? "Infinity"u8 : "-Infinity"u8);
            else
            {
                values[i].TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
                writer.WriteRawValue(text[..length], skipInputValidation: true);
            }
        }
    }

    private static void WriteIntegers<T>(Utf8JsonWriter writer, Tensor tensor) where T : unmanaged, IBinaryInteger<T>
    {
        var values = tensor.Values<T>();
        Span<byte> text = stackalloc byte[32];
        for (var i = 0; i < values.Length; i++)
        {
            if (tensor.IsMissing(i))
            {
                writer.WriteNullValue();
                continue;
            }
            values[i].TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            writer.WriteRawValue(text[..length], skipInputValidation: true);
        }
    }

    private static void WriteBooleans(Utf8JsonWriter writer, Tensor tensor)
    {
        var values = tensor.RawData;
        for (var i = 0; i < values.Length; i++)
        {
            if (tensor.IsMissing(i)) writer.WriteNullValue();
            else writer.WriteBooleanValue(values[i] != 0);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, Tensor tensor)
    {
        for (var i = 0; i < tensor.Count; i++)
        {
            if (tensor.IsMissing(i))
            {
                writer.WriteNullValue();
                continue;
            }
            var bytes = tensor.GetBytes(i);
            if (!System.Text.Unicode.Utf8.IsValid(bytes)) throw new RecordException($"tensor '{tensor.Name}' element {i} is not UTF-8 text, which JSON cannot carry");
            writer.WriteStringValue(bytes);
        }
    }
}

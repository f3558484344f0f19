using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Slipway.Core;

namespace Slipway.Monitoring.Samples;

/// <summary>
/// One row of a batch as a JSON object: numbers, strings, booleans, null for missing and NaN, <c>"Infinity"</c> and <c>"-Infinity"</c>;
/// a row of a matrix is an array, of a higher rank nested arrays. Tensors with more than <see cref="MaxElements"/> elements a row (images) are left out.
/// </summary>
internal static class SampleJson
{
    public const int MaxElements = 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    private const int KeptBuffer = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    public static string Write(Batch rows, int row)
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(512);
        var writer = s_writer ??= new Utf8JsonWriter(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        foreach (var tensor in rows)
        {
            var stride = tensor.Stride;
            if (stride > MaxElements) continue;
            writer.WritePropertyName(tensor.Name);
            if (stride == 1) WriteElement(writer, tensor, row);
            else WriteArray(writer, tensor, 1, row * stride, stride);
        }
        writer.WriteEndObject();
        writer.Flush();
        var json = Encoding.UTF8.GetString(buffer.WrittenSpan);
        if (buffer.Capacity > KeptBuffer) s_buffer = null;
        return json;
    }

    private static void WriteArray(Utf8JsonWriter writer, Tensor tensor, int dimension, int first, int count)
    {
        writer.WriteStartArray();
        var length = (int)tensor.Shape[dimension];
        for (var i = 0; i < length; i++)
        {
            var each = count / length;
            if (dimension == tensor.Shape.Length - 1) WriteElement(writer, tensor, first + i);
            else WriteArray(writer, tensor, dimension + 1, first + (i * each), each);
        }
        writer.WriteEndArray();
    }

    private static void WriteElement(Utf8JsonWriter writer, Tensor tensor, int index)
    {
        if (tensor.IsMissing(index))
        {
            writer.WriteNullValue();
            return;
        }
        switch (tensor.Type)
        {
            case ElementType.Bool: writer.WriteBooleanValue(tensor.RawData[index] != 0); break;
            case ElementType.Bytes: writer.WriteStringValue(tensor.GetBytes(index)); break;
            case ElementType.Int64: writer.WriteNumberValue(tensor.Values<long>()[index]); break;
            case ElementType.UInt64: writer.WriteNumberValue(tensor.Values<ulong>()[index]); break;
            case ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16: WriteFloat(writer, (float)tensor.NumberAt(index)); break;
            default: WriteDouble(writer, tensor.NumberAt(index)); break;
        }
    }

    private static void WriteFloat(Utf8JsonWriter writer, float value)
    {
        // As a float it is written with the fewest digits that read back the same float.
        if (float.IsFinite(value)) writer.WriteNumberValue(value);
        else WriteDouble(writer, value);
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else if (double.IsNaN(value)) writer.WriteNullValue();
        else writer.WriteStringValue(value > 0 ? "Infinity"u8 : "-Infinity"u8);
    }
}

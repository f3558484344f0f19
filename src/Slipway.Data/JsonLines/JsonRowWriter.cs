using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Data.JsonLines;

/// <summary>Rows as JSON objects: missing values are <c>null</c>; what JSON has no numbers for is <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.</summary>
public sealed class JsonRowWriter(ImmutableArray<FlatColumn> columns)
{
    private readonly ImmutableArray<JsonEncodedText> _names = [.. columns.Select(c => JsonEncodedText.Encode(c.Name, JsonOptions.Encoder))];

    /// <summary>Encodes only what JSON must: what goes to a file or another program is not put into HTML.</summary>
    public static JsonWriterOptions JsonOptions { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <exception cref="RecordException">A text is not valid UTF-8.</exception>
    public void Write(Utf8JsonWriter json, Batch batch, int row)
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Length; i++)
        {
            json.WritePropertyName(_names[i]);
            WriteValue(json, batch[columns[i].Tensor], columns[i].At(row));
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Tensor tensor, int at)
    {
        if (tensor.IsMissing(at))
        {
            json.WriteNullValue();
            return;
        }
        switch (tensor.Type)
        {
            case ElementType.Bytes:
                try
                {
                    json.WriteStringValue(tensor.GetBytes(at));
                }
                catch (ArgumentException e)
                {
                    throw new RecordException($"column '{tensor.Name}' holds bytes that are not UTF-8 text, which JSON cannot carry", e);
                }
                break;
            case ElementType.Bool: json.WriteBooleanValue(tensor.RawData[at] != 0); break;
            case ElementType.Float64 when double.IsFinite(tensor.Values<double>()[at]): json.WriteNumberValue(tensor.Values<double>()[at]); break;
            case ElementType.Float32 when float.IsFinite(tensor.Values<float>()[at]): json.WriteNumberValue(tensor.Values<float>()[at]); break;
            case ElementType.Float16 or ElementType.BFloat16 when double.IsFinite(tensor.NumberAt(at)): json.WriteNumberValue((float)tensor.NumberAt(at)); break;
            case ElementType.Int64: json.WriteNumberValue(tensor.Values<long>()[at]); break;
            case ElementType.UInt64: json.WriteNumberValue(tensor.Values<ulong>()[at]); break;
            case var type when type.IsFloat: json.WriteStringValue(Name(tensor.NumberAt(at))); break;
            default: json.WriteNumberValue((long)tensor.NumberAt(at)); break;
        }
    }

    private static ReadOnlySpan<byte> Name(double value) => double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8;
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>One row as a JSON object. A missing value, and a number that JSON does not know (NaN, infinity), is null.</summary>
internal static class RowJson
{
    public static string Of(Batch rows, int row, IEnumerable<string> columns)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var name in columns) Write(json, rows[name], row);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Tensor column, int row)
    {
        var name = column.Name;
        var number = column.Type == ElementType.Bytes ? 0 : column.NumberAt(row);
        if (column.IsMissing(row) || !double.IsFinite(number))
        {
            json.WriteNull(name);
            return;
        }
        switch (column.Type)
        {
            case ElementType.Bytes: json.WriteString(name, Encoding.UTF8.GetString(column.GetBytes(row))); break;
            case ElementType.Bool: json.WriteBoolean(name, number != 0); break;
            case ElementType.Int64: json.WriteNumber(name, column.Values<long>()[row]); break;
            case ElementType.UInt64: json.WriteNumber(name, column.Values<ulong>()[row]); break;
            case ElementType.Float32: json.WriteNumber(name, column.Values<float>()[row]); break;
            default: json.WriteNumber(name, number); break;
        }
    }
}

using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using Slipway.Core;
using Slipway.Data.JsonLines;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>Rows of a result as JSON objects: the raw form of a table source's rows. Equal rows give equal bytes.</summary>
internal abstract class RowWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText[] _names;

    protected RowWriter(DbDataReader reader)
    {
        _json = new Utf8JsonWriter(_buffer, JsonRowWriter.JsonOptions);
        _names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => JsonEncodedText.Encode(reader.GetName(i), JsonRowWriter.JsonOptions.Encoder))];
    }

    /// <summary>The row the reader is at; valid until the next one.</summary>
    public ReadOnlyMemory<byte> Json(DbDataReader reader)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            _json.WritePropertyName(_names[i]);
            if (reader.IsDBNull(i)) _json.WriteNullValue();
            else Write(_json, reader, i);
        }
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    protected abstract void Write(Utf8JsonWriter json, DbDataReader reader, int column);

    /// <summary>JSON has no number for NaN and the infinities.</summary>
    protected static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    /// <exception cref="SlipwayException">Two columns have the same name.</exception>
    public static TableSchema Unique(TableSchema schema)
    {
        var twice = schema.Columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? schema : throw new SlipwayException($"two columns of the result are called '{twice.Key}'; name one of them otherwise (AS …)");
    }
}

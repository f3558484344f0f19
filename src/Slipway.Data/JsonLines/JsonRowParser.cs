using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Data.JsonLines;

/// <summary>
/// JSON objects as rows of a table. An absent key and <c>null</c> are a missing value. A number column also takes <c>true</c>, <c>false</c> (1, 0) and the
/// texts <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>, which JSON has no numbers for; a text column takes any value in its JSON form.
/// </summary>
/// <param name="missing">Texts that mean "no value".</param>
/// <param name="ignoreUnknown">Pass over keys that are no column; otherwise such a row is bad.</param>
public sealed class JsonRowParser(TableSchema schema, ImmutableArray<string> missing = default, bool ignoreUnknown = false)
{
    private readonly byte[][] _names = [.. schema.Columns.Select(c => Encoding.UTF8.GetBytes(c.Name))];
    private readonly Dictionary<string, int> _index = schema.Columns.Select((c, i) => (c.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
    private readonly byte[][] _missing = missing.IsDefault ? [] : [.. missing.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Appends the object as a row; when it is bad, nothing is appended and the reason is returned.</summary>
    public string? Append(ReadOnlySpan<byte> json, TableBuilder rows)
    {
        string? reason;
        try
        {
            reason = AppendObject(json, rows);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws for text that is not valid UTF-8 or holds half a surrogate pair.
            reason = $"not a JSON object: {e.Message}";
        }
        if (reason is null) rows.EndRow();
        else rows.AbandonRow();
        return reason;
    }

    private string? AppendObject(ReadOnlySpan<byte> json, TableBuilder rows)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "not a JSON object";
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = Find(ref reader, next);
            if (column < 0)
            {
                if (!ignoreUnknown) return $"'{reader.GetString()}' is not a column; columns: {string.Join(", ", schema.Names)}";
                reader.Read();
                reader.Skip();
                continue;
            }
            if (rows.Has(column)) return $"column '{schema.Columns[column].Name}' is given twice";
            next = column + 1;
            reader.Read();
            if (Append(ref reader, json, rows[column]) is { } reason) return reason;
        }
        return reader.Read() ? "more than one JSON value" : null;
    }

    /// <summary>Rows mostly give their keys in the same order: the column after the last one is tried first.</summary>
    private int Find(ref Utf8JsonReader reader, int expected)
    {
        if (expected < _names.Length && reader.ValueTextEquals(_names[expected])) return expected;
        return _index.GetValueOrDefault(reader.GetString()!, -1);
    }

    private string? Append(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ColumnBuilder column)
    {
        if (reader.TokenType == JsonTokenType.Null || (_missing.Length > 0 && reader.TokenType == JsonTokenType.String && IsMissing(ref reader)))
        {
            column.AppendMissing();
            return null;
        }
        switch (column.Spec.Type)
        {
            case ElementType.Float64:
                if (Number(ref reader) is not { } number) return Refuse(ref reader, json, column, "a number");
                column.Append(number);
                return null;
            case ElementType.Int64:
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var integer)) return Refuse(ref reader, json, column, "an integer of 64 bits");
                column.Append(integer);
                return null;
            case ElementType.Bool:
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return Refuse(ref reader, json, column, "true or false");
                column.Append(reader.TokenType == JsonTokenType.True);
                return null;
            case ElementType.Bytes when reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped:
                var scratch = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
                column.Append(scratch.AsSpan(0, reader.CopyString(scratch)));
                ArrayPool<byte>.Shared.Return(scratch);
                return null;
            default:
                column.Append(reader.TokenType == JsonTokenType.String ? Valid(reader.ValueSpan) : Value(ref reader, json));
                return null;
        }
    }

    private static double? Number(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number): return number;
            case JsonTokenType.True: return 1;
            case JsonTokenType.False: return 0;
            case JsonTokenType.String when reader.ValueTextEquals("NaN"u8): return double.NaN;
            case JsonTokenType.String when reader.ValueTextEquals("Infinity"u8): return double.PositiveInfinity;
            case JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8): return double.NegativeInfinity;
            default: return null;
        }
    }

    private bool IsMissing(ref Utf8JsonReader reader)
    {
        foreach (var token in _missing)
        {
            if (reader.ValueTextEquals(token)) return true;
        }
        return false;
    }

    private static string Refuse(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ColumnBuilder column, string expected)
    {
        var quote = reader.TokenType == JsonTokenType.String ? "\"" : "";
        var hint = reader.TokenType == JsonTokenType.StartArray ? "; rows that hold arrays are read from .npz" : "";
        var found = Encoding.UTF8.GetString(reader.TokenType == JsonTokenType.String ? reader.ValueSpan : Value(ref reader, json));
        return $"column '{column.Spec.Name}': {expected} expected, {quote}{(found.Length <= 60 ? found : found[..60] + "…")}{quote} found{hint}";
    }

    /// <summary>The value as it is written; the reader ends at its last token.</summary>
    private static ReadOnlySpan<byte> Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> utf8) =>
        System.Text.Unicode.Utf8.IsValid(utf8) ? utf8 : throw new InvalidOperationException("text that is not valid UTF-8");
}

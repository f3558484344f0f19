using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using SQLitePCL;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>SQLite rows as JSON. SQLite has no booleans: 0 and 1 in a boolean column are meant as such. Binary data is Base64 text.</summary>
internal sealed class SqliteRows(DbDataReader reader, TableSchema schema) : RowWriter(reader)
{
    private readonly bool[] _isBoolean = [.. Enumerable.Range(0, reader.FieldCount).Select(i => schema.Find(reader.GetName(i))?.Type == ElementType.Bool)];

    /// <summary>
    /// The columns by their declared types, after SQLite's own rules of affinity; what is not declared (an expression), by the values of the rows at hand.
    /// </summary>
    public static async ValueTask<TableSchema> SchemaAsync(SqliteDataReader reader, CancellationToken cancellation)
    {
        var types = new ElementType?[reader.FieldCount];
        for (var i = 0; i < types.Length; i++) types[i] = Declared(raw.sqlite3_column_decltype(reader.Handle, i).utf8_to_string());
        var declared = types.Select(t => t is not null).ToArray();
        while (declared.Contains(false) && await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            for (var i = 0; i < types.Length; i++)
            {
                if (declared[i] || reader.IsDBNull(i)) continue;
                var seen = reader.GetValue(i) switch { long => ElementType.Int64, double => ElementType.Float64, _ => ElementType.Bytes };
                types[i] = types[i] is not { } before || before == seen ? seen
                    : before == ElementType.Bytes || seen == ElementType.Bytes ? ElementType.Bytes
                    : ElementType.Float64;
            }
        }
        return new TableSchema([.. types.Select((type, i) => new ColumnSpec(reader.GetName(i), type ?? ElementType.Float64))]);
    }

    public static WatermarkValue Watermark(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        long value => new WatermarkValue("integer", value.ToString(CultureInfo.InvariantCulture)),
        double value => new WatermarkValue("real", value.ToString("R", CultureInfo.InvariantCulture)),
        string value => new WatermarkValue("text", value),
        _ => throw new SlipwayException($"column '{reader.GetName(column)}' holds binary data, which is no watermark"),
    };

    protected override void Write(Utf8JsonWriter json, DbDataReader reader, int column)
    {
        switch (reader.GetValue(column))
        {
            case long value and (0 or 1) when _isBoolean[column]: json.WriteBooleanValue(value != 0); break;
            case long value: json.WriteNumberValue(value); break;
            case double value: Write(json, value); break;
            case byte[] value: json.WriteBase64StringValue(value); break;
            case var value: json.WriteStringValue((string)value); break;
        }
    }

    private static ElementType? Declared(string? type)
    {
        if (string.IsNullOrEmpty(type)) return null;
        bool Has(string part) => type.Contains(part, StringComparison.OrdinalIgnoreCase);
        if (Has("BOOL")) return ElementType.Bool;
        if (Has("INT")) return ElementType.Int64;
        if (Has("CHAR") || Has("CLOB") || Has("TEXT") || Has("DATE") || Has("TIME") || Has("JSON") || Has("UUID")) return ElementType.Bytes;
        if (Has("REAL") || Has("FLOA") || Has("DOUB") || Has("NUM") || Has("DEC")) return ElementType.Float64;
        return Has("BLOB") ? ElementType.Bytes : null;
    }
}

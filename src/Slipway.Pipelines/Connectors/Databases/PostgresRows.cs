using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>
/// PostgreSQL rows as JSON. The server sends every value as text, which is exact for all its types; times become ISO 8601, those with a time zone in UTC.
/// What JSON has no form for stays PostgreSQL's text.
/// </summary>
internal sealed class PostgresRows(DbDataReader reader) : RowWriter(reader)
{
    private enum Form
    {
        Text,
        Integer,
        Number,
        Single,
        Boolean,
        Time,
        TimeWithZone,
    }

    private readonly ImmutableArray<Form> _forms = [.. Enumerable.Range(0, reader.FieldCount).Select(i => FormOf(reader.GetDataTypeName(i)))];

    /// <summary>Makes the session write times and numbers in the one form that <see cref="PostgresRows"/> reads.</summary>
    public const string SessionSettings = "SET datestyle = ISO; SET timezone = 'UTC'; SET extra_float_digits = 1; SET intervalstyle = iso_8601; SET bytea_output = hex";

    public static TableSchema Schema(DbDataReader reader) => new([.. Enumerable.Range(0, reader.FieldCount).Select(i => new ColumnSpec(reader.GetName(i), FormOf(reader.GetDataTypeName(i)) switch
    {
        Form.Integer => ElementType.Int64,
        Form.Number or Form.Single => ElementType.Float64,
        Form.Boolean => ElementType.Bool,
        _ => ElementType.Bytes,
    }))]);

    protected override void Write(Utf8JsonWriter json, DbDataReader reader, int column)
    {
        var text = reader.GetString(column);
        switch (_forms[column])
        {
            case Form.Integer: json.WriteRawValue(text, skipInputValidation: true); break;
            case Form.Number when text is not ("NaN" or "Infinity" or "-Infinity"): json.WriteRawValue(text, skipInputValidation: true); break;
            case Form.Single when text is not ("NaN" or "Infinity" or "-Infinity"): Write(json, float.Parse(text, CultureInfo.InvariantCulture)); break;
            case Form.Boolean: json.WriteBooleanValue(text == "t"); break;
            case Form.Time: json.WriteStringValue(Iso(text)); break;
            case Form.TimeWithZone: json.WriteStringValue(text.EndsWith("+00", StringComparison.Ordinal) ? Iso(text[..^3]) + "Z" : text); break;
            default: json.WriteStringValue(text); break;
        }
    }

    private static string Iso(string text) => text.Replace(' ', 'T');

    private static Form FormOf(string type)
    {
        var modifier = type.IndexOf('(', StringComparison.Ordinal);
        return (modifier < 0 ? type : type[..modifier].TrimEnd()) switch
        {
            "smallint" or "integer" or "bigint" => Form.Integer,
            "numeric" or "double precision" => Form.Number,
            "real" => Form.Single,
            "boolean" => Form.Boolean,
            "timestamp" or "timestamp without time zone" => Form.Time,
            "timestamp with time zone" => Form.TimeWithZone,
            _ => Form.Text,
        };
    }
}

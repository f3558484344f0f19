using System.Buffers;
using System.Text;
using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>Turns CSV records of one file into rows of a table, whose columns may stand in another order.</summary>
/// <param name="schema">Columns wanted: <see cref="ElementType.Float64"/> or <see cref="ElementType.Bytes"/>.</param>
/// <param name="order">For each field of the file, the column it goes to; -1 for none.</param>
public sealed class CsvRowParser(TableSchema schema, int[] order, CsvCells cells)
{
    /// <summary>The fields stand in the schema's order, one for each column.</summary>
    public bool IsSchemaOrder { get; } = order.Length == schema.Columns.Length && order.AsSpan().SequenceEqual(Enumerable.Range(0, order.Length).ToArray());

    /// <summary>Appends the record as a row; when it is bad, nothing is appended and the reason is returned.</summary>
    public string? Append(CsvRecord record, TableBuilder rows)
    {
        if (record.Defect != CsvDefect.None) return Describe(record.Defect);
        if (record.FieldCount != order.Length) return $"{record.FieldCount} fields, {order.Length} expected";
        for (var i = 0; i < order.Length; i++)
        {
            var column = order[i];
            if (column < 0) continue;
            var reason = Append(record, i, rows[column]);
            if (reason is null) continue;
            rows.AbandonRow();
            return reason;
        }
        rows.EndRow();
        return null;
    }

    /// <summary>The record as it would be written with the schema's columns.</summary>
    public string InSchemaOrder(CsvRecord record, byte delimiter)
    {
        if (IsSchemaOrder || record.Defect != CsvDefect.None || record.FieldCount != order.Length) return record.Raw();
        var text = new StringBuilder();
        for (var column = 0; column < schema.Columns.Length; column++)
        {
            if (column > 0) text.Append((char)delimiter);
            var field = Array.IndexOf(order, column);
            if (field < 0) continue;
            var cell = Encoding.UTF8.GetString(record.Field(field));
            if (record.IsQuoted(field)) text.Append('"').Append(cell).Append('"');
            else text.Append(cell);
        }
        return text.ToString();
    }

    private string? Append(CsvRecord record, int field, ColumnBuilder column)
    {
        var cell = record.Field(field);
        if (column.Spec.Type == ElementType.Float64)
        {
            var number = NumberText.Trim(cell);
            if (NumberText.TryParse(number, out var value)) column.Append(value);
            else if (cells.IsMissingNumber(number)) column.AppendMissing();
            else return NotANumber(column.Spec.Name, record.Text(field));
        }
        else if (cells.IsMissingText(cell, record.IsQuoted(field)))
        {
            column.AppendMissing();
        }
        else if (record.IsEscaped(field))
        {
            var scratch = ArrayPool<byte>.Shared.Rent(cell.Length);
            column.Append(record.Unescape(field, scratch));
            ArrayPool<byte>.Shared.Return(scratch);
        }
        else
        {
            column.Append(cell);
        }
        return null;
    }

    private static string NotANumber(string column, string cell) =>
        $"column '{column}': '{(cell.Length <= 60 ? cell : cell[..60] + "…")}' is not a number";

    private static string Describe(CsvDefect defect) => defect switch
    {
        CsvDefect.UnclosedQuote => "a quoted field is never closed",
        CsvDefect.TextAfterQuote => "a quoted field goes on after its closing quote; a quote inside quotes is written twice",
        CsvDefect.TooLong => "the record does not end within 1 MiB",
        _ => "the record is not valid UTF-8",
    };
}

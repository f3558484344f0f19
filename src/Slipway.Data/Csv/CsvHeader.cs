using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>The names of a CSV file's columns, and their types.</summary>
public static class CsvHeader
{
    private const int MaxColumns = 1 << 16;

    /// <summary>Column names from the first record; a field without a name is called <c>column_N</c>, counted from 0.</summary>
    /// <exception cref="SlipwayException">The record is no header: a name twice, not text, too many columns.</exception>
    public static ImmutableArray<string> Names(CsvRecord record, bool header)
    {
        if (record.Defect != CsvDefect.None) throw new SlipwayException($"its first line is no header: {record.Defect}");
        if (record.FieldCount > MaxColumns) throw new SlipwayException($"its first line has {record.FieldCount} fields; {MaxColumns} columns can be read");
        var names = ImmutableArray.CreateBuilder<string>(record.FieldCount);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < record.FieldCount; i++)
        {
            var name = header ? record.Text(i) : "";
            if (!record.IsQuoted(i)) name = name.Trim();
            if (name.Length == 0) name = $"column_{i}";
            if (!seen.Add(name)) throw new SlipwayException($"its header has two columns called '{name}'");
            names.Add(name);
        }
        return names.MoveToImmutable();
    }

    /// <summary>
    /// Reads the header and up to <see cref="TableReadOptions.SampleRows"/> records to learn the columns: one is a number when every cell that has a value parses as one.
    /// Null when there is not even a header.
    /// </summary>
    /// <param name="rows">Records looked at: with none, every column is taken for a number.</param>
    public static TableSchema? Discover(CsvRecordReader reader, TableReadOptions options, out int rows)
    {
        rows = 0;
        do
        {
            if (!reader.Read()) return null;
        }
        while (reader.Record.IsBlank);
        var record = reader.Record;
        var names = Names(record, options.Header);
        var cells = new CsvCells(options.Missing);
        var isText = new bool[names.Length];
        if (!options.Header) Look(record, cells, isText, ref rows);
        for (var i = 0; i < options.SampleRows && reader.Read(); i++) Look(reader.Record, cells, isText, ref rows);
        return new TableSchema([.. names.Select((name, i) => new ColumnSpec(name,
            options.TypeOf(name) ?? (isText[i] ? ElementType.Bytes : ElementType.Float64)))]);
    }

    /// <summary>For each name in a file, the schema's column of that name; -1 when it has none.</summary>
    public static int[] Order(ImmutableArray<string> names, TableSchema schema)
    {
        var columns = schema.Columns.Select((c, i) => (c.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        return [.. names.Select(name => columns.GetValueOrDefault(name, -1))];
    }

    private static void Look(CsvRecord record, CsvCells cells, bool[] isText, ref int rows)
    {
        if (record.Defect != CsvDefect.None || record.FieldCount != isText.Length) return;
        rows++;
        for (var i = 0; i < isText.Length; i++)
        {
            if (isText[i]) continue;
            var cell = NumberText.Trim(record.Field(i));
            isText[i] = !cells.IsMissingNumber(cell) && !NumberText.TryParse(cell, out _);
        }
    }
}

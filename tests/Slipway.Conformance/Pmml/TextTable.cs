using System.IO.Compression;
using Slipway.Data.Csv;

namespace Slipway.Conformance.Pmml;

/// <summary>A CSV file as a suite has it: every cell a text, or null where the file says that there is no value.</summary>
/// <param name="Columns">Names, in file order. A blank header means no columns, and every blank line after it is a row.</param>
internal sealed record TextTable(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows)
{
    /// <summary>Reads a file (UTF-8, RFC 4180; gzip when its name ends in .gz). <c>N/A</c> and <c>NA</c> are missing, an empty cell is a text of length 0.</summary>
    /// <exception cref="ConformanceException">The file is no such table; the message names the file and the line's number.</exception>
    public static TextTable Read(string path)
    {
        using var reader = new CsvRecordReader(OpenRead(path), CsvDialect.Default);
        if (!reader.Read()) throw new ConformanceException($"{Path.GetFileName(path)}: the file is empty, a header was expected");
        var columns = Cells(reader.Record, path, 0);
        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Length) throw new ConformanceException($"{Path.GetFileName(path)}: two columns have the same name");
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            var cells = Cells(reader.Record, path, rows.Count + 1);
            if (cells.Length == 0 && columns.Length == 1) cells = [""];
            if (cells.Length != columns.Length) throw new ConformanceException($"{Path.GetFileName(path)}: row {rows.Count + 1} has {cells.Length} cells, {columns.Length} were expected");
            rows.Add(Array.ConvertAll(cells, cell => cell is "N/A" or "NA" ? null : cell));
        }
        return new TextTable(columns, rows);
    }

    /// <summary>Index of a column, or -1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column) return i;
        }
        return -1;
    }

    internal static Stream OpenRead(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static string[] Cells(CsvRecord record, string path, int row)
    {
        if (record.Defect != CsvDefect.None) throw new ConformanceException($"{Path.GetFileName(path)}: {(row == 0 ? "the header" : $"row {row}")} is not CSV: {record.Defect}");
        if (record.IsBlank) return [];
        var cells = new string[record.FieldCount];
        for (var i = 0; i < cells.Length; i++) cells[i] = record.Text(i);
        return cells;
    }
}

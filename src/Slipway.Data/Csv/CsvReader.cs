using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>A CSV file as a table: columns are <see cref="ElementType.Float64"/> where all cells are numbers, else <see cref="ElementType.Bytes"/>.</summary>
public sealed class CsvReader : ITableReader
{
    private readonly CsvRecordReader _records;
    private readonly CsvRowParser _parser;
    private readonly TableBuilder _rows;
    private readonly List<TableFault> _faults = [];
    private readonly List<long> _starts = [];
    private long _line = 1;

    /// <param name="path">Named in errors, and opened twice: to learn the columns, then to read.</param>
    /// <exception cref="SlipwayException">The file is absent, has no header or cannot be CSV.</exception>
    public CsvReader(string path, TableReadOptions options)
    {
        var dialect = CsvDialect.Of(options.Delimiter);
        try
        {
            using (var sample = new CsvRecordReader(OpenFile(path), dialect))
            {
                Schema = CsvHeader.Discover(sample, options, out _) ?? throw new SlipwayException("it is empty; a header line is expected");
            }
            _records = new CsvRecordReader(OpenFile(path), dialect);
            _parser = new CsvRowParser(Schema, [.. Enumerable.Range(0, Schema.Columns.Length)], new CsvCells(options.Missing));
            _rows = new TableBuilder(Schema);
            if (options.Header) SkipHeader();
        }
        catch (SlipwayException e)
        {
            _records?.Dispose();
            throw new SlipwayException($"{path} cannot be read as CSV: {e.Message}", e);
        }
    }

    public TableSchema Schema { get; }

    public IReadOnlyList<long> Lines => _starts;

    public IReadOnlyList<TableFault> Faults => _faults;

    public Batch? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        _faults.Clear();
        _starts.Clear();
        while (_rows.Rows + _faults.Count < maxRows && _records.Read())
        {
            var record = _records.Record;
            var line = _line;
            _line += record.Content.Count((byte)'\n') + 1;
            if (record.IsBlank && Schema.Columns.Length > 1) continue;
            if (_parser.Append(record, _rows) is { } reason) _faults.Add(new TableFault(line, reason, record.Raw()));
            else _starts.Add(line);
        }
        return _rows.Rows + _faults.Count == 0 ? null : _rows.Build();
    }

    public void Dispose()
    {
        _records.Dispose();
        _rows.Dispose();
    }

    /// <summary>Opens a file that others may go on writing to, rename or delete.</summary>
    /// <exception cref="SlipwayException">It is absent or may not be read.</exception>
    internal static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message, e);
        }
    }

    private void SkipHeader()
    {
        do
        {
            _records.Read();
            _line += _records.Record.Content.Count((byte)'\n') + 1;
        }
        while (_records.Record.IsBlank);
    }
}

using System.Collections.Immutable;
using System.Text;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.Csv;

namespace Slipway.Pipelines.Connectors;

/// <summary>The source behind <see cref="CsvSource"/>.</summary>
internal sealed class CsvFiles(CsvSource spec, ConnectorContext context) : ISource
{
    private readonly FilePattern _pattern = new(context.Folder, spec.Path);
    private readonly CsvDialect _dialect = CsvDialect.Of(spec.Delimiter);
    private readonly TableReadOptions _options = spec.ReadOptions;
    private readonly CsvCells _cells = new(spec.Missing);
    private readonly Dictionary<string, (DataFile File, CsvMark Mark)> _verified = new(StringComparer.Ordinal);

    public bool LearnsColumns => true;

    public ValueTask<TableSchema?> DiscoverAsync(CancellationToken cancellation)
    {
        foreach (var file in _pattern.List())
        {
            cancellation.ThrowIfCancellationRequested();
            using var stream = Open(file);
            if (stream is null || Discover(file, stream) is not { } schema) continue;
            var unknown = spec.Columns?.Keys.FirstOrDefault(name => schema.Find(name) is null);
            return unknown is null
                ? ValueTask.FromResult<TableSchema?>(schema)
                : throw new SlipwayException($"source.csv.columns.{unknown}: {file.Name} has no such column; it has: {string.Join(", ", schema.Names)}");
        }
        return ValueTask.FromResult<TableSchema?>(null);
    }

    public ValueTask<SourceBatch?> ReadAsync(TableSchema schema, string? position, int maxRows, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        var files = _pattern.List();
        var progress = CsvProgress.Resume(context, CsvPosition.Parse(position), files, _verified);
        using var batch = new SourceBatchBuilder(schema, maxRows);
        foreach (var file in files)
        {
            if (batch.IsFull) break;
            if (progress.OffsetIn(file) is not { } offset || file.Length <= offset) continue;
            try
            {
                if (Read(file, offset, batch, cancellation) is { } mark) progress.Reached(file, mark);
            }
            catch (SlipwayException) when (!batch.IsEmpty)
            {
                // The rows before the bad file go on; the next read starts with that file, and fails.
                break;
            }
        }
        return ValueTask.FromResult(batch.IsEmpty ? null : batch.End(progress.End().ToString()));
    }

    public SourceBatch Parse(TableSchema schema, IReadOnlyList<string> raw)
    {
        using var batch = new SourceBatchBuilder(schema, int.MaxValue);
        var parser = new CsvRowParser(schema, [.. Enumerable.Range(0, schema.Columns.Length)], _cells);
        var tokenizer = new CsvTokenizer(_dialect);
        foreach (var text in raw)
        {
            var bytes = Encoding.UTF8.GetBytes(text + '\n');
            var length = tokenizer.Read(bytes, final: true);
            var reason = CsvRecord.IsCut(text) ? "the record was too long to be kept whole"
                : length < bytes.Length && tokenizer.Defect == CsvDefect.None ? "more than one record"
                : parser.Append(new CsvRecord(bytes.AsSpan(0, tokenizer.ContentLength), tokenizer.Fields, tokenizer.Defect), batch.Rows);
            batch.RowOrFault(reason, text);
        }
        return batch.End(CsvPosition.Start.ToString());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Null when the file was deleted since it was listed.</summary>
    /// <exception cref="SlipwayException">It may not be read.</exception>
    internal static FileStream? Open(DataFile file)
    {
        try
        {
            return new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException($"{file.Name} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Null when the file has no rows yet, from which alone the columns' types could be learnt.</summary>
    private TableSchema? Discover(DataFile file, FileStream stream)
    {
        try
        {
            using var records = new CsvRecordReader(stream, _dialect, 0, spec.Follow, leaveOpen: true);
            var schema = CsvHeader.Discover(records, _options, out var rows);
            return rows > 0 ? schema : null;
        }
        catch (SlipwayException e)
        {
            throw new SlipwayException($"{file.Name} cannot be read as CSV: {e.Message}", e);
        }
    }

    /// <summary>Reads on in one file; how far it got, or null when nothing was read.</summary>
    private CsvMark? Read(DataFile file, long offset, SourceBatchBuilder batch, CancellationToken cancellation)
    {
        using var stream = Open(file);
        if (stream is null || ReadHeader(file, stream) is not var (names, start)) return null;
        var parser = new CsvRowParser(batch.Schema, Order(file, names, batch.Schema), _cells);
        if (offset > 0) start = PassLineEnd(stream, offset);
        stream.Position = start;
        using var records = new CsvRecordReader(stream, _dialect, start, spec.Follow, leaveOpen: true);
        long reached = 0;
        while (!batch.IsFull && records.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            reached = records.NextOffset;
            var record = records.Record;
            if (record.IsBlank && names.Length > 1) continue;
            var reason = parser.Append(record, batch.Rows);
            batch.RowOrFault(reason, parser.InSchemaOrder(record, _dialect.Delimiter));
        }
        return reached == 0 ? null : new CsvMark(reached, CsvMark.Fingerprint(stream, reached) ?? "", FileIdentity.Of(file.Path));
    }

    /// <summary>The columns of a file and where its rows start; null while its first line is not complete.</summary>
    private (ImmutableArray<string> Names, long Start)? ReadHeader(DataFile file, FileStream stream)
    {
        try
        {
            using var records = new CsvRecordReader(stream, _dialect, 0, spec.Follow, leaveOpen: true);
            do
            {
                if (!records.Read()) return null;
            }
            while (records.Record.IsBlank);
            return (CsvHeader.Names(records.Record, spec.Header), spec.Header ? records.NextOffset : 0);
        }
        catch (SlipwayException e)
        {
            throw new SlipwayException($"{file.Name} cannot be read as CSV: {e.Message}", e);
        }
    }

    private static int[] Order(DataFile file, ImmutableArray<string> names, TableSchema schema)
    {
        var order = CsvHeader.Order(names, schema);
        var unknown = names.Where((_, i) => order[i] < 0).ToArray();
        var absent = schema.Names.Except(names).ToArray();
        if (unknown.Length + absent.Length == 0) return order;
        throw new SlipwayException(
            $"{file.Name} has other columns than the files before it:"
            + (absent.Length > 0 ? $" it lacks {string.Join(", ", absent)};" : "")
            + (unknown.Length > 0 ? $" it also has {string.Join(", ", unknown)};" : "")
            + $" expected are {string.Join(", ", schema.Names)}, in any order. Correct the file or move it away");
    }

    /// <summary>Where the next record starts when the one before <paramref name="offset"/> was taken at the end of the file, without its line end, which came later.</summary>
    private static long PassLineEnd(FileStream stream, long offset)
    {
        Span<byte> bytes = stackalloc byte[3];
        bytes = bytes[..RandomAccess.Read(stream.SafeFileHandle, bytes, offset - 1)];
        return bytes switch
        {
            [not (byte)'\n', (byte)'\n', ..] => offset + 1,
            [not (byte)'\n', (byte)'\r', (byte)'\n'] => offset + 2,
            _ => offset,
        };
    }
}

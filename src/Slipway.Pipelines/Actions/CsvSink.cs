using System.Buffers;
using System.Collections.Immutable;

using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data;
using Slipway.Data.Csv;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.Actions;

/// <summary>Rows appended to a CSV file.</summary>
[Component("csv")]
[Summary("""
    Appends rows to a CSV file, with a header at its start; they are on the disk before the source's position moves. A last line torn by a crash is cut off
    when writing goes on. After a crash, rows may be there twice; use a table with a key where that matters.
    """)]
[Example("csv: { path: out/predictions.csv, columns: [station, hour, prediction] }")]
public sealed record CsvSink(
    [Summary("The file, relative to the use case's folder; made with its folder when it is not there.")] string Path,
    [Summary("The columns to write, in this order; without it, all.")] ImmutableArray<string> Columns = default,
    [Summary("The character between fields.")] char Delimiter = ',') : SinkSpec
{
    public string Path { get; init; } = Path.Trim().Length > 0 ? Path : throw new ArgumentException("is empty", nameof(Path));

    public ImmutableArray<string> Columns { get; init; } = Columns.IsDefault ? [] : Columns;

    public char Delimiter { get; init; } = (char)CsvDialect.Of(Delimiter).Delimiter;

    public override void Check(TableSchema schema) => SinkColumns.Check("columns", Columns, schema);

    public override ISink Open(TableSchema schema, ConnectorContext context)
    {
        Check(schema);
        return new CsvAppender(this, context);
    }
}

/// <summary>The sink behind <see cref="CsvSink"/>. Opens the file for each batch, so that it may be moved away in between.</summary>
internal sealed class CsvAppender(CsvSink spec, ConnectorContext context) : ISink
{
    private const int WriteAt = 1 << 20;

    private readonly string _path = Path.Combine(context.Folder, spec.Path);
    private readonly SinkColumns _columns = new(spec.Columns);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private long _lengthWritten = -1;

    public ValueTask WriteAsync(Batch rows, string deliveryId, CancellationToken cancellation)
    {
        var columns = _columns.In(rows);
        var names = columns.Select(c => c.Name).ToArray();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            if (file.Length != _lengthWritten) Repair(file, names);
            Append(file, rows, columns, names);
            _lengthWritten = file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SlipwayException)
        {
            _lengthWritten = -1;
            throw new SlipwayException($"{spec.Path} cannot be written: {e.Message}", e);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Append(FileStream file, Batch rows, ImmutableArray<FlatColumn> columns, string[] names)
    {
        var before = file.Seek(0, SeekOrigin.End);
        try
        {
            var writer = new CsvRowWriter(_buffer, spec.Delimiter);
            if (before == 0) writer.WriteHeader(names);
            for (int row = 0, count = rows.Rows; row < count; row++)
            {
                writer.WriteRow(rows, columns.AsSpan(), row);
                if (_buffer.WrittenCount >= WriteAt) WriteBuffer(file);
            }
            WriteBuffer(file);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            file.SetLength(before);
            throw;
        }
        finally
        {
            _buffer.ResetWrittenCount();
        }
    }

    private void WriteBuffer(FileStream file)
    {
        file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    /// <summary>Cuts off a record without its line end, which only a crash in the middle of writing leaves, and checks that the file is one of these columns.</summary>
    private void Repair(FileStream file, string[] names)
    {
        using var records = new CsvRecordReader(file, CsvDialect.Of(spec.Delimiter), follow: true, leaveOpen: true);
        if (records.Read())
        {
            var header = CsvHeader.Names(records.Record, header: true);
            if (!header.SequenceEqual(names))
            {
                throw new SlipwayException($"it has the columns {string.Join(", ", header)}, but {string.Join(", ", names)} would be appended; name another file or move this one away");
            }
        }
        while (records.Read())
        {
        }
        if (records.NextOffset == file.Length) return;
        context.Log.LogWarning("{UseCase}: {Path}: cut off {Bytes} bytes of a last line that was never completed", context.UseCase, spec.Path, file.Length - records.NextOffset);
        file.SetLength(records.NextOffset);
    }
}

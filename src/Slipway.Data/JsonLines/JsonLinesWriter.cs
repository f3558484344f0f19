using System.Buffers;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Data.JsonLines;

/// <summary>Batches as JSON objects, one a line.</summary>
public sealed class JsonLinesWriter(Stream stream, TableWriteOptions options) : ITableWriter
{
    private const int FlushAt = 1 << 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);
    private FlatColumns? _columns;
    private JsonRowWriter? _writer;

    public void Write(Batch rows)
    {
        _columns ??= new FlatColumns(rows, options);
        _writer ??= new JsonRowWriter(_columns.Columns);
        if (!_columns.Fits(rows)) throw new RecordException($"a batch of {rows} cannot follow rows with the columns {string.Join(", ", _columns.Names)}");
        using var json = new Utf8JsonWriter(_buffer, JsonRowWriter.JsonOptions);
        var count = rows.Rows;
        for (var row = 0; row < count; row++)
        {
            _writer.Write(json, rows, row);
            json.Flush();
            json.Reset();
            _buffer.GetSpan(1)[0] = (byte)'\n';
            _buffer.Advance(1);
            if (_buffer.WrittenCount >= FlushAt) Flush();
        }
    }

    public void Dispose()
    {
        Flush();
        stream.Dispose();
    }

    private void Flush()
    {
        stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}

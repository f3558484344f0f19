using System.Buffers;
using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>Batches as one CSV file with a header.</summary>
public sealed class CsvWriter(Stream stream, TableWriteOptions options) : ITableWriter
{
    private const int FlushAt = 1 << 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 4096);
    private FlatColumns? _columns;

    public void Write(Batch rows)
    {
        var writer = new CsvRowWriter(_buffer, options.Delimiter, options.Missing);
        if (_columns is null)
        {
            _columns = new FlatColumns(rows, options);
            writer.WriteHeader(_columns.Names);
        }
        else if (!_columns.Fits(rows))
        {
            throw new RecordException($"a batch of {rows} cannot follow rows with the columns {string.Join(", ", _columns.Names)}");
        }
        var count = rows.Rows;
        for (var row = 0; row < count; row++)
        {
            writer.WriteRow(rows, _columns.Columns.AsSpan(), row);
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

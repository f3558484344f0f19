using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Data.Numpy;

/// <summary>Batches as a .npz file: an array for each tensor, the rows of all batches one after the other. The rows wait in temporary files, since an array's size comes before it.</summary>
public sealed class NumpyWriter(Stream stream, TableWriteOptions options) : ITableWriter
{
    private readonly List<NumpyColumn> _columns = [];

    /// <inheritdoc/>
    public void Write(Batch rows)
    {
        if (_columns.Count == 0) _columns.AddRange(rows.Select(tensor => new NumpyColumn(tensor, options.Missing)));
        if (rows.Count != _columns.Count) throw Differs(rows);
        for (var i = 0; i < rows.Count; i++)
        {
            if (!_columns[i].Append(rows[i])) throw Differs(rows);
        }
    }

    public void Dispose()
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
            foreach (var column in _columns)
            {
                using var entry = archive.CreateEntry(column.Name + ".npy", CompressionLevel.NoCompression).Open();
                column.WriteTo(entry);
            }
        }
        finally
        {
            foreach (var column in _columns) column.Dispose();
        }
    }

    private RecordException Differs(Batch rows) => new($"a batch of {rows} cannot follow rows of {string.Join(", ", _columns)}");
}

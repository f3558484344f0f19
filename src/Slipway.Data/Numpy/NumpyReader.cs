using System.Collections.Immutable;
using System.IO.Compression;
using Slipway.Core;
using Slipway.Data.Csv;

namespace Slipway.Data.Numpy;

/// <summary>
/// The arrays of a .npz file, or the one of a .npy file, as a table whose rows are their first dimension: a row has a tensor of each array. Arrays that do not share
/// their first dimension are no table; they are read at once, all together. Memory is that of the rows asked for.
/// </summary>
public sealed class NumpyReader : ITableReader
{
    /// <summary>What DEFLATE can make of a byte; a file that says more is damaged.</summary>
    private const long MostOfByte = 1032;

    private readonly string _path;
    private readonly ZipArchive? _archive;
    private readonly List<NumpyArray> _arrays = [];
    private readonly List<long> _rows = [];
    private long _next;

    /// <exception cref="SlipwayException">The file is absent, is no archive of arrays, or has arrays that cannot be tensors.</exception>
    public NumpyReader(string path)
    {
        _path = path;
        var file = Open(path);
        try
        {
            if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase)) Add(Path.GetFileNameWithoutExtension(path), file, file.Length);
            else
            {
                _archive = new ZipArchive(file, ZipArchiveMode.Read);
                foreach (var entry in _archive.Entries)
                {
                    if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal)) continue;
                    if (entry.Length > (MostOfByte * entry.CompressedLength) + MostOfByte) throw new SlipwayException($"{entry.FullName} is said to have {entry.Length} bytes, packed into {entry.CompressedLength}");
                    Add(entry.FullName[..^4], entry.Open(), entry.Length);
                }
            }
            if (_arrays.Count == 0) throw new SlipwayException("it has no array");
        }
        catch (Exception e) when (e is SlipwayException or InvalidDataException or IOException)
        {
            file.Dispose();
            Dispose();
            throw new SlipwayException($"{path} cannot be read as NumPy arrays: {e.Message}", e);
        }
        IsTable = _arrays.All(a => a.Shape.Length > 0 && a.Shape[0] == _arrays[0].Shape[0]);
    }

    /// <summary>Whether all arrays have the same number of rows.</summary>
    public bool IsTable { get; }

    /// <summary>Bytes of a table's row.</summary>
    public long RowBytes => _arrays.Sum(a => a.RowBytes);

    public TableSchema Schema => new([.. _arrays.Select(a => new ColumnSpec(a.Name, a.Type))]);

    /// <summary>Numbers of the rows, counted from 1: arrays have no lines.</summary>
    public IReadOnlyList<long> Lines => _rows;

    public string LineName => "row";

    public IReadOnlyList<TableFault> Faults => [];

    /// <summary>Calls an array otherwise: the only one of a file has often a name that means nothing.</summary>
    public void Rename(string from, string to) => _arrays.Single(a => a.Name == from).Name = to;

    /// <inheritdoc/>
    /// <exception cref="RecordException">The file is cut off or damaged.</exception>
    public Batch? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        _rows.Clear();
        var rows = IsTable ? (int)Math.Min(maxRows, _arrays[0].Shape[0] - _next) : 1 - (int)_next;
        if (rows == 0) return null;
        var batch = new Batch();
        try
        {
            foreach (var array in _arrays) batch.Add(array.Read(IsTable ? rows : null));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or SlipwayException)
        {
            batch.Dispose();
            throw new RecordException($"{_path}: {e.Message}", e);
        }
        for (var i = 0; i < rows; i++) _rows.Add(++_next);
        return batch;
    }

    public void Dispose()
    {
        foreach (var array in _arrays) array.Dispose();
        _archive?.Dispose();
    }

    private static FileStream Open(string path)
    {
        try
        {
            return CsvReader.OpenFile(path);
        }
        catch (SlipwayException e)
        {
            throw new SlipwayException($"{path} cannot be read as NumPy arrays: {e.Message}", e);
        }
    }

    private void Add(string name, Stream stream, long length)
    {
        try
        {
            _arrays.Add(new NumpyArray(name, stream, length));
        }
        catch (SlipwayException e)
        {
            stream.Dispose();
            throw new SlipwayException($"array '{name}': {e.Message}", e);
        }
    }
}

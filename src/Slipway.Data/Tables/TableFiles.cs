using Slipway.Core;
using Slipway.Data.Csv;
using Slipway.Data.JsonLines;
using Slipway.Data.Numpy;

namespace Slipway.Data;

/// <summary>Table files by their extension: <c>.csv</c>, <c>.tsv</c>, <c>.jsonl</c>, <c>.ndjson</c>; <c>.npz</c> and (to read) <c>.npy</c>, whose rows hold tensors.</summary>
public static class TableFiles
{
    /// <exception cref="SlipwayException">The file is absent, of an unknown kind, or cannot be understood.</exception>
    public static ITableReader OpenRead(string path, TableReadOptions? options = null)
    {
        options ??= TableReadOptions.Default;
        return Kind(path) switch
        {
            ".csv" => new CsvReader(path, options),
            ".tsv" => new CsvReader(path, options with { Delimiter = '\t' }),
            ".npz" or ".npy" => new NumpyReader(path),
            _ => new JsonLinesReader(path, options),
        };
    }

    /// <summary>Creates the file, or empties the one that is there.</summary>
    /// <exception cref="SlipwayException">The file cannot be created, or is of an unknown kind.</exception>
    public static ITableWriter Create(string path, TableWriteOptions? options = null)
    {
        options ??= TableWriteOptions.Default;
        var kind = Kind(path);
        if (kind == ".npy") throw new SlipwayException($"{path}: arrays are written as .npz");
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException($"{path} cannot be written: {e.Message}", e);
        }
        return kind switch
        {
            ".csv" => new CsvWriter(stream, options),
            ".tsv" => new CsvWriter(stream, options with { Delimiter = '\t' }),
            ".npz" => new NumpyWriter(stream, options),
            _ => new JsonLinesWriter(stream, options),
        };
    }

    private static string Kind(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" or ".tsv" or ".jsonl" or ".ndjson" or ".npz" or ".npy" => Path.GetExtension(path).ToLowerInvariant(),
        ".parquet" => throw new SlipwayException($"{path}: Parquet needs the DuckDB reader, which this version does not have yet; convert the file to .csv or .jsonl"),
        var other => throw new SlipwayException($"{path}: '{other}' is not a table file that can be read or written; use .csv, .tsv, .jsonl, .ndjson or .npz"),
    };
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Data.Csv;

namespace Slipway.Data.JsonLines;

/// <summary>
/// A file of JSON objects, one a line, as a table. Columns are the keys of the first rows, in the order they first appear, and those whose type is
/// given in <see cref="TableReadOptions.Types"/>; keys that only appear later are passed over. A column is a number or a boolean when all its values are, else text.
/// </summary>
public sealed class JsonLinesReader : ITableReader
{
    private const int MaxLine = CsvDialect.DefaultMaxRecord;

    private readonly LineReader _lines;
    private readonly JsonRowParser _parser;
    private readonly TableBuilder _rows;
    private readonly List<TableFault> _faults = [];
    private readonly List<long> _starts = [];

    /// <exception cref="SlipwayException">The file is absent or no line of its beginning is a JSON object.</exception>
    public JsonLinesReader(string path, TableReadOptions options)
    {
        try
        {
            using (var sample = new LineReader(CsvReader.OpenFile(path), MaxLine))
            {
                Schema = Discover(sample, options);
            }
            _lines = new LineReader(CsvReader.OpenFile(path), MaxLine);
        }
        catch (SlipwayException e)
        {
            throw new SlipwayException($"{path} cannot be read as JSON Lines: {e.Message}", e);
        }
        _parser = new JsonRowParser(Schema, options.Missing, ignoreUnknown: true);
        _rows = new TableBuilder(Schema);
    }

    public TableSchema Schema { get; }

    public IReadOnlyList<long> Lines => _starts;

    public IReadOnlyList<TableFault> Faults => _faults;

    public Batch? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        _faults.Clear();
        _starts.Clear();
        while (_rows.Rows + _faults.Count < maxRows && _lines.Read())
        {
            var line = _lines.Line;
            if (line.IsEmpty) continue;
            var reason = _lines.IsTooLong ? "the line is longer than 1 MiB" : _parser.Append(line, _rows);
            if (reason is not null) _faults.Add(new TableFault(_lines.Number, reason, Encoding.UTF8.GetString(line)));
            else _starts.Add(_lines.Number);
        }
        return _rows.Rows + _faults.Count == 0 ? null : _rows.Build();
    }

    public void Dispose()
    {
        _lines.Dispose();
        _rows.Dispose();
    }

    private static TableSchema Discover(LineReader lines, TableReadOptions options)
    {
        var columns = new OrderedDictionary<string, ElementType?>(StringComparer.Ordinal);
        var objects = 0;
        for (var i = 0; i < options.SampleRows && lines.Read(); i++)
        {
            if (!lines.IsTooLong && Look(lines.Line, columns, options.Missing)) objects++;
        }
        if (objects == 0) throw new SlipwayException($"none of its first lines is a JSON object");
        foreach (var name in options.Types.Keys) columns.TryAdd(name, null);
        return new TableSchema([.. columns.Select(c => new ColumnSpec(c.Key, options.TypeOf(c.Key) ?? c.Value ?? ElementType.Float64))]);
    }

    private static bool Look(ReadOnlySpan<byte> line, OrderedDictionary<string, ElementType?> columns, ImmutableArray<string> missing)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                ElementType? seen = reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.Number => ElementType.Float64,
                    JsonTokenType.True or JsonTokenType.False => ElementType.Bool,
                    JsonTokenType.String when missing.Contains(reader.GetString()!) => null,
                    _ => ElementType.Bytes,
                };
                reader.Skip();
                var known = columns.GetValueOrDefault(name);
                columns[name] = seen is null || seen == known ? known : known is null ? seen : ElementType.Bytes;
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data;
using Slipway.Data.Csv;

namespace Slipway.Pipelines.Connectors;

/// <summary>What a column holds.</summary>
public enum ColumnKind
{
    [Summary("A number; an empty cell is a missing value.")]
    Number,
    [Summary("Text.")]
    Text,
}

/// <summary>CSV files with a header, read once each, in the order of their names; with <c>follow</c>, also what is appended to them later.</summary>
[Component("csv")]
[Summary("""
    CSV files (RFC 4180, UTF-8), in the order of their names. Every file has the same columns, in any order. The position of each file is remembered:
    no row is lost over a crash, a rename, a truncation or a replacement of a file. A file that no longer starts as it did is read from its start; one that does
    is read on where it was left, even when it was written anew. Remembered one by one are the 256 last files by name: give newer files later names, and do not
    append to a file once 256 newer ones are read. Where files are rotated, let the pattern match the rotated names, too.
    """)]
[Example("csv: { path: \"data/hourly-*.csv\", follow: true }")]
public sealed record CsvSource(
    [Summary("File or pattern, relative to the use case's folder: * and ? within a name, ** for folders at any depth.")] string Path,
    [Summary("Rows will be appended and files will be added: a row is taken only once its line end is there (a quote that is not closed holds the rows after it back until it is, or 1 MiB has come). Otherwise the last line of a file needs no line end.")] bool Follow = false,
    [Summary("Columns whose kind is not to be guessed from the first 1,000 rows.")] IReadOnlyDictionary<string, ColumnKind>? Columns = null,
    [Summary("Cells that mean \"no value\", besides the empty one.")] ImmutableArray<string> Missing = default,
    [Summary("The character between fields.")] char Delimiter = ',',
    [Summary("The first line names the columns; otherwise they are column_0, column_1, …")] bool Header = true) : SourceSpec
{
    public string Path { get; init; } = Path.Trim().Length > 0 ? Path : throw new ArgumentException("is empty", nameof(Path));

    public ImmutableArray<string> Missing { get; init; } = Missing.IsDefault ? [] : Missing;

    public char Delimiter { get; init; } = (char)CsvDialect.Of(Delimiter).Delimiter;

    public override ISource Open(ConnectorContext context) => new CsvFiles(this, context);

    internal TableReadOptions ReadOptions => new(Delimiter, Header, Missing, Columns?.ToDictionary(c => c.Key, c => c.Value.ElementType()));
}

internal static class ColumnKinds
{
    public static ElementType ElementType(this ColumnKind kind) => kind == ColumnKind.Number ? Core.ElementType.Float64 : Core.ElementType.Bytes;
}

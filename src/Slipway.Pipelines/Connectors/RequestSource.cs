using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data.JsonLines;

namespace Slipway.Pipelines.Connectors;

/// <summary>Rows that come with calls.</summary>
[Component("request")]
[Summary("Rows come with calls, as JSON objects. A column that a row does not give is missing in it; one that is not listed is refused.")]
[Example("request: { columns: { temp: number, city: text } }")]
public sealed record RequestSource(
    [Summary("The columns a row may have; without them, those that the model asks for.")] IReadOnlyDictionary<string, ColumnKind>? Columns = null) : SourceSpec
{
    /// <summary>The columns listed; empty when they are to be taken from the model.</summary>
    public TableSchema Schema => Columns is null ? TableSchema.Empty : new TableSchema([.. Columns.Select(c => new ColumnSpec(c.Key, c.Value.ElementType()))]);

    public override ISource Open(ConnectorContext context) => new Requests(Schema);
}

/// <summary>The source behind <see cref="RequestSource"/>: there is nothing to read, only rows to parse. Takes any schema.</summary>
internal sealed class Requests(TableSchema columns) : ISource
{
    public ValueTask<TableSchema?> DiscoverAsync(CancellationToken cancellation) => ValueTask.FromResult<TableSchema?>(columns);

    public ValueTask<SourceBatch?> ReadAsync(TableSchema schema, string? position, int maxRows, CancellationToken cancellation) => ValueTask.FromResult<SourceBatch?>(null);

    public SourceBatch Parse(TableSchema schema, IReadOnlyList<string> raw) => JsonRows.Parse(new JsonRowParser(schema), schema, raw);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Data.Common;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data.JsonLines;
using Slipway.Pipelines.Connectors.Databases;

namespace Slipway.Pipelines.Connectors;

/// <summary>Rows of a database table or query, read once each in the order of a watermark column.</summary>
[Component("table")]
[Summary("""
    Rows of a table or query of SQLite or PostgreSQL, in the order of a column that only grows: an id, or the time a row was written. Rows that share the last watermark are
    told apart by their content, so none is lost however batches fall; a row that is changed counts as new when its watermark is not below the last one read.
    Rows whose watermark is NULL are never read. A row that another transaction commits late, with a watermark below one already read, is not seen:
    where writers are slow to commit, let the query leave out the last moments.
    """)]
[Example("table: { connection: \"Host=db; Username=slipway; Password=${env:DB_PASSWORD}; Database=plant\", name: readings, watermark: id }")]
[Example("table: { connection: \"Data Source=plant.db\", query: \"select * from readings where ok\", watermark: at }")]
public sealed record TableSource(
    [Summary("The database: \"Data Source=FILE\" (SQLite; relative to the use case's folder) or \"Host=…; Username=…; Password=${env:NAME}; Database=…\" (PostgreSQL).")] string Connection,
    [Summary("The column that only grows.")] string Watermark,
    [Summary("The table; schema.table where the database has schemas. This or query.")] string? Name = null,
    [Summary("A SELECT instead of a table; the watermark is one of its columns.")] string? Query = null,
    [Summary("Rows read in one go at most.")] int Batch = 10_000,
    [Summary("The kind of database, where the connection does not show it.")] DatabaseProvider? Provider = null) : SourceSpec
{
    public string Connection { get; init; } = Database.CheckConnection(Connection);

    public string? Query { get; init; } = (Name is null) != (Query is null)
        ? Query?.Trim().TrimEnd(';')
        : throw new ArgumentException("either the name of a table or a query is needed, not both", nameof(Query));

    public int Batch { get; init; } = Batch >= 1 ? Batch : throw new ArgumentException("a number from 1 expected", nameof(Batch));

    public override ISource Open(ConnectorContext context) => new TableRows(this, context);
}

/// <summary>The source behind <see cref="TableSource"/>. A row goes through its raw form, a JSON object, so that a row and its replay are parsed alike.</summary>
internal sealed class TableRows(TableSource spec, ConnectorContext context) : ISource
{
    private readonly Database _database = Database.Of(spec.Connection, spec.Provider, context).ForReading();

    private string What => spec.Name is null ? "the query" : $"table {spec.Name}";

    public async ValueTask<TableSchema?> DiscoverAsync(CancellationToken cancellation)
    {
        var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                using var command = Query(connection, null, "", _database.RowsToLearnFrom);
                using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                Watermark(reader);
                return await _database.SchemaAsync(reader, cancellation).ConfigureAwait(false);
            }
            catch (DbException e)
            {
                throw Unreadable(e);
            }
        }
    }

    public async ValueTask<SourceBatch?> ReadAsync(TableSchema schema, string? position, int maxRows, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        var before = TablePosition.Parse(position);
        var taken = new WatermarkTies(spec.Watermark, before);
        maxRows = Math.Min(maxRows, spec.Batch);
        using var batch = new SourceBatchBuilder(schema, maxRows);
        var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                using var command = Query(connection, before, $", {_database.OrderOfTies(schema)}", maxRows + taken.Count);
                using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                var watermark = Watermark(reader);
                CheckColumns(reader, schema);
                using var row = _database.RowWriter(reader, schema);
                var parser = new JsonRowParser(schema, ignoreUnknown: true);
                while (!batch.IsFull && await reader.ReadAsync(cancellation).ConfigureAwait(false))
                {
                    var raw = row.Json(reader);
                    if (!taken.Add(_database.WatermarkOf(reader, watermark), raw.Span)) continue;
                    batch.RowOrFault(parser.Append(raw.Span, batch.Rows), System.Text.Encoding.UTF8.GetString(raw.Span));
                }
            }
            catch (DbException e)
            {
                throw Unreadable(e);
            }
        }
        return batch.IsEmpty ? null : batch.End(taken.Position.ToString());
    }

    public SourceBatch Parse(TableSchema schema, IReadOnlyList<string> raw) => JsonRows.Parse(new JsonRowParser(schema, ignoreUnknown: true), schema, raw);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private DbCommand Query(DbConnection connection, TablePosition? from, string thenBy, int rows)
    {
        // The line end keeps a comment at the end of the query from swallowing what follows.
        var table = spec.Query is null ? _database.QuoteTable(spec.Name!) : $"({spec.Query}\n)";
        var column = $"q.{_database.Quote(spec.Watermark)}";
        var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} AS q WHERE {column} {(from is null ? "IS NOT NULL" : $">= {_database.FirstParameter}")} ORDER BY {column}{thenBy} LIMIT {rows}";
        if (from is not null) command.Parameters.Add(_database.WatermarkParameter(from.Watermark));
        _database.Prepare(command);
        return command;
    }

    private int Watermark(DbDataReader reader)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (reader.GetName(i) == spec.Watermark) return i;
        }
        throw new SlipwayException($"{What} has no column '{spec.Watermark}' for the watermark; it has: {string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetName))}");
    }

    /// <summary>A column added to the table since the schema was learnt is passed over; one that is gone stops the source.</summary>
    private void CheckColumns(DbDataReader reader, TableSchema schema)
    {
        var absent = schema.Names.Except(Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)).ToArray();
        if (absent.Length > 0) throw new SlipwayException($"{What} no longer has the column {string.Join(", ", absent)}");
    }

    private SlipwayException Unreadable(DbException e) => new($"rows cannot be read: {_database.Explain(What, e).Message}", e);
}

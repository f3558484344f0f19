using System.Collections.Immutable;
using System.Data.Common;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Connectors.Databases;

namespace Slipway.Pipelines.Actions;

/// <summary>Rows written to a database table.</summary>
[Component("table")]
[Summary("""
    Writes rows to a table of SQLite or PostgreSQL, one transaction a batch; a missing value is NULL. With a key, a row replaces the one of the same key,
    so that rows given again after a crash are there once. Without a key they may be there twice.
    """)]
[Example("table: { connection: \"Data Source=out.db\", name: predictions, key: [station, hour] }")]
public sealed record TableSink(
    [Summary("The database: \"Data Source=FILE\" (SQLite; relative to the use case's folder) or \"Host=…; Username=…; Password=${env:NAME}; Database=…\" (PostgreSQL).")] string Connection,
    [Summary("The table; schema.table where the database has schemas.")] string Name,
    [Summary("Columns that identify a row. A table that is there already needs a primary key or unique index of just these.")] ImmutableArray<string> Key = default,
    [Summary("The columns to write; without it, all.")] ImmutableArray<string> Columns = default,
    [Summary("Make the table when it is not there.")] bool Create = true,
    [Summary("The kind of database, where the connection does not show it.")] DatabaseProvider? Provider = null) : SinkSpec
{
    public string Connection { get; init; } = Database.CheckConnection(Connection);

    public string Name { get; init; } = Name.Trim().Length > 0 ? Name : throw new ArgumentException("is empty", nameof(Name));

    public ImmutableArray<string> Key { get; init; } = Key.IsDefault ? [] : Key;

    public ImmutableArray<string> Columns { get; init; } = Columns.IsDefault ? [] : Columns;

    public override void Check(TableSchema schema)
    {
        SinkColumns.Check("columns", Columns, schema);
        SinkColumns.Check("key", Key, schema);
        var absent = Columns.IsEmpty ? null : Key.FirstOrDefault(k => !Columns.Contains(k));
        if (absent is not null) throw new SpecException(null, new SpecProblem("key", 0, 0, $"'{absent}' is not among the columns that are written"));
    }

    public override ISink Open(TableSchema schema, ConnectorContext context)
    {
        Check(schema);
        return new TableWriter(this, context);
    }
}

/// <summary>The sink behind <see cref="TableSink"/>.</summary>
internal sealed class TableWriter(TableSink spec, ConnectorContext context) : ISink
{
    private readonly SinkColumns _columns = new(spec.Columns);
    private Database? _database;
    private InsertStatement? _insert;

    public async ValueTask WriteAsync(Batch rows, string deliveryId, CancellationToken cancellation)
    {
        if (rows.Rows == 0) return;
        var columns = _columns.In(rows);
        CheckKeys(rows, columns);
        _database ??= Database.Of(spec.Connection, spec.Provider, context);
        var connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            _insert ??= await PrepareAsync(connection, columns, cancellation).ConfigureAwait(false);
            try
            {
                await _insert.WriteAsync(connection, rows, columns, cancellation).ConfigureAwait(false);
            }
            catch (DbException e)
            {
                _insert = null;
                throw _database.Explain($"rows cannot be written to table {spec.Name}", e);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<InsertStatement> PrepareAsync(DbConnection connection, ImmutableArray<FlatColumn> columns, CancellationToken cancellation)
    {
        try
        {
            if (spec.Create) await Database.ExecuteAsync(connection, _database!.CreateTable(spec.Name, columns, spec.Key), cancellation).ConfigureAwait(false);
            var there = await _database!.ColumnsAsync(connection, spec.Name, cancellation).ConfigureAwait(false);
            if (there.Count == 0) throw new SlipwayException($"there is no table {spec.Name}; make it, or say create: true");
            var absent = columns.Where(c => !there.ContainsKey(c.Name)).Select(c => c.Name).ToArray();
            if (absent.Length > 0)
            {
                throw new SlipwayException($"table {spec.Name} has no column {string.Join(", ", absent)}; it has: {string.Join(", ", there.Keys)}. Add the column or list the columns to write");
            }
            return _database.Insert(spec.Name, columns, spec.Key, there);
        }
        catch (DbException e)
        {
            throw new SlipwayException($"table {spec.Name} cannot be prepared for writing: {_database!.Explain("", e).Message}", e);
        }
    }

    /// <summary>NULL is never equal to NULL, so a row without its key could not be recognised when it comes again.</summary>
    private void CheckKeys(Batch rows, ImmutableArray<FlatColumn> columns)
    {
        foreach (var column in columns)
        {
            if (!spec.Key.Contains(column.Name)) continue;
            var tensor = rows[column.Tensor];
            if (!tensor.HasMissing && !tensor.Type.IsFloat) continue;
            for (int row = 0, count = rows.Rows; row < count; row++)
            {
                var at = column.At(row);
                if (tensor.IsMissing(at) || (tensor.Type.IsFloat && double.IsNaN(tensor.NumberAt(at))))
                {
                    throw new RecordException($"a row without a value in key column '{column.Name}' cannot go to table {spec.Name}");
                }
            }
        }
    }
}

using System.Collections.Immutable;
using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;
using Slipway.Core;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>A database on a PostgreSQL server.</summary>
internal sealed class PostgresDatabase : Database
{
    private readonly NpgsqlConnectionStringBuilder _settings;
    private bool _reading;

    public PostgresDatabase(DbConnectionStringBuilder settings)
    {
        try
        {
            _settings = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new SlipwayException($"the PostgreSQL connection is wrong: {e.Message}", e);
        }
        _settings.ApplicationName ??= "slipway";
        Name = $"{_settings.Database ?? _settings.Username} on {_settings.Host}";
    }

    public string Name { get; }

    public override string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override string FirstParameter => "$1";

    public override int RowsToLearnFrom => 0;

    public override Database ForReading()
    {
        _reading = true;
        return this;
    }

    /// <summary>By the text of the whole row: not every type (json, point) has an order of its own.</summary>
    public override string OrderOfTies(TableSchema schema) => "q::text";

    /// <summary>Of unknown type, so that the server reads the text as the type of the column it is compared with.</summary>
    public override DbParameter WatermarkParameter(WatermarkValue value) => new NpgsqlParameter { Value = value.Value, NpgsqlDbType = NpgsqlDbType.Unknown };

    public override void Prepare(DbCommand query) => ((NpgsqlCommand)query).AllResultTypesAreUnknown = true;

    public override ValueTask<TableSchema> SchemaAsync(DbDataReader reader, CancellationToken cancellation) =>
        ValueTask.FromResult(Databases.RowWriter.Unique(PostgresRows.Schema(reader)));

    public override RowWriter RowWriter(DbDataReader reader, TableSchema schema) => new PostgresRows(reader);

    public override WatermarkValue WatermarkOf(DbDataReader reader, int column) => new("text", reader.GetString(column));

    public override async ValueTask<DbConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            if (_reading) await ExecuteAsync(connection, PostgresRows.SessionSettings, cancellation).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new SlipwayException($"PostgreSQL database {Name} cannot be reached: {e.Message}", e);
        }
    }

    public override async ValueTask<IReadOnlyDictionary<string, string>> ColumnsAsync(DbConnection connection, string table, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(
            """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
            WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """,
            (NpgsqlConnection)connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = QuoteTable(table) });
            var columns = new OrderedDictionary<string, string>(StringComparer.Ordinal);
            using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) columns.Add(reader.GetString(0), reader.GetString(1));
            return columns;
        }
    }

    public override InsertStatement Insert(string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key, IReadOnlyDictionary<string, string> types) =>
        new PostgresInsert(this, table, columns, key, types);

    protected override string TypeOf(ElementType type) => type switch
    {
        ElementType.Bytes => "text",
        ElementType.Bool => "boolean",
        ElementType.Float64 => "double precision",
        ElementType.UInt64 => "numeric(20)",
        var t when t.IsFloat => "real",
        _ => "bigint",
    };

    public override SlipwayException Explain(string doing, DbException error)
    {
        var message = $"{doing} in {Name}: {(error as PostgresException)?.MessageText ?? error.Message}";
        if (error.SqlState == PostgresErrorCodes.InvalidColumnReference) message += "; the table needs a primary key or a unique index of just the key columns";
        // Class 22 is data that the server cannot take (out of range, no date, NUL in text), class 23 a constraint the row breaks.
        return error.SqlState is ['2', '2' or '3', ..] ? new RecordException(message, error) : new SlipwayException(message, error);
    }
}

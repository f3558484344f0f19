using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>A SQLite file; a relative path is below the use case's folder.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly SqliteConnectionStringBuilder _settings;

    public SqliteDatabase(DbConnectionStringBuilder settings, string folder)
    {
        try
        {
            _settings = new SqliteConnectionStringBuilder(settings.ConnectionString);
        }
        catch (ArgumentException e)
        {
            throw new SlipwayException($"the SQLite connection is wrong: {e.Message}", e);
        }
        if (_settings.DataSource.Length == 0) throw new SlipwayException("the SQLite connection names no file; write Data Source=FILE");
        Name = _settings.DataSource;
        var isFile = _settings.Mode != SqliteOpenMode.Memory && Name != ":memory:" && !Name.StartsWith("file:", StringComparison.Ordinal);
        if (isFile) _settings.DataSource = Path.Combine(folder, Name);
    }

    /// <summary>The file as the spec writes it.</summary>
    public string Name { get; }

    public override string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public override string FirstParameter => "@w";

    public override int RowsToLearnFrom => 1000;

    public override Database ForReading()
    {
        if (_settings.Mode == SqliteOpenMode.ReadWriteCreate) _settings.Mode = SqliteOpenMode.ReadWrite;
        return this;
    }

    public override string OrderOfTies(TableSchema schema) => string.Join(", ", schema.Names.Select(name => "q." + Quote(name)));

    public override DbParameter WatermarkParameter(WatermarkValue value) => new SqliteParameter(FirstParameter, value.Type switch
    {
        "integer" => long.Parse(value.Value, CultureInfo.InvariantCulture),
        "real" => double.Parse(value.Value, CultureInfo.InvariantCulture),
        _ => value.Value,
    });

    public override void Prepare(DbCommand query)
    {
    }

    public override async ValueTask<TableSchema> SchemaAsync(DbDataReader reader, CancellationToken cancellation) =>
        Databases.RowWriter.Unique(await SqliteRows.SchemaAsync((SqliteDataReader)reader, cancellation).ConfigureAwait(false));

    public override RowWriter RowWriter(DbDataReader reader, TableSchema schema) => new SqliteRows(reader, schema);

    public override WatermarkValue WatermarkOf(DbDataReader reader, int column) => SqliteRows.Watermark(reader, column);

    public override async ValueTask<DbConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new SlipwayException($"SQLite file {Name} cannot be opened: {e.Message}", e);
        }
    }

    public override async ValueTask<IReadOnlyDictionary<string, string>> ColumnsAsync(DbConnection connection, string table, CancellationToken cancellation)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            var dot = table.IndexOf('.', StringComparison.Ordinal);
            command.CommandText = dot < 0 ? $"PRAGMA table_info({Quote(table)})" : $"PRAGMA {Quote(table[..dot])}.table_info({Quote(table[(dot + 1)..])})";
            var columns = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) columns.Add(reader.GetString(1), reader.GetString(2));
            return columns;
        }
    }

    public override InsertStatement Insert(string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key, IReadOnlyDictionary<string, string> types) =>
        new SqliteInsert(this, table, columns, key);

    protected override string TypeOf(ElementType type) => type switch
    {
        ElementType.Bytes => "TEXT",
        ElementType.Bool => "BOOLEAN",
        var t when t.IsFloat => "REAL",
        _ => "INTEGER",
    };

    public override SlipwayException Explain(string doing, DbException error)
    {
        var code = (error as SqliteException)?.SqliteErrorCode;
        const int constraint = 19, tooBig = 18, mismatch = 20;
        var message = $"{doing} in {Name}: {error.Message}";
        if (error.Message.Contains("ON CONFLICT clause does not match", StringComparison.Ordinal)) message += "; the table needs a primary key or a unique index of just the key columns";
        return code is constraint or tooBig or mismatch ? new RecordException(message, error) : new SlipwayException(message, error);
    }
}

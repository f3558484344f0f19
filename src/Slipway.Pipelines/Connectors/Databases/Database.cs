using System.Collections.Immutable;
using System.Data.Common;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>The databases that tables are read from and written to.</summary>
public enum DatabaseProvider
{
    [Summary("SQLite: Data Source=FILE")]
    Sqlite,
    [Summary("PostgreSQL: Host=…; Username=…; Password=${env:…}; Database=…")]
    Postgresql,
}

/// <summary>One database that a spec's <c>connection</c> names, with what differs between the two kinds.</summary>
internal abstract class Database
{
    private static readonly string[] PasswordKeys = ["password", "pwd", "psw"];

    public abstract string Quote(string identifier);

    /// <summary>An open connection of the driver's pool.</summary>
    /// <exception cref="SlipwayException">The database cannot be reached.</exception>
    public abstract ValueTask<DbConnection> ConnectAsync(CancellationToken cancellation);

    /// <summary>What the driver's error means to a person; secrets are not in it.</summary>
    public abstract SlipwayException Explain(string doing, DbException error);

    /// <summary>DDL that makes the table unless it is there.</summary>
    public string CreateTable(string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key)
    {
        var definitions = columns.Select(c => $"{Quote(c.Name)} {TypeOf(c.Type)}");
        if (!key.IsEmpty) definitions = definitions.Append($"PRIMARY KEY ({string.Join(", ", key.Select(Quote))})");
        return $"CREATE TABLE IF NOT EXISTS {QuoteTable(table)} ({string.Join(", ", definitions)})";
    }

    /// <summary>The same database, to be read: a SQLite file that is not there is not made.</summary>
    public abstract Database ForReading();

    /// <summary>How the first parameter of a query is written.</summary>
    public abstract string FirstParameter { get; }

    /// <summary>Rows that a query must give for <see cref="SchemaAsync"/>.</summary>
    public abstract int RowsToLearnFrom { get; }

    /// <summary>Orders rows <c>q</c> that share a watermark, so that they always come in the same order.</summary>
    public abstract string OrderOfTies(TableSchema schema);

    public abstract DbParameter WatermarkParameter(WatermarkValue value);

    /// <summary>Makes the query's result readable by <see cref="RowWriter"/> and <see cref="WatermarkOf"/>.</summary>
    public abstract void Prepare(DbCommand query);

    public abstract ValueTask<TableSchema> SchemaAsync(DbDataReader reader, CancellationToken cancellation);

    public abstract RowWriter RowWriter(DbDataReader reader, TableSchema schema);

    public abstract WatermarkValue WatermarkOf(DbDataReader reader, int column);

    /// <summary>The table's columns with their types; empty when there is no such table.</summary>
    public abstract ValueTask<IReadOnlyDictionary<string, string>> ColumnsAsync(DbConnection connection, string table, CancellationToken cancellation);

    /// <param name="types">What <see cref="ColumnsAsync"/> gives.</param>
    public abstract InsertStatement Insert(string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key, IReadOnlyDictionary<string, string> types);

    /// <summary>The column type that holds values of <paramref name="type"/> without loss.</summary>
    protected abstract string TypeOf(ElementType type);

    public static async ValueTask ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellation)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The one that the connection text is for.</summary>
    /// <exception cref="SlipwayException">A secret is absent, or the text is none of a known database.</exception>
    public static Database Of(string connection, DatabaseProvider? provider, ConnectorContext context)
    {
        var settings = Resolve(connection, context.Secrets);
        return (provider ?? Detect(settings)) switch
        {
            DatabaseProvider.Sqlite => new SqliteDatabase(settings, context.Folder),
            DatabaseProvider.Postgresql => new PostgresDatabase(settings),
            _ => throw new SlipwayException("the connection is neither SQLite's (Data Source=FILE) nor PostgreSQL's (Host=…); name the provider: sqlite or postgresql"),
        };
    }

    /// <summary>Refuses a connection text that holds a password itself.</summary>
    /// <exception cref="ArgumentException">It does, or it is no connection text.</exception>
    public static string CheckConnection(string connection)
    {
        if (IsPlaceholder(connection)) return connection;
        foreach (var (key, value) in Settings(connection))
        {
            if (PasswordKeys.Contains(key) && !value.StartsWith("${", StringComparison.Ordinal))
            {
                throw new ArgumentException("holds a password; write it as ${env:NAME} or ${file:PATH}", nameof(connection));
            }
        }
        return connection;
    }

    /// <summary>A table's name, <c>schema.table</c> taken apart.</summary>
    public string QuoteTable(string name) => string.Join('.', name.Split('.').Select(Quote));

    private static DbConnectionStringBuilder Resolve(string connection, Secrets secrets)
    {
        if (IsPlaceholder(connection)) return Builder(Settings(secrets.Resolve(connection)));
        return Builder(Settings(connection).Select(s => KeyValuePair.Create(s.Key, secrets.Resolve(s.Value))));
    }

    /// <summary>Secrets are put in setting by setting, so that no character in them can become another setting.</summary>
    private static DbConnectionStringBuilder Builder(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var builder = new DbConnectionStringBuilder();
        foreach (var (key, value) in settings) builder[key] = value;
        return builder;
    }

    private static ImmutableArray<KeyValuePair<string, string>> Settings(string connection)
    {
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = connection };
            return [.. builder.Keys.Cast<string>().Select(key => KeyValuePair.Create(key, builder[key].ToString()!))];
        }
        catch (ArgumentException)
        {
            throw new ArgumentException("is no connection text: write \"Data Source=FILE\" or \"Host=…; Username=…; Password=${env:NAME}; Database=…\"", nameof(connection));
        }
    }

    private static bool IsPlaceholder(string connection) => connection.StartsWith("${", StringComparison.Ordinal) && connection.IndexOf('}', StringComparison.Ordinal) == connection.Length - 1;

    private static DatabaseProvider? Detect(DbConnectionStringBuilder settings) =>
        settings.ContainsKey("host") || settings.ContainsKey("server") ? DatabaseProvider.Postgresql
        : settings.ContainsKey("data source") || settings.ContainsKey("datasource") || settings.ContainsKey("filename") ? DatabaseProvider.Sqlite
        : null;
}

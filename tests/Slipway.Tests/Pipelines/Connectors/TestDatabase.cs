using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Slipway.Pipelines.Connectors.Databases;

namespace Slipway.Tests.Pipelines.Connectors;

/// <summary>A real database for one test: a SQLite file in its folder, or a schema of its own in the PostgreSQL that $SLIPWAY_TEST_POSTGRES names.</summary>
public sealed class TestDatabase : IDisposable
{
    private const string Variable = "SLIPWAY_TEST_POSTGRES";

    private readonly DbConnection _connection;
    private readonly string? _schema;

    public TestDatabase(UseCaseFolder folder, DatabaseProvider provider)
    {
        Provider = provider;
        if (provider == DatabaseProvider.Sqlite)
        {
            Connection = "Data Source=test.db";
            _connection = new SqliteConnection($"Data Source={folder["test.db"]};Pooling=False");
            _connection.Open();
            return;
        }
        var server = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(server)) Assert.Skip($"{Variable} is not set: no PostgreSQL to test with");
        Connection = $"${{env:{Variable}}}";
        _schema = $"t{Guid.NewGuid():N}";
        _connection = new NpgsqlConnection(server);
        _connection.Open();
        _connection.Execute($"CREATE SCHEMA {_schema}");
    }

    public DatabaseProvider Provider { get; }

    /// <summary>As a use case writes it.</summary>
    public string Connection { get; }

    /// <summary>A table's name as a use case writes it.</summary>
    public string Table(string name) => _schema is null ? name : $"{_schema}.{name}";

    public int Execute(string sql, object? parameters = null) => _connection.Execute(sql, parameters);

    public T Value<T>(string sql) => _connection.ExecuteScalar<T>(sql)!;

    public void Dispose()
    {
        if (_schema is not null) _connection.Execute($"DROP SCHEMA {_schema} CASCADE");
        _connection.Dispose();
    }
}

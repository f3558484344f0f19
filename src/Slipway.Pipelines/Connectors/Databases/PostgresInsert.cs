using System.Collections.Immutable;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Slipway.Core;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>One statement a batch: every column goes as an array, which the server unfolds into rows and casts to the types of the table's columns.</summary>
internal sealed class PostgresInsert(
    PostgresDatabase database, string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key, IReadOnlyDictionary<string, string> types) : InsertStatement
{
    private readonly string _sql = Sql(database, table, columns, key, types);

    public override async ValueTask WriteAsync(DbConnection connection, Batch rows, ImmutableArray<FlatColumn> columns, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(_sql, (NpgsqlConnection)connection);
        await using (command.ConfigureAwait(false))
        {
            foreach (var column in columns) command.Parameters.Add(Parameter(rows[column.Tensor], column, rows.Rows));
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>An upsert may touch a row only once in a statement: of rows with the same key, the last one is taken.</summary>
    private static string Sql(PostgresDatabase database, string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key, IReadOnlyDictionary<string, string> types)
    {
        var names = string.Join(", ", columns.Select(c => database.Quote(c.Name)));
        var values = string.Join(", ", columns.Select((c, i) => $"r.c{i}::{types[c.Name]}"));
        var unfolded = $"unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) WITH ORDINALITY AS r({string.Join(", ", columns.Select((_, i) => $"c{i}"))}, n)";
        var keys = string.Join(", ", key.Select(k => 1 + columns.IndexOf(columns.First(c => c.Name == k))));
        return $"INSERT INTO {database.QuoteTable(table)} ({names}) "
            + (key.IsEmpty ? $"SELECT {values} FROM {unfolded} ORDER BY n" : $"SELECT DISTINCT ON ({keys}) {values} FROM {unfolded} ORDER BY {keys}, n DESC")
            + OnConflict(database, columns, key);
    }

    private static NpgsqlParameter Parameter(Tensor tensor, FlatColumn column, int rows) => column.Type switch
    {
        ElementType.Bytes => Array(tensor, column, rows, NpgsqlDbType.Text, static (t, at) => t.IsMissing(at) ? null : Text(t, at)),
        ElementType.Bool => Array<bool?>(tensor, column, rows, NpgsqlDbType.Boolean, static (t, at) => t.IsMissing(at) ? null : t.RawData[at] != 0),
        ElementType.Float64 => Array<double?>(tensor, column, rows, NpgsqlDbType.Double, static (t, at) => t.IsMissing(at) ? null : t.Values<double>()[at]),
        ElementType.UInt64 => Array<decimal?>(tensor, column, rows, NpgsqlDbType.Numeric, static (t, at) => t.IsMissing(at) ? null : t.Values<ulong>()[at]),
        ElementType.Int64 => Array<long?>(tensor, column, rows, NpgsqlDbType.Bigint, static (t, at) => t.IsMissing(at) ? null : t.Values<long>()[at]),
        var type when type.IsFloat => Array<float?>(tensor, column, rows, NpgsqlDbType.Real, static (t, at) => t.IsMissing(at) ? null : (float)t.NumberAt(at)),
        _ => Array<long?>(tensor, column, rows, NpgsqlDbType.Bigint, static (t, at) => t.IsMissing(at) ? null : (long)t.NumberAt(at)),
    };

    private static NpgsqlParameter Array<T>(Tensor tensor, FlatColumn column, int rows, NpgsqlDbType type, Func<Tensor, int, T> value)
    {
        var values = new T[rows];
        for (var row = 0; row < rows; row++) values[row] = value(tensor, column.At(row));
        return new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}

using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>One prepared statement, run for every row within a transaction: with SQLite there is no round trip to save.</summary>
internal sealed class SqliteInsert(SqliteDatabase database, string table, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key) : InsertStatement
{
    private readonly string _sql =
        $"INSERT INTO {database.QuoteTable(table)} ({string.Join(", ", columns.Select(c => database.Quote(c.Name)))}) "
        + $"VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))}){OnConflict(database, columns, key)}";

    public override ValueTask WriteAsync(DbConnection connection, Batch rows, ImmutableArray<FlatColumn> columns, CancellationToken cancellation)
    {
        using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
        using var command = new SqliteCommand(_sql, (SqliteConnection)connection, transaction);
        for (var i = 0; i < columns.Length; i++) command.Parameters.Add(new SqliteParameter($"@p{i}", null));
        for (int row = 0, count = rows.Rows; row < count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++) command.Parameters[i].Value = Value(rows[columns[i].Tensor], columns[i].At(row));
            command.ExecuteNonQuery();
        }
        transaction.Commit();
        return ValueTask.CompletedTask;
    }

    private static object Value(Tensor tensor, int at)
    {
        if (tensor.IsMissing(at)) return DBNull.Value;
        return tensor.Type switch
        {
            ElementType.Bytes => Text(tensor, at),
            ElementType.Bool => tensor.RawData[at] != 0 ? 1L : 0L,
            ElementType.Int64 => tensor.Values<long>()[at],
            // Beyond the signed range SQLite has no integer.
            ElementType.UInt64 => tensor.Values<ulong>()[at] is var value and <= long.MaxValue ? (long)value : (double)tensor.Values<ulong>()[at],
            var type when type.IsFloat => double.IsNaN(tensor.NumberAt(at)) ? DBNull.Value : tensor.NumberAt(at),
            _ => (long)tensor.NumberAt(at),
        };
    }
}

using System.Collections.Immutable;
using System.Data.Common;
using Slipway.Core;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors.Databases;

/// <summary>Writes batches of the same columns to one table.</summary>
internal abstract class InsertStatement
{
    /// <summary>Writes all rows in one transaction; with a key, the last of rows with the same key counts.</summary>
    /// <exception cref="DbException">Nothing was written.</exception>
    public abstract ValueTask WriteAsync(DbConnection connection, Batch rows, ImmutableArray<FlatColumn> columns, CancellationToken cancellation);

    /// <summary>The <c>ON CONFLICT</c> clause that makes an insert an upsert; empty without a key.</summary>
    protected static string OnConflict(Database database, ImmutableArray<FlatColumn> columns, ImmutableArray<string> key)
    {
        if (key.IsEmpty) return "";
        var others = columns.Where(c => !key.Contains(c.Name)).Select(c => $"{database.Quote(c.Name)} = excluded.{database.Quote(c.Name)}").ToArray();
        return $" ON CONFLICT ({string.Join(", ", key.Select(database.Quote))}) DO {(others.Length == 0 ? "NOTHING" : "UPDATE SET " + string.Join(", ", others))}";
    }

    /// <exception cref="RecordException">The bytes are not UTF-8 text.</exception>
    protected static string Text(Tensor tensor, int at)
    {
        var bytes = tensor.GetBytes(at);
        return System.Text.Unicode.Utf8.IsValid(bytes)
            ? System.Text.Encoding.UTF8.GetString(bytes)
            : throw new RecordException($"column '{tensor.Name}' holds bytes that are not UTF-8 text, which a text column cannot take");
    }
}

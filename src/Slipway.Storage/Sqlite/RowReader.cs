using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>
/// Queries whose rows become records. SQLite keeps any type of value in any column, so a damaged or hand-edited database can hold values
/// that no record takes: that is an error with words, not the mapper's exception.
/// </summary>
internal static class RowReader
{
    extension(SqliteConnection connection)
    {
        /// <summary>All rows, each as <typeparamref name="TRow"/> (its columns by name, as SQLite's own types) and then as <typeparamref name="T"/>.</summary>
        public T[] All<TRow, T>(string sql, object? arguments, Func<TRow, T> convert) =>
            Guard(() => connection.Query<TRow>(sql, arguments, buffered: false).Select(convert).ToArray());

        /// <inheritdoc cref="All{TRow, T}"/>
        public T? First<TRow, T>(string sql, object? arguments, Func<TRow, T> convert) where TRow : class where T : class =>
            Guard(() => connection.QueryFirstOrDefault<TRow>(sql, arguments) is { } row ? convert(row) : null);

        /// <summary>The first column of the first row; the type's default when there is no row.</summary>
        public T? Scalar<T>(string sql, object? arguments = null) => Guard(() => connection.ExecuteScalar<T>(sql, arguments));
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidCastException or System.Data.DataException or ArgumentException or FormatException or OverflowException or System.Text.Json.JsonException)
        {
            throw new SlipwayException($"the database holds a value that Slipway did not write ({e.Message}); it is damaged or was edited: restore the data folder from its backup", e);
        }
    }
}

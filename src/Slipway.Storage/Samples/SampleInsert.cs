using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.Core;
using SQLitePCL;

namespace Slipway.Storage;

/// <summary>
/// The prepared insert of samples. It binds through SQLite's own interface, because samples come at the rate of requests:
/// a command of ADO.NET allocates more than a kilobyte for each row, this allocates nothing.
/// </summary>
internal sealed class SampleInsert : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);

    public SampleInsert(SqliteConnection connection)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(
            database,
            """
            INSERT INTO sample (id, use_case, model, version, time, input, prediction, label)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING
            """,
            out statement));
    }

    /// <summary>False when a sample with this id is there already.</summary>
    public bool Add(Sample sample)
    {
        Bind(1, sample.Id);
        Bind(2, sample.UseCase);
        Bind(3, sample.Model);
        Check(raw.sqlite3_bind_int64(statement, 4, sample.Version));
        Check(raw.sqlite3_bind_int64(statement, 5, UnixMicroseconds.From(sample.Time)));
        Bind(6, sample.Input);
        Bind(7, sample.Prediction);
        if (sample.Label is null) Check(raw.sqlite3_bind_null(statement, 8));
        else Bind(8, sample.Label);
        var result = raw.sqlite3_step(statement);
        if (result != raw.SQLITE_DONE) Check(result);
        var added = raw.sqlite3_changes(database) == 1;
        Check(raw.sqlite3_reset(statement));
        return added;
    }

    public void Dispose()
    {
        statement.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Bind(int parameter, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(most);
        }
        var length = Encoding.UTF8.GetBytes(text, buffer);
        // SQLite binds an empty span, which has no address, as NULL.
        Check(length == 0
            ? raw.sqlite3_bind_text(statement, parameter, "")
            : raw.sqlite3_bind_text(statement, parameter, buffer.AsSpan(0, length)));
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}

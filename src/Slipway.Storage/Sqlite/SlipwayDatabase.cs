using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>
/// The data folder's <c>slipway.db</c>: SQLite in write-ahead mode. Any number of threads and processes may use it at once; readers never wait.
/// A process writes through one connection at a time, and each change begins as <c>BEGIN IMMEDIATE</c>, so that it waits for another
/// process's change instead of failing after it has read.
/// </summary>
/// <remarks>
/// Changes are flushed to the disk before they are acknowledged (<c>synchronous=FULL</c>): they outlive kill -9 and a loss of power.
/// Samples alone go through a connection with <c>synchronous=NORMAL</c>: they outlive kill -9, but a loss of power can take the newest
/// ones, back to the last flushed change; the database stays whole.
/// </remarks>
public sealed class SlipwayDatabase : IDisposable
{
    internal const int BusySeconds = 30;

    private const int PooledReaders = 16;

    private readonly Lock writing = new();
    private readonly ConcurrentBag<SqliteConnection> readers = [];
    private readonly SqliteConnection durable;
    private readonly SqliteConnection relaxed;
    private readonly string path;
    private volatile bool disposed;

    private SlipwayDatabase(string dataFolder, TimeProvider time)
    {
        DataFolder = dataFolder;
        Time = time;
        path = Path.Combine(dataFolder, "slipway.db");
        Lease = Lease.Take(Path.Combine(dataFolder, "spool"));
        SqliteConnection? first = null;
        try
        {
            durable = first = Connect("FULL");
            durable.Execute("PRAGMA journal_mode = WAL");
            Migration.ApplyAll(durable, path, time);
            DirectorySync.Flush(dataFolder);
            relaxed = Connect("NORMAL");
        }
        catch (Exception e)
        {
            first?.Dispose();
            Lease.Dispose();
            if (e is SqliteException failure) throw SqliteFailure.Explain(path, failure);
            throw;
        }
    }

    /// <summary>The folder that holds everything: <c>slipway.db</c>, <c>artifacts/</c>, <c>packages/</c>, <c>spool/</c>.</summary>
    public string DataFolder { get; }

    internal TimeProvider Time { get; }

    /// <summary>Tells other processes on the same data folder that this one lives.</summary>
    internal Lease Lease { get; }

    /// <summary>Opens the data folder's database; makes folder and database when they are not there, and brings an older database up to date.</summary>
    /// <exception cref="SlipwayException">The folder cannot be written to, or its database is damaged, another program's, or a newer Slipway's.</exception>
    public static SlipwayDatabase Open(string dataFolder, TimeProvider time)
    {
        SqliteLibrary.Initialize();
        dataFolder = Path.GetFullPath(dataFolder);
        try
        {
            Directory.CreateDirectory(dataFolder);
            return new SlipwayDatabase(dataFolder, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException($"{dataFolder}: cannot be used as a data folder: {e.Message}", e);
        }
    }

    /// <summary>Runs a query; several statements see one state only inside a transaction.</summary>
    internal T Read<T>(Func<SqliteConnection, T> query)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        try
        {
            var connection = readers.TryTake(out var pooled) ? pooled : ConnectReader();
            try
            {
                return query(connection);
            }
            finally
            {
                if (readers.Count < PooledReaders) readers.Add(connection);
                else connection.Dispose();
                if (disposed) CloseReaders();
            }
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.Explain(path, e);
        }
    }

    /// <summary>Runs a change in a transaction of its own; it is on the disk when the call returns, and nothing of it is kept when it throws.</summary>
    internal T Write<T>(Func<SqliteConnection, T> change) => Change(durable, change);

    /// <inheritdoc cref="Write{T}"/>
    internal void Write(Action<SqliteConnection> change) => Change(durable, connection =>
    {
        change(connection);
        return true;
    });

    /// <summary>Like <see cref="Write{T}"/>, without waiting for the disk.</summary>
    internal T WriteRelaxed<T>(Func<SqliteConnection, T> change) => Change(relaxed, change);

    public void Dispose()
    {
        lock (writing)
        {
            if (disposed) return;
            disposed = true;
            CloseReaders();
            relaxed.Dispose();
            durable.Dispose();
            Lease.Dispose();
        }
    }

    private T Change<T>(SqliteConnection connection, Func<SqliteConnection, T> change)
    {
        lock (writing)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            try
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                var result = change(connection);
                transaction.Commit();
                return result;
            }
            catch (SqliteException e)
            {
                throw SqliteFailure.Explain(path, e);
            }
        }
    }

    private SqliteConnection ConnectReader()
    {
        var connection = Connect("FULL");
        connection.Execute("PRAGMA query_only = ON");
        return connection;
    }

    private SqliteConnection Connect(string synchronous)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Cache = SqliteCacheMode.Private,
            ForeignKeys = true,
            RecursiveTriggers = true, // or INSERT OR REPLACE would delete past the triggers that forbid it
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA synchronous = {synchronous}; PRAGMA journal_size_limit = 67108864");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CloseReaders()
    {
        while (readers.TryTake(out var reader)) reader.Dispose();
    }
}

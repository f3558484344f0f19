using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>One numbered step of the database's shape: an embedded <c>Migrations/NNNN-what.sql</c>, applied once, in one transaction.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const long SlipwayApplication = 0x534C4950;

    public static ImmutableArray<Migration> All { get; } = Load();

    /// <summary>Brings the database up to date. Safe when several processes do so at once.</summary>
    /// <exception cref="SlipwayException">The file belongs to another program, or to a newer Slipway.</exception>
    public static void ApplyAll(SqliteConnection connection, string path, TimeProvider time)
    {
        RefuseForeign(connection, path);
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            connection.Execute(
                "CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)");
            transaction.Commit();
        }
        foreach (var migration in All)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var newest = connection.Scalar<long>("SELECT coalesce(max(number), 0) FROM migration");
            if (newest > All[^1].Number)
            {
                throw new SlipwayException(
                    $"{path}: the database is at migration {newest}, this Slipway knows them up to {All[^1].Number}; it was written by a newer Slipway: start that one, or restore the backup from before its first start");
            }
            if (newest >= migration.Number) continue;
            connection.Execute(migration.Sql);
            connection.Execute(
                "INSERT INTO migration (number, name, applied_at) VALUES (@Number, @Name, @At)",
                new { migration.Number, migration.Name, At = UnixMicroseconds.From(time.GetUtcNow()) });
            transaction.Commit();
        }
    }

    /// <summary>Looks at one state of the file: between two, another process may make this very database.</summary>
    private static void RefuseForeign(SqliteConnection connection, string path)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var application = connection.Scalar<long>("PRAGMA application_id");
        if (application == SlipwayApplication) return;
        var foreign = connection.QueryFirstOrDefault<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migration' ORDER BY name");
        if (application != 0 || foreign is not null)
        {
            throw new SlipwayException(
                $"{path}: this is another program's SQLite database (application id {application}, table '{foreign}'); point --data at a Slipway data folder or at an empty one");
        }
    }

    private static ImmutableArray<Migration> Load()
    {
        const string Prefix = "Slipway.Storage.Migrations.";
        var assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(resource =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                    var name = resource[Prefix.Length..^".sql".Length];
                    return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
                }),
        ];
    }
}

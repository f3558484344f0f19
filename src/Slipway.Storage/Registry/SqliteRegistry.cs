using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>The registry in the data folder's database. The database itself refuses to change or delete a version or a line of history.</summary>
public sealed class SqliteRegistry(SlipwayDatabase database, IArtifactStore artifacts) : IRegistry
{
    private const string VersionColumns =
        """
        id Id, model Model, version Version, digest Digest, runtime Runtime, format Format, signature Signature,
        files Files, lineage Lineage, parity Parity, created_at CreatedAt, created_by CreatedBy
        """;

    private static readonly ImmutableDictionary<string, int> NoAliases = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    private volatile Loaded latest = new(-1, 0, new RegistrySnapshot([], ImmutableDictionary.Create<string, ImmutableDictionary<string, int>>(StringComparer.Ordinal)));

    /// <summary>Reads only what is new since the last snapshot; gives the same object while nothing has changed.</summary>
    public RegistrySnapshot Snapshot() => database.Read(connection =>
    {
        var known = latest;
        if (Counter(connection) == known.Counter) return known.Snapshot;
        using var moment = connection.BeginTransaction(deferred: true);
        var counter = Counter(connection);
        var rows = connection.All<VersionRow, (long Id, ModelVersion Version)>(
            $"SELECT {VersionColumns} FROM model_version WHERE id > @Newest ORDER BY id", new { known.Newest }, row => (row.Id, row.ToVersion()));
        var aliases = connection.All<AliasRow, AliasRow>("SELECT model Model, alias Alias, version Version FROM alias ORDER BY model, alias", null, row => row)
            .GroupBy(row => row.Model, StringComparer.Ordinal)
            .ToImmutableDictionary(model => model.Key, model => NoAliases.AddRange(model.Select(row => KeyValuePair.Create(row.Alias, (int)row.Version))), StringComparer.Ordinal);
        var versions = known.Snapshot.Versions.AddRange(rows.Select(row => row.Version))
            .Sort((a, b) => string.CompareOrdinal(a.Name, b.Name) is var byName and not 0 ? byName : a.Version.CompareTo(b.Version));
        var snapshot = new RegistrySnapshot(versions, aliases);
        latest = new Loaded(counter, rows.Length == 0 ? known.Newest : rows[^1].Id, snapshot);
        return snapshot;
    });

    /// <inheritdoc/>
    /// <exception cref="ModelException">The package has no files, a path that leaves it, or a file that is not in the artifact store.</exception>
    public ModelVersion Add(NewVersion version, string? alias = null, string? why = null)
    {
        Names.Require(version.Name, "model");
        if (alias is not null) Names.Require(alias, "alias");
        PackagePath.Require(version.Name, version.Files);
        foreach (var file in version.Files)
        {
            if (!artifacts.Contains(file.Sha256)) throw new ModelException($"{version.Name}: '{file.Path}' is not in the artifact store (SHA-256 {file.Sha256}); store the files before the version");
        }
        var digest = PackageDigest.Of(version.Files);
        return database.Write(connection =>
        {
            var added = Find(connection, version.Name, digest);
            if (added is null)
            {
                Insert(connection, version, digest);
                added = Find(connection, version.Name, digest)!;
            }
            if (alias is not null) MoveAlias(connection, version.Name, alias, added.Version, version.CreatedBy, why);
            return added;
        });
    }

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">No such version; or, when removing, no such alias.</exception>
    public void SetAlias(string model, string alias, int? version, string who, string? why)
    {
        Names.Require(alias, "alias");
        database.Write(connection =>
        {
            if (version is not null)
            {
                var newest = connection.Scalar<long?>("SELECT max(version) FROM model_version WHERE model = @Model", new { Model = model })
                    ?? throw new NotFoundException($"no model is called '{model}'; register one with: slipway push {model} PATH");
                if (version < 1 || version > newest) throw new NotFoundException($"model '{model}' has no version {version}; the newest is {newest}");
            }
            MoveAlias(connection, model, alias, version, who, why);
        });
    }

    public IReadOnlyList<AliasChange> History(string model, int limit = 100) => database.Read(connection => connection.All<AliasChangeRow, AliasChange>(
        """
        SELECT model Model, alias Alias, from_version FromVersion, to_version ToVersion, who Who, at At, why Why
        FROM alias_change WHERE model = @Model ORDER BY id DESC LIMIT @Limit
        """,
        new { Model = model, Limit = Math.Max(limit, 0) },
        row => row.ToAliasChange()));

    public long ChangeCounter() => database.Read(Counter);

    private static long Counter(SqliteConnection connection) => connection.Scalar<long>("SELECT value FROM registry_counter");

    private static void Changed(SqliteConnection connection) => connection.Execute("UPDATE registry_counter SET value = value + 1");

    private static ModelVersion? Find(SqliteConnection connection, string name, string digest) => connection.First<VersionRow, ModelVersion>(
        $"SELECT {VersionColumns} FROM model_version WHERE model = @Name AND digest = @Digest", new { Name = name, Digest = digest }, row => row.ToVersion());

    private void Insert(SqliteConnection connection, NewVersion version, string digest)
    {
        connection.Execute(
            """
            INSERT INTO model_version (model, version, digest, runtime, format, signature, files, lineage, parity, created_at, created_by)
            VALUES (@Name, (SELECT coalesce(max(version), 0) + 1 FROM model_version WHERE model = @Name),
                    @Digest, @Runtime, @Format, @Signature, @Files, @Lineage, @Parity, @CreatedAt, @CreatedBy)
            """,
            new
            {
                version.Name,
                Digest = digest,
                version.Runtime,
                version.Format,
                Signature = SignatureJson.Write(version.Signature),
                Files = JsonSerializer.Serialize(version.Files, RegistryJson.Default.ImmutableArrayPackageFile),
                Lineage = JsonSerializer.Serialize(version.Lineage, RegistryJson.Default.Lineage),
                Parity = JsonSerializer.Serialize(version.Parity, RegistryJson.Default.ParityReport),
                CreatedAt = UnixMicroseconds.From(database.Time.GetUtcNow()),
                version.CreatedBy,
            });
        Changed(connection);
    }

    private void MoveAlias(SqliteConnection connection, string model, string alias, int? to, string who, string? why)
    {
        var from = connection.Scalar<long?>("SELECT version FROM alias WHERE model = @Model AND alias = @Alias", new { Model = model, Alias = alias });
        if (from is null && to is null) throw new NotFoundException($"model '{model}' has no alias '{alias}' to remove");
        if (from == to) return;
        connection.Execute(
            to is null
                ? "DELETE FROM alias WHERE model = @Model AND alias = @Alias"
                : "INSERT INTO alias (model, alias, version) VALUES (@Model, @Alias, @To) ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version",
            new { Model = model, Alias = alias, To = to });
        connection.Execute(
            "INSERT INTO alias_change (model, alias, from_version, to_version, who, at, why) VALUES (@Model, @Alias, @From, @To, @Who, @At, @Why)",
            new { Model = model, Alias = alias, From = from, To = to, Who = who, At = UnixMicroseconds.From(database.Time.GetUtcNow()), Why = why });
        Changed(connection);
    }

    private sealed record Loaded(long Counter, long Newest, RegistrySnapshot Snapshot);

    private sealed record AliasRow(string Model, string Alias, long Version);

    private sealed record AliasChangeRow(string Model, string Alias, long? FromVersion, long? ToVersion, string Who, long At, string? Why)
    {
        public AliasChange ToAliasChange() => new(Model, Alias, (int?)FromVersion, (int?)ToVersion, Who, UnixMicroseconds.ToTime(At), Why);
    }

    private sealed record VersionRow(
        long Id, string Model, long Version, string Digest, string Runtime, string Format, string Signature,
        string Files, string Lineage, string Parity, long CreatedAt, string CreatedBy)
    {
        public ModelVersion ToVersion() => new(
            Model, (int)Version, Digest, Runtime, Format, SignatureJson.Read(Signature),
            JsonSerializer.Deserialize(Files, RegistryJson.Default.ImmutableArrayPackageFile),
            JsonSerializer.Deserialize(Lineage, RegistryJson.Default.Lineage)!,
            JsonSerializer.Deserialize(Parity, RegistryJson.Default.ParityReport)!,
            UnixMicroseconds.ToTime(CreatedAt), CreatedBy);
    }
}

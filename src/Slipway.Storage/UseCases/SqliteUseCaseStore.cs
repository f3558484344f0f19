using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>Use cases and their source positions in the data folder's database; runs and quarantine are in the files beside this one.</summary>
public sealed partial class SqliteUseCaseStore(SlipwayDatabase database) : IUseCaseStore
{
    private const string UseCaseColumns =
        "name Name, revision Revision, yaml Yaml, folder Folder, paused Paused, applied_by AppliedBy, applied_at AppliedAt";

    public IReadOnlyList<DeployedUseCase> List() => database.Read(connection =>
        connection.All<UseCaseRow, DeployedUseCase>($"SELECT {UseCaseColumns} FROM use_case ORDER BY name", null, row => row.ToUseCase()));

    public DeployedUseCase? Find(string name) => database.Read(connection => Find(connection, name));

    public DeployedUseCase Apply(string name, string yaml, string folder, string who)
    {
        Names.Require(name, "use case");
        return database.Write(connection =>
        {
            var existing = Find(connection, name);
            if (existing is not null && existing.Yaml == yaml && existing.Folder == folder) return existing;
            connection.Execute(
                """
                INSERT INTO use_case (name, revision, yaml, folder, paused, applied_by, applied_at) VALUES (@Name, 1, @Yaml, @Folder, 0, @Who, @At)
                ON CONFLICT (name) DO UPDATE SET revision = use_case.revision + 1, yaml = excluded.yaml, folder = excluded.folder,
                    applied_by = excluded.applied_by, applied_at = excluded.applied_at
                """,
                new { Name = name, Yaml = yaml, Folder = folder, Who = who, At = Now() });
            return Find(connection, name)!;
        });
    }

    public void SetPaused(string name, bool paused) => database.Write(connection =>
    {
        var changed = connection.Execute("UPDATE use_case SET paused = @Paused WHERE name = @Name", new { Name = name, Paused = paused ? 1 : 0 });
        if (changed == 0) throw new NotFoundException($"no use case is called '{name}'; deploy one with: slipway apply FILE");
    });

    public bool Remove(string name) => database.Write(connection =>
    {
        connection.Execute("DELETE FROM source_position WHERE use_case = @Name; DELETE FROM learnt_columns WHERE use_case = @Name", new { Name = name });
        return connection.Execute("DELETE FROM use_case WHERE name = @Name", new { Name = name }) == 1;
    });

    public string? Position(string useCase) => database.Read(connection =>
        connection.Scalar<string>("SELECT position FROM source_position WHERE use_case = @UseCase", new { UseCase = useCase }));

    public void Commit(string useCase, string position, IReadOnlyList<QuarantinedRow> bad) => database.Write(connection =>
    {
        connection.Execute(
            "INSERT INTO source_position (use_case, position) VALUES (@UseCase, @Position) ON CONFLICT (use_case) DO UPDATE SET position = excluded.position",
            new { UseCase = useCase, Position = position });
        InsertQuarantine(connection, useCase, bad);
    });

    private static DeployedUseCase? Find(SqliteConnection connection, string name) =>
        connection.First<UseCaseRow, DeployedUseCase>($"SELECT {UseCaseColumns} FROM use_case WHERE name = @Name", new { Name = name }, row => row.ToUseCase());

    private long Now() => UnixMicroseconds.From(database.Time.GetUtcNow());

    private sealed record UseCaseRow(string Name, long Revision, string Yaml, string Folder, long Paused, string AppliedBy, long AppliedAt)
    {
        public DeployedUseCase ToUseCase() => new(Name, (int)Revision, Yaml, Folder, Paused != 0, AppliedBy, UnixMicroseconds.ToTime(AppliedAt));
    }
}

using Slipway.Core;
using Slipway.Storage;

namespace Slipway.App.Control;

/// <summary>An opened data folder: the stores over one database, and the artifacts beside it.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly SlipwayDatabase _database;
    private readonly ArtifactFolder _artifacts;

    private DataFolder(SlipwayDatabase database)
    {
        _database = database;
        _artifacts = new ArtifactFolder(database.DataFolder);
        Registry = new SqliteRegistry(database, _artifacts);
        UseCases = new SqliteUseCaseStore(database);
        Samples = new SqliteSampleStore(database);
        Alerts = new SqliteAlertStore(database);
    }

    public string Path => _database.DataFolder;

    public IRegistry Registry { get; }

    public IArtifactStore Artifacts => _artifacts;

    public SqliteUseCaseStore UseCases { get; }

    public ISampleStore Samples { get; }

    public IAlertStore Alerts { get; }

    /// <exception cref="SlipwayException">The folder cannot be used; the message says why.</exception>
    public static DataFolder Open(string path, TimeProvider time) => new(SlipwayDatabase.Open(path, time));

    public void Dispose()
    {
        _artifacts.Dispose();
        _database.Dispose();
    }
}

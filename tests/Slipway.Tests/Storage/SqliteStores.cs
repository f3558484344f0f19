using Slipway.Conformance;
using Slipway.Core;
using Slipway.Storage;

namespace Slipway.Tests.Storage;

/// <summary>All SQLite stores on a data folder: a new, temporary one, or one that is shared.</summary>
internal sealed class SqliteStores : IStoresUnderTest
{
    private readonly bool temporary;

    public SqliteStores(string? dataFolder = null)
    {
        temporary = dataFolder is null;
        DataFolder = dataFolder ?? Directory.CreateTempSubdirectory("slipway-storage-").FullName;
        Open();
    }

    public string DataFolder { get; }

    public SlipwayDatabase Database { get; private set; } = null!;

    public ArtifactFolder ArtifactFolder { get; private set; } = null!;

    public SqliteUseCaseStore UseCaseStore { get; private set; } = null!;

    public IRegistry Registry { get; private set; } = null!;

    public IArtifactStore Artifacts => ArtifactFolder;

    public IUseCaseStore UseCases => UseCaseStore;

    public ISampleStore Samples { get; private set; } = null!;

    public IAlertStore Alerts { get; private set; } = null!;

    public void Reopen()
    {
        Close();
        Open();
    }

    public void Dispose()
    {
        Close();
        if (temporary) Directory.Delete(DataFolder, recursive: true);
    }

    private void Open()
    {
        Database = SlipwayDatabase.Open(DataFolder, TimeProvider.System);
        ArtifactFolder = new ArtifactFolder(DataFolder);
        Registry = new SqliteRegistry(Database, ArtifactFolder);
        UseCaseStore = new SqliteUseCaseStore(Database);
        Samples = new SqliteSampleStore(Database);
        Alerts = new SqliteAlertStore(Database);
    }

    private void Close()
    {
        ArtifactFolder.Dispose();
        Database.Dispose();
    }
}

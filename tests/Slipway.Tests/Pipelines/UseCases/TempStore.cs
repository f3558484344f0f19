using Slipway.Core;
using Slipway.Storage;

namespace Slipway.Tests.Pipelines.UseCases;

/// <summary>A real store in a folder of its own.</summary>
internal sealed class TempStore : IDisposable
{
    private readonly SlipwayDatabase _database;

    public TempStore(TimeProvider time)
    {
        Folder = Directory.CreateTempSubdirectory("slipway-usecase-").FullName;
        _database = SlipwayDatabase.Open(Path.Combine(Folder, "data"), time);
        Store = new SqliteUseCaseStore(_database);
    }

    public string Folder { get; }

    public IUseCaseStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

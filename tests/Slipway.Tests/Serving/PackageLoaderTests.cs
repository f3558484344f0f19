using Slipway.Core;
using Slipway.Models.Packages;
using Slipway.Models.Trees;
using Slipway.Serving;
using Slipway.Tests.Storage;

namespace Slipway.Tests.Serving;

public sealed class PackageLoaderTests : IDisposable
{
    private readonly SqliteStores _stores = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-package-");
    private readonly PackageLoader _loader;

    public PackageLoaderTests()
    {
        _loader = new PackageLoader(_stores.Artifacts, new RuntimeCatalog(new TreesRuntime()));
        File.WriteAllText(Path.Combine(_folder.FullName, "model.json"), SyntheticTrees.Json(trees: 3, depth: 3, features: 4, seed: 1));
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _stores.Dispose();
    }

    [Fact]
    public async Task A_version_whose_recorded_rows_replay_is_loaded()
    {
        Record(error: 0);
        using var model = _loader.Load(await RegisterAsync(), default);
        Assert.Equal([-1L, 4], model.Signature.Inputs[0].Shape);
    }

    [Fact]
    public async Task A_version_whose_recorded_rows_do_not_replay_is_refused()
    {
        Record(error: 0.01f);
        var version = await RegisterAsync();
        var error = Assert.Throws<ModelException>(() => _loader.Load(version, default));
        Assert.Contains("m/1: its recorded rows do not replay on this machine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_changed_in_the_store_is_refused()
    {
        var version = await RegisterAsync();
        var stored = Directory.GetFiles(_stores.DataFolder, version.Files[0].Sha256 + "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(_stores.DataFolder, version.Files[0].Sha256[2..] + "*", SearchOption.AllDirectories)).First();
        File.SetAttributes(stored, FileAttributes.Normal);
        var bytes = File.ReadAllBytes(stored);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(stored, bytes);
        Assert.Throws<ModelException>(() => _loader.Load(version, default));
    }

    /// <summary>Records rows with the model's own answers, moved by <paramref name="error"/>.</summary>
    private void Record(float error)
    {
        using var model = ModelPackage.Open(_folder.FullName, new RuntimeCatalog(new TreesRuntime())).Load();
        using var inputs = new Batch(Tensor.Of<float>("input", [.. Enumerable.Range(0, 40).Select(i => i % 7 / 7f)], 10, 4));
        using var outputs = model.Run(inputs);
        foreach (ref var value in outputs[0].Values<float>()) value += error;
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "recorded"));
        using var file = File.Create(Path.Combine(_folder.FullName, "recorded", "rows.json"));
        RecordedRows.Write(file, inputs, outputs);
    }

    private async Task<ModelVersion> RegisterAsync()
    {
        var package = ModelPackage.Open(_folder.FullName, new RuntimeCatalog(new TreesRuntime()));
        var files = new List<PackageFile>();
        foreach (var (path, _) in package.Files)
        {
            await using var content = File.OpenRead(Path.Combine(_folder.FullName, path));
            var (sha, size) = await _stores.Artifacts.PutAsync(content, default);
            files.Add(new PackageFile(path, sha, size));
        }
        var description = package.Describe();
        return _stores.Registry.Add(new NewVersion("m", description.Runtime, description.Format, description.Signature!, [.. files], new Lineage(), ParityReport.Nothing, "test"));
    }
}

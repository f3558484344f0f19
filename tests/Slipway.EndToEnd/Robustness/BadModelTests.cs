using Slipway.App.Control;
using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Packages;

namespace Slipway.EndToEnd.Robustness;

/// <summary>Damaged model files against a real data folder: each is refused with a clear error, or is a model that really passes; nothing is registered half-way.</summary>
public sealed class BadModelTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 2000;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public Task Model_file_cut_at_every_hundredth_is_refused() => PushAllAsync("model.json", Damage.Truncations, mayPass: false);

    [Fact]
    public Task Model_file_with_flipped_bytes_is_refused_or_passes_parity() => PushAllAsync("model.json", whole => Damage.Flips(whole, Seed, 2000), mayPass: true);

    [Theory, InlineData("model.yaml"), InlineData("recorded/holdout.json"), InlineData("reference.json")]
    public Task Other_package_file_that_is_damaged_is_refused_or_harmless(string file) =>
        PushAllAsync(file, whole => Damage.Truncations(whole).Concat(Damage.Edits(whole, Seed, 100)), mayPass: true);

    [Theory, InlineData("binary-logistic.ubj"), InlineData("dart.ubj"), InlineData("categorical-partition.ubj")]
    public async Task Binary_model_file_that_is_cut_is_refused(string file)
    {
        var whole = await File.ReadAllBytesAsync(Repository.PathOf("tests", "Slipway.Tests", "Models", "XGBoost", "golden", file));
        using var data = DataFolder.Open(_folder["data"], TimeProvider.System);
        var registrar = new Registrar(data.Registry, data.Artifacts, Runtimes.Default);
        foreach (var damaged in Damage.Truncations(whole))
        {
            await File.WriteAllBytesAsync(_folder[file], damaged);
            await Assert.ThrowsAsync<ModelException>(() => registrar.PushAsync("damaged", _folder[file], "champion", "test", null, null, CancellationToken.None));
        }
        Assert.Empty(data.Registry.Snapshot().Versions);
    }

    private async Task PushAllAsync(string file, Func<byte[], IEnumerable<byte[]>> damage, bool mayPass)
    {
        var package = _folder.CopyOf(Repository.Package("machine-failure"), "package");
        var target = Path.Combine(package, file);
        var whole = await File.ReadAllBytesAsync(target);
        using var data = DataFolder.Open(_folder["data"], TimeProvider.System);
        var registrar = new Registrar(data.Registry, data.Artifacts, Runtimes.Default);
        var (refused, digests) = (0, new HashSet<string>());
        foreach (var damaged in damage(whole))
        {
            await File.WriteAllBytesAsync(target, damaged);
            var before = data.Registry.ChangeCounter();
            try
            {
                var version = await registrar.PushAsync("damaged", package, "champion", "test", null, null, CancellationToken.None);
                Assert.True(mayPass, "a damaged model was registered");
                Assert.True(version.Parity is { Passed: true }, $"{version} is registered though its recorded rows do not come out");
                digests.Add(version.Digest);
            }
            catch (SlipwayException e) when (e is ModelException or SpecException)
            {
                Assert.NotEmpty(e.Message);
                Assert.Equal(before, data.Registry.ChangeCounter());
                refused++;
            }
        }
        AssertWhole(data, digests);
        Assert.NotEqual(0, refused);
        output.WriteLine($"{file}: {refused} refused, {digests.Count} passed their {200} recorded rows");
    }

    /// <summary>Every version that is registered can be taken out of the store again, loads, and answers as recorded.</summary>
    private static void AssertWhole(DataFolder data, HashSet<string> digests)
    {
        var versions = data.Registry.Snapshot().Versions;
        Assert.Equal(digests.Order(), versions.Select(v => v.Digest).Order());
        Assert.All(versions, version =>
        {
            var package = ModelPackage.Open(data.Artifacts.Materialize(version), Runtimes.Default);
            using var model = package.Load();
            Assert.True(package.Verify(model).Passed);
        });
    }

    public void Dispose() => _folder.Dispose();
}

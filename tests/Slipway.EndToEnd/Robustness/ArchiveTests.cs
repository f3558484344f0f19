using System.IO.Compression;
using Slipway.App.Control;
using Slipway.Core;

namespace Slipway.EndToEnd.Robustness;

/// <summary>Hostile archives at the unpacker itself.</summary>
public sealed class ArchiveTests : IDisposable
{
    private const long Limit = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Bomb_is_refused_before_it_fills_the_disk()
    {
        await Assert.ThrowsAsync<ModelException>(() => ExtractAsync(Zip(entries: 1, ("model.json", new byte[100 << 20]))));
        Assert.InRange(Written(), 0, Limit);
    }

    [Fact]
    public async Task Many_small_files_are_counted_together()
    {
        await Assert.ThrowsAsync<ModelException>(() => ExtractAsync(Zip(entries: 64, ("part", new byte[64 << 10]))));
        Assert.InRange(Written(), 0, Limit);
    }

    [Theory, InlineData("../outside.json"), InlineData("a/../../outside.json"), InlineData("/outside.json"), InlineData("..")]
    public async Task Entry_that_points_outside_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<ModelException>(() => ExtractAsync(Zip(entries: 1, (name, [1]))));
        Assert.Contains(name, error.Message);
        Assert.False(File.Exists(_folder["outside.json"]) || File.Exists("/outside.json"));
    }

    [Fact]
    public async Task Archive_of_too_many_files_is_refused()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i <= 10_000; i++) zip.CreateEntry($"{i}");
        }
        await Assert.ThrowsAsync<ModelException>(() => ExtractAsync(stream.ToArray()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["package"]));
    }

    [Fact]
    public async Task Damaged_archive_is_refused_or_unpacks_within_its_folder()
    {
        var whole = Zip(entries: 3, ("model.json", File.ReadAllBytes(Path.Combine(Repository.Package("delivery-time"), "model.json"))));
        foreach (var damaged in Damage.Truncations(whole))
        {
            await Assert.ThrowsAsync<ModelException>(() => ExtractAsync(damaged));
        }
        foreach (var damaged in Damage.Flips(whole, seed: 1, count: 500))
        {
            try
            {
                await ExtractAsync(damaged);
            }
            catch (ModelException)
            {
                // Refused, as most are; the others hit a name, a date or nothing that is checked.
            }
        }
        Assert.Equal(["package"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private async Task ExtractAsync(byte[] archive)
    {
        if (Directory.Exists(_folder["package"])) Directory.Delete(_folder["package"], recursive: true);
        Directory.CreateDirectory(_folder["package"]);
        using var stream = new MemoryStream(archive);
        await PackageArchive.ExtractAsync(stream, _folder["package"], Limit, CancellationToken.None);
    }

    private long Written() => Directory.EnumerateFiles(_folder["package"], "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    /// <summary>The entry, again and again under a new name when there is to be more than one.</summary>
    private static byte[] Zip(int entries, (string Name, byte[] Content) entry)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < entries; i++)
            {
                using var content = zip.CreateEntry(i == 0 ? entry.Name : $"{i}/{entry.Name}", CompressionLevel.Fastest).Open();
                content.Write(entry.Content);
            }
        }
        return stream.ToArray();
    }
}

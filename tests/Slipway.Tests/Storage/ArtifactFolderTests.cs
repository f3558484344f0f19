using System.Text;
using Slipway.Core;
using Slipway.Storage;

namespace Slipway.Tests.Storage;

public class ArtifactFolderTests
{
    [Fact]
    public async Task Artifact_is_a_read_only_file_under_its_digest()
    {
        using var stores = new SqliteStores();
        var (sha256, _) = await stores.Artifacts.PutAsync(new MemoryStream("abc"u8.ToArray()), default);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256);
        var path = PathOf(stores, sha256);
        Assert.Equal("abc", await File.ReadAllTextAsync(path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Assert.Empty(Directory.GetFileSystemEntries(Assert.Single(Directory.GetDirectories(Path.Combine(stores.DataFolder, "spool")))));
    }

    [Fact]
    public async Task Byte_that_flipped_on_the_disk_is_an_error_that_names_the_file_and_pushing_again_repairs()
    {
        using var stores = new SqliteStores();
        var version = stores.Registry.Add(await RegistryTests.PackageAsync(stores, "content"));
        stores.Artifacts.Materialize(version);
        var path = PathOf(stores, version.Files[0].Sha256);
        Writable(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = 3;
            file.WriteByte((byte)'?');
        }
        var e = Assert.Throws<ModelException>(() => stores.Artifacts.Materialize(version));
        Assert.Contains("bike/1", e.Message, StringComparison.Ordinal);
        Assert.Contains("'model/model.json' has changed on the disk", e.Message, StringComparison.Ordinal);

        await RegistryTests.PackageAsync(stores, "content");
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(stores.Artifacts.Materialize(version), "model", "model.json")));
    }

    [Fact]
    public async Task File_that_is_absent_or_cut_is_an_error_that_names_it()
    {
        using var stores = new SqliteStores();
        var version = stores.Registry.Add(await RegistryTests.PackageAsync(stores, "content"));
        var path = PathOf(stores, version.Files[0].Sha256);
        Writable(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write)) file.SetLength(4);
        Assert.Contains("'model/model.json' has 4 bytes on the disk, 7 were registered", Assert.Throws<ModelException>(() => stores.Artifacts.Materialize(version)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("'model/model.json' is absent", Assert.Throws<ModelException>(() => stores.Artifacts.Materialize(version)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_shares_its_bytes_with_the_artifacts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads hard links with Linux's stat");
        using var stores = new SqliteStores();
        var version = stores.Registry.Add(await RegistryTests.PackageAsync(stores, "content"));
        var file = Path.Combine(stores.Artifacts.Materialize(version), "model", "model.json");
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%h", file]) { RedirectStandardOutput = true })!;
        Assert.Equal("2", (await stat.StandardOutput.ReadToEndAsync()).Trim());
    }

    [Fact]
    public void Opening_sweeps_what_the_dead_left_and_nothing_of_the_living()
    {
        using var living = new SqliteStores();
        var spool = Path.Combine(living.DataFolder, "spool");
        var ofLiving = Directory.GetFileSystemEntries(spool);
        var dead = Path.Combine(spool, "0123456789abcdef0123456789abcdef");
        Directory.CreateDirectory(Path.Combine(dead, "package"));
        File.WriteAllText(Path.Combine(dead, "package", "half"), "half");
        File.WriteAllText(dead + ".lock", "");

        using var other = new ArtifactFolder(living.DataFolder);
        Assert.False(Directory.Exists(dead));
        Assert.False(File.Exists(dead + ".lock"));
        Assert.All(ofLiving, entry => Assert.True(Path.Exists(entry)));
    }

    [Fact]
    public async Task Put_survives_another_user_who_opens_the_folder_meanwhile()
    {
        using var stores = new SqliteStores();
        var gate = new TaskCompletionSource();
        var put = stores.Artifacts.PutAsync(new GatedStream(gate.Task), default);
        using (new ArtifactFolder(stores.DataFolder)) gate.SetResult();
        var (sha256, size) = await put;
        Assert.Equal(5, size);
        Assert.True(stores.Artifacts.Contains(sha256));
    }

    [Fact]
    public async Task Lease_is_held_until_it_is_let_go_and_never_given_twice()
    {
        using var folder = new TemporaryFolder();
        using (var other = Lease.Take(folder.Path))
        {
            var lease = Lease.Take(folder.Path);
            Assert.True(other.IsHeld(lease.Id));
            lease.Dispose();
            Assert.False(other.IsHeld(lease.Id));
        }
        Assert.Empty(Directory.GetFiles(folder.Path));

        // Takers and sweepers at once: a sweep never takes a lease that was given.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var mine = Lease.Take(folder.Path);
                Lease.Sweep(folder.Path, id => Assert.NotEqual(mine.Id, id));
                Assert.True(File.Exists(Path.Combine(folder.Path, mine.Id + ".lock")));
            }
        })));
    }

    private static string PathOf(SqliteStores stores, string sha256) => Path.Combine(stores.DataFolder, "artifacts", "sha256", sha256[..2], sha256[2..]);

    private static void Writable(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Gives "hello", the second half after the gate opened.</summary>
    private sealed class GatedStream(Task gate) : MemoryStream(Encoding.UTF8.GetBytes("hello"))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == 2) await gate;
            return Read(buffer.Span[..Math.Min(2, buffer.Length)]);
        }
    }
}

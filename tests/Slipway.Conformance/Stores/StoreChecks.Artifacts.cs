using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Conformance;

public static partial class StoreChecks
{
    public static IReadOnlyList<StoreCheck> Artifacts =>
    [
        new("artifacts: content comes back under its SHA-256, also after a restart", async stores =>
        {
            var random = new Random(20261120);
            foreach (var size in (int[])[0, 1, 63, 4096, 131_072, 131_073, 1_000_000])
            {
                var content = new byte[size];
                random.NextBytes(content);
                var (sha256, length) = await stores.Artifacts.PutAsync(new SlowStream(content), default);
                ExpectEqual(Convert.ToHexStringLower(SHA256.HashData(content)), sha256, "SHA-256");
                ExpectEqual(size, length, "size");
                stores.Reopen();
                Expect(stores.Artifacts.Contains(sha256), "the artifact is there");
                using var stream = stores.Artifacts.OpenRead(sha256);
                using var copy = new MemoryStream();
                await stream.CopyToAsync(copy);
                Expect(copy.ToArray().AsSpan().SequenceEqual(content), "the content is the same");
            }
        }),
        new("artifacts: what is not there is said", stores =>
        {
            foreach (var sha256 in (string[])[new string('0', 64), new string('A', 64), "", "abc", "../../slipway.db", new string('.', 64), new string('/', 64)])
            {
                Expect(!stores.Artifacts.Contains(sha256), $"'{sha256}' is not there");
                ExpectThrows<NotFoundException>(() => stores.Artifacts.OpenRead(sha256).Dispose(), $"opening '{sha256}'");
            }
        }),
        new("artifacts: the same content from many at once is stored once and whole", async stores =>
        {
            var content = Encoding.UTF8.GetBytes(new string('x', 300_000));
            var puts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await stores.Artifacts.PutAsync(new MemoryStream(content), default))));
            ExpectEqual(1, puts.Distinct().Count(), "distinct answers");
            using var stream = stores.Artifacts.OpenRead(puts[0].Sha256);
            ExpectEqual(puts[0].Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)), "SHA-256 of what is stored");
        }),
        new("artifacts: a stream that breaks leaves nothing", async stores =>
        {
            var content = Encoding.UTF8.GetBytes("the whole content");
            try
            {
                await stores.Artifacts.PutAsync(new SlowStream(content, breakAt: 9), default);
                throw new ConformanceException("expected: the stream's own exception");
            }
            catch (EndOfStreamException)
            {
            }
            foreach (var part in (byte[][])[content, content[..9]])
            {
                Expect(!stores.Artifacts.Contains(Convert.ToHexStringLower(SHA256.HashData(part))), "nothing is stored");
            }
        }),
        new("artifacts: a put that is called off leaves nothing", async stores =>
        {
            using var cancellation = new CancellationTokenSource();
            cancellation.Cancel();
            try
            {
                await stores.Artifacts.PutAsync(new MemoryStream([1, 2, 3]), cancellation.Token);
                throw new ConformanceException("expected: OperationCanceledException");
            }
            catch (OperationCanceledException)
            {
            }
            Expect(!stores.Artifacts.Contains(Convert.ToHexStringLower(SHA256.HashData((byte[])[1, 2, 3]))), "nothing is stored");
        }),
        new("artifacts: a package is a folder with its files under their names", async stores =>
        {
            var version = stores.Registry.Add(await PackageAsync(stores, "bike", "content"));
            var folder = stores.Artifacts.Materialize(version);
            ExpectSequence(
                ["model.json", "rows/inputs.csv"],
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal), "files");
            ExpectEqual("content", await File.ReadAllTextAsync(Path.Combine(folder, "model.json")), "content");
            stores.Reopen();
            ExpectEqual("content", await File.ReadAllTextAsync(Path.Combine(stores.Artifacts.Materialize(version), "model.json")), "content after a restart");
        }),
        new("artifacts: many who materialize at once all get the whole package", async stores =>
        {
            var version = stores.Registry.Add(await PackageAsync(stores, "bike", new string('c', 200_000)));
            var folders = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() =>
            {
                var folder = stores.Artifacts.Materialize(version);
                return (folder, length: new FileInfo(Path.Combine(folder, "model.json")).Length);
            })));
            Expect(folders.All(f => f.length == 200_000), "every folder is whole");
        }),
        new("artifacts: a folder somebody changed is never given out", async stores =>
        {
            var version = stores.Registry.Add(await PackageAsync(stores, "bike", "content"));
            foreach (var damage in (Action<string>[])[Flip, file => File.AppendAllText(file, "x"), File.Delete, file => File.WriteAllText(file + ".extra", "x")])
            {
                var file = Path.Combine(stores.Artifacts.Materialize(version), "model.json");
                Unlock(file);
                damage(file);
                try
                {
                    var folder = stores.Artifacts.Materialize(version);
                    ExpectEqual("content", await File.ReadAllTextAsync(Path.Combine(folder, "model.json")), "content");
                    ExpectEqual(2, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length, "files");
                }
                catch (ModelException e)
                {
                    Expect(e.Message.Contains("model.json", StringComparison.Ordinal), $"the message names the file: {e.Message}");
                }
                // Pushing the same content again repairs.
                await PackageAsync(stores, "bike", "content");
                ExpectEqual("content", await File.ReadAllTextAsync(Path.Combine(stores.Artifacts.Materialize(version), "model.json")), "content after the repair");
            }
        }),
        new("artifacts: a version that is not what was registered is refused", async stores =>
        {
            var version = stores.Registry.Add(await PackageAsync(stores, "bike", "content"));
            foreach (var path in HostilePaths)
            {
                ExpectThrows<ModelException>(() => stores.Artifacts.Materialize(version with { Files = [version.Files[0] with { Path = path }] }), $"the path '{path}'");
            }
            ExpectThrows<ModelException>(() => stores.Artifacts.Materialize(version with { Digest = "../../x" }), "a digest that is none");
            ExpectThrows<ModelException>(() => stores.Artifacts.Materialize(version with { Files = [version.Files[0]] }), "a file less");
        }),
    ];

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Write(bytes);
    }

    private static void Unlock(string file)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Gives its content in small, uneven pieces, as a network does, and can break on the way.</summary>
    private sealed class SlowStream(byte[] content, int breakAt = int.MaxValue) : Stream
    {
        private int position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (position >= breakAt) throw new EndOfStreamException("the other side went away");
            var count = Math.Min(Math.Min(buffer.Length, (position % 7001) + 1), Math.Min(content.Length, breakAt) - position);
            content.AsSpan(position, count).CopyTo(buffer);
            position += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

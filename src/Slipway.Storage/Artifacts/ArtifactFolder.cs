using System.Buffers;
using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>
/// The artifact store in the data folder: a file with SHA-256 <c>abcdef…</c> is <c>artifacts/sha256/ab/cdef…</c>, read-only.
/// A file is written in <c>spool/</c>, flushed, renamed to its place, and its folder flushed, in this order: what is visible is whole and durable.
/// </summary>
public sealed class ArtifactFolder : IArtifactStore, IDisposable
{
    private readonly string root;
    private readonly Spool spool;
    private readonly PackageFolder packages;

    /// <summary>Opens the store, and sweeps what processes that died left in the spool.</summary>
    /// <exception cref="SlipwayException">The folder cannot be written to.</exception>
    public ArtifactFolder(string dataFolder)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        root = Path.Combine(dataFolder, "artifacts", "sha256");
        try
        {
            Directory.CreateDirectory(root);
            DirectorySync.Flush(Path.Combine(dataFolder, "artifacts"));
            DirectorySync.Flush(dataFolder);
            spool = new Spool(Path.Combine(dataFolder, "spool"));
            packages = new PackageFolder(Path.Combine(dataFolder, "packages"), spool, PathOf);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException($"{dataFolder}: cannot be used as a data folder: {e.Message}", e);
        }
    }

    public async ValueTask<(string Sha256, long Size)> PutAsync(Stream content, CancellationToken cancellation)
    {
        var unfinished = spool.NewPath();
        try
        {
            var (sha256, size) = await WriteAsync(content, unfinished, cancellation);
            Publish(unfinished, sha256);
            return (sha256, size);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public bool Contains(string sha256) => Sha256File.IsDigest(sha256) && File.Exists(PathOf(sha256));

    public Stream OpenRead(string sha256)
    {
        if (Sha256File.IsDigest(sha256))
        {
            try
            {
                return new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, Sha256File.BufferSize, FileOptions.SequentialScan);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
            }
        }
        throw new NotFoundException($"no artifact has the SHA-256 '{sha256}'");
    }

    public string Materialize(ModelVersion version) => packages.Materialize(version);

    public void Dispose() => spool.Dispose();

    private static async ValueTask<(string Sha256, long Size)> WriteAsync(Stream content, string path, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var buffer = ArrayPool<byte>.Shared.Rent(Sha256File.BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = new FileStream(path, options);
            long size = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                size += read;
            }
            file.Flush(flushToDisk: true);
            return (Sha256File.Finish(hash), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Publish(string finished, string sha256)
    {
        var path = PathOf(sha256);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        // Content that is there already stays, with the hard links to it; a damaged file is replaced.
        if (!File.Exists(path) || Sha256File.Compute(path) != sha256) File.Move(finished, path, overwrite: true);
        DirectorySync.Flush(folder);
        DirectorySync.Flush(root);
    }

    private string PathOf(string sha256) => Path.Combine(root, sha256[..2], sha256[2..]);
}

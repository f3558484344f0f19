using System.IO.Compression;
using Slipway.Core;

namespace Slipway.App.Control;

/// <summary>A package on its way over HTTP: a zip of its files.</summary>
public static class PackageArchive
{
    private const int MaxFiles = 10_000;

    /// <summary>Zips a package folder, or a bare model file as the archive's only entry.</summary>
    public static void Write(string path, Stream destination)
    {
        using var zip = new ZipArchive(destination, ZipArchiveMode.Create, leaveOpen: true);
        var bare = File.Exists(path);
        if (!bare && !Directory.Exists(path)) throw new ModelException($"{path}: there is no such file or folder");
        var root = bare ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        IEnumerable<string> files = bare ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            zip.CreateEntryFromFile(file, Path.GetRelativePath(root, file).Replace('\\', '/'), CompressionLevel.Fastest);
        }
    }

    /// <summary>Unpacks into an empty folder. Entries that point outside it, too many files or too many bytes are refused.</summary>
    /// <exception cref="ModelException">The archive is damaged or goes beyond the limits.</exception>
    public static async Task ExtractAsync(Stream source, string folder, long maxBytes, CancellationToken cancellation)
    {
        try
        {
            await using var zip = await ZipArchive.CreateAsync(source, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
            if (zip.Entries.Count > MaxFiles) throw new ModelException($"the archive has {zip.Entries.Count} files; a package has at most {MaxFiles}");
            var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
            var left = maxBytes;
            foreach (var entry in zip.Entries)
            {
                var path = Path.GetFullPath(Path.Combine(root, entry.FullName));
                if (!path.StartsWith(root, StringComparison.Ordinal)) throw new ModelException($"the archive's entry '{entry.FullName}' points outside the package");
                if (entry.FullName.EndsWith('/')) continue;
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await using var content = await entry.OpenAsync(cancellation);
                await using var file = new FileStream(path, FileMode.CreateNew);
                left -= await CopyAsync(content, file, left, cancellation);
            }
        }
        catch (InvalidDataException e)
        {
            throw new ModelException($"the package archive is damaged: {e.Message}", e);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            throw new ModelException($"the package archive cannot be unpacked: {e.Message}", e);
        }
    }

    private static async Task<long> CopyAsync(Stream source, Stream destination, long limit, CancellationToken cancellation)
    {
        var buffer = new byte[81_920];
        long copied = 0;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
        {
            copied += read;
            if (copied > limit) throw new ModelException("the package is larger than this server takes");
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        return copied;
    }
}

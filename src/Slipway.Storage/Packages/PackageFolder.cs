using Slipway.Core;

namespace Slipway.Storage;

/// <summary>
/// Packages as folders: <c>packages/DIGEST/</c> holds hard links to a version's artifacts under the package's own names.
/// A folder appears whole or not at all; its content is checked at every call, and rebuilt from the artifacts when it is not what it should be.
/// </summary>
internal sealed class PackageFolder(string root, Spool spool, Func<string, string> artifact)
{
    private readonly Lock publishing = new();

    /// <exception cref="ModelException">An artifact is absent or damaged; the message names the file.</exception>
    public string Materialize(ModelVersion version)
    {
        PackagePath.Require(version.ToString(), version.Files);
        if (PackageDigest.Of(version.Files) != version.Digest)
        {
            throw new ModelException($"{version}: its list of files does not have its digest {version.Digest}; the registry's entry is not the one that was written");
        }
        var folder = Path.Combine(root, version.Digest);
        if (IsIntact(folder, version)) return folder;

        var built = Build(version);
        try
        {
            lock (publishing)
            {
                Directory.CreateDirectory(root);
                // Another thread or process may have been quicker: what it built serves as well.
                if (!IsIntact(folder, version))
                {
                    if (Directory.Exists(folder)) Directory.Move(folder, spool.NewPath());
                    Move(built, folder, version);
                }
            }
        }
        finally
        {
            if (Directory.Exists(built)) Directory.Delete(built, recursive: true);
        }
        return folder;
    }

    private static void Move(string built, string folder, ModelVersion version)
    {
        try
        {
            Directory.Move(built, folder);
        }
        catch (IOException) when (IsIntact(folder, version))
        {
        }
    }

    private static bool IsIntact(string folder, ModelVersion version)
    {
        if (!Directory.Exists(folder)) return false;
        foreach (var file in version.Files)
        {
            if (Problem(Below(folder, file), file) is not null) return false;
        }
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() == version.Files.Length;
    }

    private string Build(ModelVersion version)
    {
        var folder = spool.NewPath();
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in version.Files)
            {
                var source = artifact(file.Sha256);
                if (Problem(source, file) is { } problem)
                {
                    throw new ModelException($"{version}: '{file.Path}' {problem} (artifact {file.Sha256}); push the same files again to repair it");
                }
                var path = Below(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                HardLink.CreateOrCopy(source, path);
            }
            return folder;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static string Below(string folder, PackageFile file) => Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));

    private static string? Problem(string path, PackageFile file)
    {
        try
        {
            var size = new FileInfo(path).Length;
            if (size != file.Size) return $"has {size} bytes on the disk, {file.Size} were registered";
            var sha256 = Sha256File.Compute(path);
            return sha256 == file.Sha256 ? null : $"has changed on the disk: its SHA-256 is {sha256}, {file.Sha256} was registered";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "is absent from the disk";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }
}

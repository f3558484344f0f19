using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>The files of a package folder, by paths inside it: forward slashes, ordinal order, the same list on every machine.</summary>
public static class PackageFiles
{
    /// <summary>The most files and folders one package may have.</summary>
    public const int MaxCount = 10_000;

    private const int MaxDepth = 32;

    /// <summary>Lists every file below <paramref name="folder"/>, a link to a file inside it as that file.</summary>
    /// <exception cref="ModelException">There are too many files, a link leads to a folder or out of the package, or a name cannot travel between machines.</exception>
    public static ImmutableArray<(string Path, long Size)> List(string folder)
    {
        var root = RealPath.Of(folder);
        var files = ImmutableArray.CreateBuilder<(string Path, long Size)>();
        var folders = new Stack<(DirectoryInfo Folder, string Prefix, int Depth)>([(new DirectoryInfo(root), "", 0)]);
        var seen = 0;
        var everything = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        while (folders.TryPop(out var current))
        {
            foreach (var entry in Entries(current.Folder, everything))
            {
                if (++seen > MaxCount) throw new ModelException($"{folder}: more than {MaxCount} files and folders; a package holds one model");
                var path = current.Prefix + entry.Name;
                if (FaultOf(entry.Name) is { } fault) throw new ModelException($"{folder}: {path}: {fault}");
                if (entry.LinkTarget is not null) files.Add((path, SizeOfLinked(root, entry, path)));
                else if (entry is FileInfo file) files.Add((path, file.Length));
                else if (current.Depth == MaxDepth) throw new ModelException($"{folder}: {path}: folders are nested more than {MaxDepth} deep");
                else folders.Push(((DirectoryInfo)entry, path + "/", current.Depth + 1));
            }
        }
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files.DrainToImmutable();
    }

    /// <summary>Why <paramref name="path"/> is not a path inside a package (relative, forward slashes, no <c>..</c>); null when it is.</summary>
    public static string? PathFault(string path)
    {
        if (path.Length == 0) return "the path is empty";
        if (path[0] == '/' || Path.IsPathRooted(path)) return $"'{path}' is an absolute path; paths in a package are relative to its folder";
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or "..") return $"'{path}' is not a plain path inside the package: no '..', '.' or empty steps";
            if (FaultOf(part) is { } fault) return fault;
        }
        return null;
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder, EnumerationOptions options)
    {
        try
        {
            return folder.GetFileSystemInfos("*", options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{folder.FullName}: cannot be read: {e.Message}", e);
        }
    }

    private static long SizeOfLinked(string root, FileSystemInfo link, string path)
    {
        var target = RealPath.Of(link.FullName);
        if (!RealPath.IsInside(target, root)) throw new ModelException($"{path} is a link out of the package, to {link.LinkTarget}: put a copy of the file in its place");
        var file = new FileInfo(target);
        if (!file.Exists) throw new ModelException($"{path} is a link to {link.LinkTarget}, which is not a file in the package: put a copy in its place");
        return file.Length;
    }

    private static string? FaultOf(string name)
    {
        foreach (var c in name)
        {
            if (char.IsControl(c) || c is '\\' or ':') return $"the name '{name}' has a character that not every machine allows: no '\\', ':' or control characters";
        }
        return null;
    }
}

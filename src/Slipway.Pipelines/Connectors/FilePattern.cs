using System.IO.Enumeration;
using Slipway.Core;

namespace Slipway.Pipelines.Connectors;

/// <summary>A file a source may read.</summary>
/// <param name="Name">As the pattern gives it, relative to the use case's folder, with forward slashes: what positions remember.</param>
internal readonly record struct DataFile(string Name, string Path, long Length, DateTime Modified);

/// <summary>
/// Files by a pattern such as <c>data/2026-*/hourly-?.csv</c>: <c>*</c> and <c>?</c> within a name, <c>**</c> for folders at any depth.
/// Names that start with a dot are passed over unless the pattern spells the dot.
/// </summary>
internal sealed class FilePattern(string folder, string pattern)
{
    private const int MaxFiles = 100_000;

    private readonly string[] _segments = pattern.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
    private readonly bool _rooted = Path.IsPathRooted(pattern);

    /// <summary>The files that are there now, by name in ordinal order.</summary>
    /// <exception cref="SlipwayException">A folder may not be read, or there are more files than a source can follow.</exception>
    public List<DataFile> List()
    {
        var files = new List<DataFile>();
        try
        {
            Walk(_rooted ? Path.GetPathRoot(Path.GetFullPath(pattern))! : folder, _rooted ? "/" : "", 0, files);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SlipwayException($"'{pattern}': {e.Message}", e);
        }
        files.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    private void Walk(string directory, string name, int depth, List<DataFile> files)
    {
        var segment = _segments[depth];
        var last = depth == _segments.Length - 1;
        if (segment == "**" && !last)
        {
            Walk(directory, name, depth + 1, files);
            foreach (var child in Entries<DirectoryInfo>(directory, "*"))
            {
                if (child.LinkTarget is null) Walk(child.FullName, $"{name}{child.Name}/", depth, files);
            }
        }
        else if (!segment.AsSpan().ContainsAny('*', '?'))
        {
            var path = Path.Combine(directory, segment);
            if (!last) Walk(path, $"{name}{segment}/", depth + 1, files);
            else if (File.Exists(path)) Add(new FileInfo(path), name + segment, files);
        }
        else if (last)
        {
            foreach (var file in Entries<FileInfo>(directory, segment)) Add(file, name + file.Name, files);
        }
        else
        {
            foreach (var child in Entries<DirectoryInfo>(directory, segment)) Walk(child.FullName, $"{name}{child.Name}/", depth + 1, files);
        }
    }

    private void Add(FileInfo file, string name, List<DataFile> files)
    {
        if (files.Count == MaxFiles) throw new SlipwayException($"'{pattern}' matches more than {MaxFiles} files; narrow the pattern or move files away that are done");
        try
        {
            // Of a link, what it leads to is of interest.
            if (file.LinkTarget is not null) file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            files.Add(new DataFile(name, file.FullName, file.Length, file.LastWriteTimeUtc));
        }
        catch (IOException)
        {
            // Deleted between listing and looking, or a link that leads nowhere: as if it had not been there.
        }
    }

    private static IEnumerable<T> Entries<T>(string directory, string segment) where T : FileSystemInfo
    {
        if (!Directory.Exists(directory)) return [];
        return new DirectoryInfo(directory).EnumerateFileSystemInfos("*", SearchOption.TopDirectoryOnly).OfType<T>()
            .Where(e => FileSystemName.MatchesSimpleExpression(segment, e.Name, ignoreCase: false) && (e.Name[0] != '.' || segment[0] == '.'));
    }
}

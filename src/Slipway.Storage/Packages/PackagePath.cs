using System.Collections.Immutable;
using System.Text;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>What a path inside a package may be: it names a file below the package's folder, on every system, and nothing else.</summary>
internal static class PackagePath
{
    private const int MaxFiles = 10_000;
    private const int MaxLength = 1000;
    private const int MaxSegmentBytes = 255;

    /// <exception cref="ModelException">No files, a path or digest that is none, or two files where one could be.</exception>
    public static void Require(string model, ImmutableArray<PackageFile> files)
    {
        if (files.IsDefaultOrEmpty) throw new ModelException($"{model}: a package has at least one file, this one has none");
        if (files.Length > MaxFiles) throw new ModelException($"{model}: a package has at most {MaxFiles} files, this one has {files.Length}");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            if (Problem(file.Path) is { } problem) throw new ModelException($"{model}: the package path '{Printable(file.Path)}' {problem}");
            if (!Sha256File.IsDigest(file.Sha256)) throw new ModelException($"{model}: '{file.Path}': '{Printable(file.Sha256)}' is not a SHA-256 in lower-case hexadecimal");
            if (file.Size < 0) throw new ModelException($"{model}: '{file.Path}': {file.Size} is not a size");
            if (!seen.Add(file.Path)) throw new ModelException($"{model}: the package has '{file.Path}' twice (upper and lower case count as the same)");
        }
        foreach (var file in files)
        {
            for (var slash = file.Path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = file.Path.IndexOf('/', slash + 1))
            {
                if (seen.Contains(file.Path[..slash])) throw new ModelException($"{model}: the package has '{file.Path[..slash]}' both as a file and as a folder");
            }
        }
    }

    private static string? Problem(string path)
    {
        if (string.IsNullOrEmpty(path)) return "is empty";
        if (path.Length > MaxLength) return $"is longer than {MaxLength} characters";
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (char.IsHighSurrogate(c) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1])) i++;
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\\' or ':') return $"has the character U+{(int)c:X4}, which not every system takes";
        }
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (segment.IsEmpty) return "has an empty part; write folder/file, without a slash at either end";
            if (segment is "." or "..") return "leaves the package; write folder/file, without '.' and '..'";
            if (segment[^1] is '.' or ' ') return "has a part that ends in a dot or a space, which not every system takes";
            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes) return $"has a part longer than {MaxSegmentBytes} bytes";
        }
        return null;
    }

    private static string Printable(string? text) =>
        text is null ? "" : string.Concat(text.Take(100).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}

using System.Text.Json;

namespace Slipway.Conformance.Trees;

/// <summary>A model with rows and what its owner expects of them.</summary>
/// <param name="Folder">Holds the files; none outside it is read.</param>
/// <param name="Expected">What the manifest says of the expectation, for cases that have none.</param>
/// <param name="Description">The folder's <c>case.json</c>; null when it has none.</param>
internal sealed record TreesCase(string Id, string Folder, string Expected, JsonElement? Description);

/// <summary>Reads <c>manifest.tsv</c>: a header, then one case per line, of which the columns id, local and expected are used.</summary>
internal static class TreesManifest
{
    /// <summary>The cases, in the order of the file.</summary>
    /// <exception cref="ConformanceException">The manifest, or the folder of a case, is absent or malformed.</exception>
    public static IReadOnlyList<TreesCase> Read(string folder)
    {
        var path = Path.Combine(folder, "manifest.tsv");
        if (!File.Exists(path)) throw new ConformanceException($"{path} does not exist: the folder holds no suite");
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0) throw new ConformanceException($"{path} is empty, a header was expected");
        var header = lines[0].Split('\t');
        var cases = new List<TreesCase>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            var cells = lines[i].Split('\t');
            if (cells.Length > header.Length) throw new ConformanceException($"{path}, line {i + 1}: {cells.Length} cells, {header.Length} were expected as in the header");
            var caseFolder = FolderOf(folder, Cell("local"), path, i + 1);
            cases.Add(new TreesCase(Cell("id"), caseFolder, Cell("expected"), DescriptionOf(caseFolder)));

            string Cell(string column) =>
                Array.IndexOf(header, column) is >= 0 and var at ? (at < cells.Length ? cells[at] : "") : throw new ConformanceException($"{path} has no column '{column}'");
        }
        return cases;
    }

    /// <summary>Paths begin with the name that the suite's folder had when the manifest was written, whatever it is called now.</summary>
    private static string FolderOf(string suite, string local, string manifest, int line)
    {
        var slash = local.IndexOf('/');
        var root = Path.GetFullPath(suite) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, local[(slash + 1)..]));
        return slash > 0 && full.StartsWith(root, StringComparison.Ordinal) ? full : throw new ConformanceException($"{manifest}, line {line}: '{local}' is no path inside the suite");
    }

    private static JsonElement? DescriptionOf(string folder)
    {
        var path = Path.Combine(folder, "case.json");
        if (!File.Exists(path)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ConformanceException($"{path}: {e.Message}");
        }
    }
}

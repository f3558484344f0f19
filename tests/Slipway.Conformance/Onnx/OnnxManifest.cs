namespace Slipway.Conformance.Onnx;

/// <summary>A model and what lies beside it.</summary>
/// <param name="Folder">Holds model.onnx; none outside it is read.</param>
/// <param name="Expected">What the manifest says of the expectation.</param>
internal sealed record OnnxCase(string Id, string Folder, string Expected)
{
    public string Model => Path.Combine(Folder, "model.onnx");
}

/// <summary>Reads <c>manifest.tsv</c>: a header, then one case per line, of which the columns id, local and expected are used.</summary>
internal static class OnnxManifest
{
    /// <summary>The cases, in the order of the file.</summary>
    /// <exception cref="ConformanceException">The manifest is absent or malformed.</exception>
    public static IReadOnlyList<OnnxCase> Read(string folder)
    {
        var path = Path.Combine(folder, "manifest.tsv");
        if (!File.Exists(path)) throw new ConformanceException($"{path} does not exist: the folder holds no suite");
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0) throw new ConformanceException($"{path} is empty, a header was expected");
        var header = lines[0].Split('\t');
        var (id, local, expected) = (ColumnOf("id"), ColumnOf("local"), ColumnOf("expected"));
        var cases = new List<OnnxCase>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            var cells = lines[i].Split('\t');
            if (cells.Length <= Math.Max(id, Math.Max(local, expected))) throw new ConformanceException($"{path}, line {i + 1}: {cells.Length} cells, {header.Length} were expected as in the header");
            cases.Add(new OnnxCase(cells[id], FolderOf(folder, cells[local], $"{path}, line {i + 1}"), cells[expected]));
        }
        return cases;

        int ColumnOf(string name) => Array.IndexOf(header, name) is >= 0 and var at ? at : throw new ConformanceException($"{path} has no column '{name}'");
    }

    /// <summary>Paths begin with the name that the suite's folder had when the manifest was written, whatever it is called now.</summary>
    private static string FolderOf(string suite, string local, string place)
    {
        var slash = local.IndexOf('/');
        var root = Path.GetFullPath(suite) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, local[(slash + 1)..]));
        return slash > 0 && full.StartsWith(root, StringComparison.Ordinal) ? full : throw new ConformanceException($"{place}: '{local}' is no path inside the suite");
    }
}

using System.Globalization;

namespace Slipway.Conformance.Pmml;

/// <summary>
/// Reads <c>manifest.tsv</c>: a header, then one case per line, of which the columns id, pmml, input, expected, compare_columns
/// (separated by |) and equivalence are used. Paths are relative to the manifest's folder and stay inside it.
/// </summary>
internal static class SuiteManifest
{
    public const string FileName = "manifest.tsv";

    /// <summary>The cases, in the order of the file.</summary>
    /// <exception cref="ConformanceException">The manifest is absent or malformed; the message names the line.</exception>
    public static IReadOnlyList<SuiteCase> Read(string folder) => ReadLines(Path.Combine(folder, FileName), line =>
    {
        var columns = line["compare_columns"].Split('|');
        if (columns.Any(c => c.Length == 0)) throw line.Error("compare_columns has an empty name");
        return new SuiteCase(line["id"], line.PathIn(folder, "pmml"), line.PathIn(folder, "input"), line.PathIn(folder, "expected"), columns, line.Equivalence);
    });

    /// <summary>
    /// The perturbed tables: for each line <c>ID … rows</c> of perturbed/manifest.tsv, perturbed/ID.input.csv and perturbed/ID.jpmml.csv;
    /// without that file, for each case of the suite that has one of them.
    /// </summary>
    /// <exception cref="ConformanceException">A manifest is absent or malformed.</exception>
    public static IReadOnlyList<PerturbedCase> ReadPerturbed(string folder)
    {
        var cases = Read(folder).ToDictionary(c => c.Id, StringComparer.Ordinal);
        var perturbed = Path.Combine(folder, "perturbed");
        if (!File.Exists(Path.Combine(perturbed, FileName)))
        {
            var found = cases.Values.Select(c => new PerturbedCase(c.Id, c, Path.Combine(perturbed, $"{c.Id}.input.csv"), Path.Combine(perturbed, $"{c.Id}.jpmml.csv"), null))
                .Where(c => File.Exists(c.Input) || File.Exists(c.Expected)).ToArray();
            return found.Length > 0 ? found : throw new ConformanceException($"{perturbed} holds no perturbed rows");
        }
        return ReadLines(Path.Combine(perturbed, FileName), line =>
        {
            var id = line["id"];
            if (!int.TryParse(line["rows"], NumberStyles.None, CultureInfo.InvariantCulture, out var rows)) throw line.Error($"rows is '{line["rows"]}', a number was expected");
            return new PerturbedCase(id, cases.GetValueOrDefault(id), Inside(perturbed, $"{id}.input.csv", line), Inside(perturbed, $"{id}.jpmml.csv", line), rows);
        });
    }

    private static List<T> ReadLines<T>(string path, Func<Line, T> read)
    {
        if (!File.Exists(path)) throw new ConformanceException($"{path} does not exist: the folder holds no suite");
        using var reader = new StreamReader(path);
        var header = (reader.ReadLine() ?? throw new ConformanceException($"{path} is empty, a header was expected")).Split('\t');
        var result = new List<T>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 2; reader.ReadLine() is { } text; number++)
        {
            if (text.Length == 0) continue;
            var line = new Line(path, number, header, text.Split('\t'));
            if (line.Cells.Length != header.Length) throw line.Error($"{line.Cells.Length} cells, {header.Length} were expected as in the header");
            if (line["id"].Length == 0) throw line.Error("the id is empty");
            if (!ids.Add(line["id"])) throw line.Error($"the id '{line["id"]}' is there twice");
            result.Add(read(line));
        }
        return result;
    }

    private static string Inside(string folder, string relative, Line line)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, relative));
        return relative.Length > 0 && full.StartsWith(root, StringComparison.Ordinal) ? full : throw line.Error($"'{relative}' is no path inside the suite");
    }

    private readonly record struct Line(string File, int Number, string[] Header, string[] Cells)
    {
        public string Place => $"{File}, line {Number}: ";

        public string this[string column] =>
            Array.IndexOf(Header, column) is >= 0 and var i ? Cells[i] : throw new ConformanceException($"{File} has no column '{column}'");

        public string PathIn(string folder, string column) => Inside(folder, this[column], this);

        public Equivalence Equivalence
        {
            get
            {
                try
                {
                    return Equivalence.Parse(this["equivalence"]);
                }
                catch (FormatException e)
                {
                    throw Error(e.Message);
                }
            }
        }

        public ConformanceException Error(string message) => new(Place + message);
    }
}

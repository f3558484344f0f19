using System.Globalization;
using System.Text.Json;
using Slipway.Conformance.Pmml;
using Slipway.Core;

namespace Slipway.Conformance.Trees;

/// <summary>One thing that is expected of a model: what it answers, after how many rounds, and the rows.</summary>
/// <param name="Name">For messages.</param>
/// <param name="What">The owner's words for it.</param>
/// <param name="Columns">Names as the owner wrote them: <c>_target</c>, <c>probability(…)</c>, …; null when the values are the answer in its order.</param>
internal sealed record Expectation(string Name, string What, OutputKind Output, int Rounds, IReadOnlyList<string>? Columns, IReadOnlyList<string?[]> Rows)
{
    private const string LabelPlace = "label place";

    /// <summary>The expectation in a file: CSV with a header, else values separated by blanks.</summary>
    /// <param name="what">The words of <c>case.json</c> about it.</param>
    public static Expectation Read(string path, string what)
    {
        if (!File.Exists(path)) throw new ConformanceException($"the file {path} is absent");
        var name = Path.GetFileName(path);
        var output = what.Contains("leaf", StringComparison.Ordinal) ? OutputKind.Leaf
            : what.Contains("raw", StringComparison.Ordinal) || what.Contains("margin", StringComparison.Ordinal) ? OutputKind.Margin
            : OutputKind.Prediction;
        if (path.EndsWith(".csv", StringComparison.Ordinal))
        {
            var table = TextTable.Read(path);
            return new Expectation(name, what, output, RoundsOf(name), table.Columns, table.Rows);
        }
        return new Expectation(name, what, output, 0, null, [.. File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t', ' '))]);
    }

    /// <summary>The expectation in <c>case.json</c> itself: arrays of values, a label with probabilities, or the places of labels.</summary>
    /// <param name="layout">Whether rows begin with a label.</param>
    public static Expectation Read(JsonElement expected, bool layout)
    {
        if (expected.ValueKind == JsonValueKind.Object)
        {
            var values = Texts(expected.GetProperty("p"));
            var calibrated = expected.TryGetProperty("calibrated", out var shown) ? Texts(shown) : [];
            string[] columns = ["_target", .. values.Select((_, i) => $"probability({i})"), .. calibrated.Select((_, i) => $"probability(calibrated, {i})")];
            return new Expectation("case.json", "", OutputKind.Prediction, 0, columns, [[expected.GetProperty("label").GetString(), .. values, .. calibrated]]);
        }
        var rows = expected.EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Array ? row.EnumerateArray().Select(v => v.GetRawText()).ToArray() : [row.GetRawText()]).ToArray();
        return new Expectation("case.json", "", OutputKind.Prediction, 0, layout ? ["_target", .. Enumerable.Range(0, rows[0].Length - 1).Select(i => $"probability({i})")] : null, rows);
    }

    /// <summary>Labels that are expected by their places in the model's list.</summary>
    public static Expectation OfLabels(JsonElement places) => new("case.json", "", OutputKind.Prediction, 0, [LabelPlace], [.. Texts(places).Select(place => new[] { place })]);

    /// <summary>The vectors of words, for words in the order of <see cref="WordsOf"/>; null where a word has none.</summary>
    public static Expectation OfVectors(JsonElement vectors)
    {
        var rows = vectors.EnumerateObject().Select(v => v.Value.ValueKind == JsonValueKind.Array ? Texts(v.Value) : null).ToArray();
        var width = rows.Max(row => row?.Length ?? 0);
        return new Expectation("case.json", "", OutputKind.Prediction, 0, null, [.. rows.Select(row => row ?? new string?[width])]);
    }

    public static CaseRows WordsOf(JsonElement vectors) => new(null, [.. vectors.EnumerateObject().Select(v => new[] { v.Name })]);

    /// <summary>With the names of the model's labels in the place of their places.</summary>
    public Expectation Named(Signature signature) =>
        Columns is [LabelPlace] ? this with { Columns = ["_target"], Rows = [.. Rows.Select(row => new[] { signature.Outputs[0].AllowedValues[int.Parse(row[0]!, CultureInfo.InvariantCulture)] })] } : this;

    private static string[] Texts(JsonElement values) => [.. values.EnumerateArray().Select(v => v.GetRawText())];

    /// <summary><c>name@17.csv</c>: after 17 rounds.</summary>
    private static int RoundsOf(string name) =>
        name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? int.Parse(name[(at + 1)..name.LastIndexOf('.')], CultureInfo.InvariantCulture) : 0;
}

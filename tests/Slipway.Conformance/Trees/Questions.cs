using System.Text.Json;
using Slipway.Conformance.Pmml;
using Slipway.Core;

namespace Slipway.Conformance.Trees;

/// <summary>What a case asks: of which models, with which rows, and what is expected.</summary>
internal sealed class Questions
{
    /// <summary>For numbers that the library itself computed elsewhere, not its owner.</summary>
    private const double ReferenceTolerance = 2e-6;

    private readonly string _folder;
    private readonly JsonElement _case;
    private readonly string? _input;

    private Questions(TreesCase suiteCase, IReadOnlyList<string> models, string? input, IReadOnlyList<Expectation> expectations)
    {
        _folder = suiteCase.Folder;
        _case = suiteCase.Description ?? default;
        _input = input;
        Models = models;
        Expectations = expectations;
    }

    /// <summary>Files, or the folder of a model that lies unpacked in it; all are asked the same.</summary>
    public IReadOnlyList<string> Models { get; }

    public IReadOnlyList<Expectation> Expectations { get; }

    /// <summary>What libsvm rows leave out is zero to scikit-learn, and missing to the others' owners.</summary>
    private string? Absent => Text("family").StartsWith("sklearn", StringComparison.Ordinal) ? "0" : null;

    /// <summary>The questions of a case; null when nothing is expected.</summary>
    public static Questions? Of(TreesCase suiteCase)
    {
        var folder = suiteCase.Folder;
        if (!Directory.Exists(folder)) throw new ConformanceException($"the folder {folder} is absent");
        var reference = Directory.GetFiles(folder, "reference_xgboost*.txt").FirstOrDefault();
        if (suiteCase.Description is not { } description || (reference is not null && description.TryGetProperty("files", out _)))
        {
            var rows = Directory.GetFiles(folder, "reference_input.tsv").Concat(Directory.GetFiles(folder, "*.test")).FirstOrDefault();
            return reference is null || rows is null ? null : new Questions(suiteCase, ModelsIn(folder), rows, [FirstColumn(Expectation.Read(reference, ""))]);
        }
        if (description.TryGetProperty("model", out var models))
        {
            return new Questions(
                suiteCase,
                [.. models.EnumerateArray().Select(m => Inside(folder, m.GetString()!))],
                Inside(folder, description.GetProperty("input").GetString()!),
                [.. description.GetProperty("expected").EnumerateArray().Select(e => Expectation.Read(Inside(folder, e.GetProperty("file").GetString()!), e.GetProperty("what").GetString()!))]);
        }
        if (description.TryGetProperty("files", out var files))
        {
            var names = files.EnumerateArray().Select(f => f.GetString()!).ToArray();
            return new Questions(suiteCase, [Inside(folder, names[0])], Inside(folder, names[1]), [Expectation.Read(Inside(folder, names[2]), description.GetProperty("expected").GetString()!)]);
        }
        var expectation = description.TryGetProperty("expected", out var expected)
            ? IsVectors(expected) ? Expectation.OfVectors(expected) : Expectation.Read(expected, description.TryGetProperty("layout", out _))
            : Expectation.OfLabels(description.GetProperty("expected_label_index"));
        var inModels = ModelsIn(folder);
        return new Questions(suiteCase, inModels.Count > 0 ? inModels : [folder], null, [expectation]);
    }

    /// <param name="model">Tells the categories whose places stand in rows without names.</param>
    public CaseRows RowsFor(Signature signature, ModelDescription model)
    {
        var features = signature.Inputs is [{ Shape.Length: 2 } matrix] ? (int)matrix.Shape[1] : signature.Inputs.Length;
        if (_input is not null)
        {
            var encoding = _case.ValueKind == JsonValueKind.Object ? Text("input_encoding") : _input.EndsWith(".tsv", StringComparison.Ordinal) ? "tsv" : "libsvm";
            var rows = CaseRows.Read(_input, encoding, features, Absent);
            var map = encoding.Contains("fmap", StringComparison.Ordinal) ? Directory.GetFiles(_folder, "*.fmap").FirstOrDefault() : null;
            return map is null || signature.InputColumns.All(c => rows.Columns!.Contains(c)) ? rows : FeatureMap.Read(map).Encode(rows);
        }
        if (_case.TryGetProperty("row", out var row)) return CaseRows.Read(row, null);
        if (_case.TryGetProperty("expected", out var vectors) && IsVectors(vectors)) return Expectation.WordsOf(vectors);
        var columns = _case.TryGetProperty("features", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToArray() : null;
        var values = CaseRows.Read(_case.GetProperty(_case.TryGetProperty("rows", out _) ? "rows" : "input"), columns);
        return columns is null ? values.NameCategories([.. signature.Inputs.Select(i => i.Type == ElementType.Bytes ? CategoriesOf(i.Name, model) : null)]) : values;
    }

    public Equivalence ToleranceFor(ModelDescription model)
    {
        if (_case.ValueKind != JsonValueKind.Object || Text("owner_tolerance") is "" && Text("tolerance") is "" && !_case.TryGetProperty("abs_tolerance", out _)) return OwnerTolerance.Distance(ReferenceTolerance);
        if (_case.TryGetProperty("abs_tolerance", out var absolute)) return OwnerTolerance.Distance(absolute.GetDouble());
        var text = Text("owner_tolerance") is { Length: > 0 } owner ? owner : Text("tolerance");
        return OwnerTolerance.Parse(text, model.Facts.Any(f => f.Value.Contains("xgboost", StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsVectors(JsonElement expected) => expected.ValueKind == JsonValueKind.Object && !expected.TryGetProperty("label", out _);

    /// <summary>As inspect shows them: <c>0=red, 1=green, …</c>.</summary>
    private static string[] CategoriesOf(string feature, ModelDescription model) =>
        [.. (model.Facts.FirstOrDefault(f => f.Key == $"categories of {feature}").Value ?? "").Split(", ").Where(c => c.Contains('=', StringComparison.Ordinal)).Select(c => c[(c.IndexOf('=', StringComparison.Ordinal) + 1)..])];

    private string Text(string property) => _case.ValueKind == JsonValueKind.Object && _case.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static Expectation FirstColumn(Expectation expectation) => expectation with { Rows = [.. expectation.Rows.Select(row => row[..1])] };

    private static IReadOnlyList<string> ModelsIn(string folder) =>
        [.. Directory.GetFiles(folder).Where(f => Path.GetExtension(f) is ".bst" or ".model" or ".json" or ".zip" or ".bin" or ".txt" or ".joblib" && Path.GetFileName(f) is not "case.json" && Slipway.Models.Runtimes.Default.TryDetect(f) is not null)];

    private static string Inside(string folder, string name)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, name));
        return full.StartsWith(root, StringComparison.Ordinal) ? full : throw new ConformanceException($"'{name}' is no file of the case");
    }
}

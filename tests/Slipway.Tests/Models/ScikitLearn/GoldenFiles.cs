using System.Globalization;
using Slipway.Core;

namespace Slipway.Tests.Models.ScikitLearn;

/// <summary>The models of make_models.py and make_drawn.py with scikit-learn's own answers. <c>SLIPWAY_DRAWN_SKLEARN</c> names a folder of more of them.</summary>
internal static class GoldenFiles
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("SLIPWAY_DRAWN_SKLEARN") ?? Path.Combine(Repository.Root, "tests", "Slipway.Tests", "Models", "ScikitLearn", "golden");

    public static IEnumerable<string> Models => Directory.EnumerateFiles(Folder)
        .Where(f => Path.GetExtension(f) is ".json" or ".pkl" or ".joblib")
        .Select(f => Path.GetFileName(f)!)
        .Order(StringComparer.Ordinal);

    public static IEnumerable<string> Cases => Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static string PathOf(string model) => Path.Combine(Folder, model);

    public static string CaseOf(string model) => model.Split('.')[0];

    public static double[][] Input(string model) => Rows(PathOf(CaseOf(model) + ".input.csv"));

    /// <summary>Rows of what is asked for; null when there is none.</summary>
    public static double[][]? Answers(string model, string kind) =>
        PathOf($"{CaseOf(model)}.{kind}.csv") is var path && File.Exists(path) ? Rows(path) : null;

    /// <summary>One text a row, or one for each output; commas are written as semicolons.</summary>
    public static string[][]? Labels(string model) =>
        PathOf($"{CaseOf(model)}.label.csv") is var path && File.Exists(path) ? [.. File.ReadAllLines(path).Select(l => l.Split(','))] : null;

    public static Batch Inputs(Signature signature, double[][] rows)
    {
        var spec = signature.Inputs[0];
        var tensor = new Tensor(spec.Name, spec.Type, rows.Length, rows[0].Length);
        for (var i = 0; i < tensor.Count; i++)
        {
            var value = rows[i / rows[0].Length][i % rows[0].Length];
            if (spec.Type == ElementType.Float32) tensor.Values<float>()[i] = (float)value;
            else tensor.Values<double>()[i] = value;
        }
        return new Batch(tensor);
    }

    private static double[][] Rows(string path) =>
        [.. File.ReadAllLines(path).Select(l => l.Split(',').Select(c => c.Length == 0 ? double.NaN : double.Parse(c, CultureInfo.InvariantCulture)).ToArray())];
}

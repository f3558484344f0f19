using System.Globalization;
using Slipway.Core;

namespace Slipway.Tests.Models.CatBoost;

/// <summary>The models of make_models.py with the answers that it computed for them.</summary>
internal static class GoldenFiles
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Tests", "Models", "CatBoost", "golden");

    /// <summary>Each is there as cbm and as JSON.</summary>
    public static IEnumerable<string> Models => Directory.EnumerateFiles(Folder, "*.cbm").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>A column for each feature: numbers as float64, categories as text.</summary>
    public static Batch Table(string model)
    {
        var lines = File.ReadAllLines(PathOf($"{model}.input.csv")).Select(l => l.Split(',')).ToArray();
        var table = new Batch();
        for (var c = 0; c < lines[0].Length; c++)
        {
            var cells = lines[1..].Select(l => l[c]).ToArray();
            // Categorical features are called c…
            table.Add(lines[0][c].StartsWith('c') ? Tensor.OfText(lines[0][c], cells) : Tensor.Of<double>(lines[0][c], [.. cells.Select(Number)]));
        }
        return table;
    }

    /// <summary>The table as a model's signature asks for it.</summary>
    public static Batch Inputs(string model, Signature signature)
    {
        var table = Table(model);
        var inputs = InputBinding.Bind(signature, table);
        if (!ReferenceEquals(inputs, table)) table.Dispose();
        return inputs;
    }

    public static Answer[] Expected(string model) => [.. File.ReadAllLines(PathOf($"{model}.expected.csv"))[1..].Select(l => l.Split(',')).Select(c =>
        new Answer([.. Numbers(c[0]).Select(n => (int)n)], Numbers(c[1]), Numbers(c[2]), c[3]))];

    private static double[] Numbers(string cell) => [.. cell.Split(' ').Select(Number)];

    private static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Of one row.</summary>
    internal sealed record Answer(int[] Leaves, double[] Raw, double[] Predictions, string Label);
}

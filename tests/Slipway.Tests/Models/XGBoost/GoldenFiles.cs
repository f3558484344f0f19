using System.Globalization;
using Slipway.Core;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>The models of make_models.py with XGBoost's own predictions.</summary>
internal static class GoldenFiles
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Tests", "Models", "XGBoost", "golden");

    public static IEnumerable<string> Models => Directory.EnumerateFiles(Folder)
        .Where(f => Path.GetExtension(f) is ".json" or ".ubj" or ".model")
        .Select(f => Path.GetFileName(f)!)
        .Order(StringComparer.Ordinal);

    public static string PathOf(string model) => Path.Combine(Folder, model);

    public static Batch Inputs(string model)
    {
        var lines = File.ReadAllLines(PathOf(Path.GetFileNameWithoutExtension(model) + ".input.csv"));
        return new Batch(Matrix("input", lines.AsSpan(1)));
    }

    /// <summary>XGBoost's predictions: [rows] or [rows, outputs].</summary>
    public static Tensor Expected(string model)
    {
        var lines = File.ReadAllLines(PathOf(Path.GetFileNameWithoutExtension(model) + ".expected.csv"));
        using var matrix = Matrix("prediction", lines);
        return matrix.Stride == 1 ? Tensor.Of<float>("prediction", matrix.Values<float>()) : matrix.Copy();
    }

    private static Tensor Matrix(string name, ReadOnlySpan<string> lines)
    {
        var width = lines[0].Split(',').Length;
        var tensor = new Tensor(name, ElementType.Float32, lines.Length, width);
        var values = tensor.Values<float>();
        for (var row = 0; row < lines.Length; row++)
        {
            var cells = lines[row].Split(',');
            for (var c = 0; c < width; c++) values[(row * width) + c] = cells[c].Length == 0 ? float.NaN : float.Parse(cells[c], CultureInfo.InvariantCulture);
        }
        return tensor;
    }
}

using System.Globalization;
using Slipway.Core;

namespace Slipway.Tests.Models.Treelite;

/// <summary>The checkpoints of make_models.py with the predictions expected of them.</summary>
internal static class GoldenFiles
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Tests", "Models", "Treelite", "golden");

    public static IEnumerable<string> Models => Directory.EnumerateFiles(Folder, "*.tl").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    public static string PathOf(string model) => Path.Combine(Folder, model);

    public static byte[] Read(string model) => File.ReadAllBytes(PathOf(model));

    /// <summary>Rows of the type the model computes in.</summary>
    public static Batch Inputs(string model, ElementType type) => new(Matrix(NameOf(model) + ".input.csv", "input", type));

    public static double[] Expected(string model, out int width)
    {
        using var matrix = Matrix(NameOf(model) + ".expected.csv", "prediction", ElementType.Float64);
        width = matrix.Stride;
        return matrix.Values<double>().ToArray();
    }

    /// <summary>Without version and extension.</summary>
    private static string NameOf(string model) => model[..model.IndexOf('.', StringComparison.Ordinal)];

    private static Tensor Matrix(string file, string name, ElementType type)
    {
        var rows = File.ReadAllLines(PathOf(file)).Select(l => l.Split(',')).ToArray();
        var tensor = new Tensor(name, type, rows.Length, rows[0].Length);
        for (var i = 0; i < tensor.Count; i++)
        {
            var cell = rows[i / rows[0].Length][i % rows[0].Length];
            if (type == ElementType.Float32) tensor.Values<float>()[i] = cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture);
            else tensor.Values<double>()[i] = cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);
        }
        return tensor;
    }
}

using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;
using Xunit;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>
/// Models that make_drawn.py draws, with XGBoost's own answers. <c>SLIPWAY_DRAWN_XGBOOST</c> names a folder of more of them, as
/// <c>make_drawn.py 300 FOLDER</c> fills one, to be tested in the place of those that are kept.
/// </summary>
public sealed class DrawnTests
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("SLIPWAY_DRAWN_XGBOOST") ?? Path.Combine(Repository.Root, "tests", "Slipway.Tests", "Models", "XGBoost", "drawn");

    public static TheoryData<string> Models => [.. Directory.EnumerateFiles(Folder).Where(f => Path.GetExtension(f) is not ".csv").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_are_those_of_XGBoost_in_every_kernel(string model)
    {
        foreach (var kernel in Enum.GetValues<KernelKind>()) AssertAnswers(model, OutputKind.Prediction, "prediction", 0, kernel);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Margins_are_those_of_XGBoost(string model) => AssertAnswers(model, OutputKind.Margin, "margin", 0);

    [Theory]
    [MemberData(nameof(Models))]
    public void Leaves_are_those_of_XGBoost(string model) => AssertAnswers(model, OutputKind.Leaf, "leaf", 0);

    /// <summary>XGBoost adds its contributions up in float32: the tolerance is of the largest in a row.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Contributions_are_those_of_XGBoost(string model) => AssertAnswers(model, OutputKind.Contributions, "contribution", 4e-6);

    private static void AssertAnswers(string model, OutputKind kind, string file, double tolerance, KernelKind kernel = KernelKind.Automatic)
    {
        var stem = Path.Combine(Folder, Path.GetFileNameWithoutExtension(model));
        if (!File.Exists($"{stem}.{file}.csv")) return;
        var (rows, expected) = (Read(stem + ".input.csv"), Read($"{stem}.{file}.csv"));
        using var opened = TreesRuntime.Open(Path.Combine(Folder, model), new RuntimeOptions(Output: kind), kernel);
        var matrix = new Tensor("input", ElementType.Float32, rows.Length, rows[0].Length);
        rows.SelectMany(row => row).ToArray().CopyTo(matrix.Values<float>());
        using var inputs = new Batch(matrix);
        using var outputs = opened.Run(inputs);
        var answers = outputs[0];
        Assert.Equal(expected.Sum(row => row.Length), answers.Count);
        for (var row = 0; row < rows.Length; row++)
        {
            var scale = tolerance * Math.Max(1, expected[row].Max(Math.Abs));
            for (var i = 0; i < expected[row].Length; i++)
            {
                var (wanted, found) = (expected[row][i], answers.NumberAt((row * expected[row].Length) + i));
                Assert.True(wanted.Equals((float)found) || Math.Abs(wanted - found) <= scale, string.Create(CultureInfo.InvariantCulture, $"{kernel}: row {row}, value {i}: {wanted:R} expected, {found:R} found"));
            }
        }
    }

    private static float[][] Read(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split(',').Select(cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
}

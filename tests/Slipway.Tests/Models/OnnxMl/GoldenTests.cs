using System.Text.Json;
using Slipway.Core;
using Slipway.Models;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>The models of make_models.py (written by the onnx package) answer what scikit-learn answers.</summary>
public class GoldenTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Tests", "Models", "OnnxMl", "golden");

    [Theory]
    [InlineData("iris-forest", 1e-6)]
    [InlineData("iris-boosting", 2e-6)]
    public void A_converted_model_predicts_as_its_origin(string name, double tolerance)
    {
        var path = Path.Combine(Folder, name + ".onnx");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        double[][] rows = golden.RootElement.GetProperty("rows").Deserialize<double[][]>()!;
        double[][] scores = golden.RootElement.GetProperty("scores").Deserialize<double[][]>()!;
        Assert.IsType<TreesRuntime>(Runtimes.Default.Detect(path));
        using var model = new TreesRuntime().Open(path, RuntimeOptions.Default);
        using var inputs = Native.Matrix(1, [.. rows.SelectMany(r => r)], rows[0].Length);
        using var answer = model.Run(inputs);
        var given = answer[^1].Values<float>();
        Assert.Equal(scores.Length * scores[0].Length, given.Length);
        for (var i = 0; i < given.Length; i++) Assert.Equal(scores[i / scores[0].Length][i % scores[0].Length], given[i], tolerance);
        if (golden.RootElement.TryGetProperty("labels", out var labels))
        {
            Assert.Equal(labels.Deserialize<string[]>(), Enumerable.Range(0, rows.Length).Select(i => answer["label"].GetText(i)));
        }
        if (OnnxRuntimeRuntime.IsAvailable) Native.Compare(path, inputs);
    }

    [Fact]
    public void Margins_and_leaves_can_be_asked_for()
    {
        var path = Path.Combine(Folder, "iris-forest.onnx");
        using var inputs = Native.Matrix(1, [5.1, 3.5, 1.4, 0.2], 4);
        using var margins = new TreesRuntime().Open(path, RuntimeOptions.Default with { Output = OutputKind.Margin });
        using var leaves = new TreesRuntime().Open(path, RuntimeOptions.Default with { Output = OutputKind.Leaf });
        using var sums = margins.Run(inputs);
        using var reached = leaves.Run(inputs);
        Assert.Equal(1, sums[0].Values<float>().ToArray().Sum(), 1e-6);
        Assert.Equal(12, reached[0].Count);
    }
}

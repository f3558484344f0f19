using System.Globalization;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.CatBoost;

/// <summary>Models of other projects with CatBoost's own predictions (corpus <c>trees</c>).</summary>
public class CorpusTests(ITestOutputHelper output)
{
    /// <summary>What the owner allows, of float64.</summary>
    private const long MaxUlps = 2;

    public static TheoryData<string> Cases => ["ClassificationIris", "ClassificationVersicolor"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Models_predict_what_their_owner_recorded(string name)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-catboost", name);
        var expected = File.ReadAllLines(Path.Combine(folder, "expected", $"{name}.csv"))[1..].Select(l => l.Split(',').Select(Number).ToArray()).ToArray();
        using var inputs = Inputs(folder, Path.Combine(folder, $"{name}.cbm"));
        foreach (var kernel in Enum.GetValues<KernelKind>())
        {
            using var model = TreesRuntime.Open(Path.Combine(folder, $"{name}.cbm"), RuntimeOptions.Default, kernel);
            using var outputs = model.Run(inputs);
            var (labels, probabilities) = (outputs["label"], outputs["probability"]);
            Assert.Equal(expected.Length, labels.Rows);
            Assert.Equal(expected[0].Length - 1, probabilities.Stride);
            var worst = 0L;
            for (var row = 0; row < expected.Length; row++)
            {
                Assert.Equal(expected[row][0], Number(labels.GetText(row)!));
                for (var c = 1; c < expected[row].Length; c++) worst = Math.Max(worst, Ulps(expected[row][c], probabilities.Values<double>()[(row * probabilities.Stride) + c - 1]));
            }
            output.WriteLine($"{name}, {kernel}: {expected.Length} rows, worst {worst} ULP");
            Assert.InRange(worst, 0, MaxUlps);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Runtime_keeps_the_model_contract(string name)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-catboost", name);
        var model = Path.Combine(folder, $"{name}.cbm");
        ModelChecks.Run(new TreesRuntime(), model, () => Inputs(folder, model));
    }

    [Fact]
    public void Inspect_tells_library_objective_features_and_classes()
    {
        var description = new TreesRuntime().Describe(Path.Combine(Corpora.Find("trees"), "jpmml-catboost", "ClassificationIris", "ClassificationIris.cbm"));
        Assert.Equal("catboost-cbm", description.Format);
        Assert.Empty(description.Unsupported);
        var facts = description.Facts.ToDictionary(f => f.Key, f => f.Value);
        Assert.Equal("catboost", facts["library"]);
        Assert.Equal("MultiClass", facts["objective"]);
        Assert.Equal("symmetric", facts["tree shape"]);
        Assert.Equal("5", facts["trees"]);
        Assert.Equal("6", facts["max depth"]);
        Assert.Equal(["Petal.Length", "Petal.Width", "Sepal.Length", "Sepal.Width"], description.Signature!.Inputs[0].Columns);
        Assert.Equal(["0", "1", "2"], description.Signature.Outputs[1].Columns);
    }

    /// <summary>The table's columns, gathered by the names that the model has for them.</summary>
    private static Batch Inputs(string folder, string model)
    {
        var lines = File.ReadAllLines(Directory.GetFiles(folder, "*.csv").Single()).Select(l => l.Split(',')).ToArray();
        using var table = new Batch();
        for (var c = 0; c < 4; c++) table.Add(Tensor.Of<double>(lines[0][c], [.. lines[1..].Select(l => Number(l[c]))]));
        return InputBinding.Bind(new TreesRuntime().Describe(model).Signature!, table);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Ulps(double a, double b) => Math.Abs(BitConverter.DoubleToInt64Bits(a) - BitConverter.DoubleToInt64Bits(b));
}

using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.CatBoost;

public class GoldenTests
{
    /// <summary>Raw values are the same bits; exponentials of two libraries are not.</summary>
    private const long MaxUlps = 4;

    public static TheoryData<string> Files => [.. GoldenFiles.Models.SelectMany(m => new[] { $"{m}.cbm", $"{m}.json" })];

    [Theory]
    [MemberData(nameof(Files))]
    public void Raw_values_are_the_same_bits_in_every_kernel(string file)
    {
        var expected = GoldenFiles.Expected(Path.GetFileNameWithoutExtension(file));
        foreach (var kernel in Enum.GetValues<KernelKind>())
        {
            using var outputs = Run(file, new RuntimeOptions { Output = OutputKind.Margin }, kernel);
            var margins = outputs[0].Values<double>();
            for (var row = 0; row < expected.Length; row++) Assert.Equal(expected[row].Raw, margins.Slice(row * expected[row].Raw.Length, expected[row].Raw.Length).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Predictions_and_labels_are_those_of_the_objective(string file)
    {
        var expected = GoldenFiles.Expected(Path.GetFileNameWithoutExtension(file));
        using var outputs = Run(file, RuntimeOptions.Default, KernelKind.Automatic);
        var predictions = outputs[^1];
        var isClassifier = expected[0].Label.Length > 0;
        Assert.Equal(isClassifier ? ["label", "probability"] : [file.StartsWith("multilabel", StringComparison.Ordinal) ? "probability" : "prediction"], outputs.Select(o => o.Name));
        for (var row = 0; row < expected.Length; row++)
        {
            if (isClassifier) Assert.Equal(expected[row].Label, outputs[0].GetText(row));
            Assert.Equal(expected[row].Predictions.Length, predictions.Stride);
            for (var c = 0; c < predictions.Stride; c++)
            {
                var actual = predictions.Values<double>()[(row * predictions.Stride) + c];
                Assert.InRange(Math.Abs(BitConverter.DoubleToInt64Bits(expected[row].Predictions[c]) - BitConverter.DoubleToInt64Bits(actual)), 0, MaxUlps);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Leaves_have_the_numbers_that_CatBoost_gives_them(string file)
    {
        var expected = GoldenFiles.Expected(Path.GetFileNameWithoutExtension(file));
        using var outputs = Run(file, new RuntimeOptions { Output = OutputKind.Leaf }, KernelKind.Automatic);
        var leaves = outputs[0].Values<int>();
        for (var row = 0; row < expected.Length; row++) Assert.Equal(expected[row].Leaves, leaves.Slice(row * expected[row].Leaves.Length, expected[row].Leaves.Length).ToArray());
    }

    /// <summary>As ntree_end: the sum of fewer trees, scaled and with the whole bias.</summary>
    [Theory]
    [InlineData("rmse.cbm", 1)]
    [InlineData("rmse.json", 5)]
    [InlineData("multiclass.cbm", 3)]
    public void The_first_rounds_are_the_first_trees(string file, int rounds)
    {
        var document = file.EndsWith(".cbm", StringComparison.Ordinal) ? CatBoostBinaryReader.Read(File.ReadAllBytes(GoldenFiles.PathOf(file))) : CatBoostJsonReader.Read(File.ReadAllBytes(GoldenFiles.PathOf(file)));
        var expected = GoldenFiles.Expected(Path.GetFileNameWithoutExtension(file));
        using var outputs = Run(file, new RuntimeOptions { Output = OutputKind.Margin, Rounds = rounds }, KernelKind.Automatic);
        for (var row = 0; row < expected.Length; row++)
        {
            for (var d = 0; d < document.Dimensions; d++)
            {
                var (sum, first) = (0.0, 0);
                for (var tree = 0; tree < rounds; tree++)
                {
                    sum += document.LeafValues[first + (expected[row].Leaves[tree] * document.Dimensions) + d];
                    first += document.Dimensions << document.TreeSizes[tree];
                }
                Assert.Equal((document.Scale * sum) + document.Bias[d], outputs[0].Values<double>()[(row * document.Dimensions) + d]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Runtime_keeps_the_model_contract(string file)
    {
        var signature = new TreesRuntime().Describe(GoldenFiles.PathOf(file)).Signature!;
        ModelChecks.Run(new TreesRuntime(), GoldenFiles.PathOf(file), () => GoldenFiles.Inputs(Path.GetFileNameWithoutExtension(file), signature));
    }

    [Fact]
    public void Both_encodings_of_a_model_are_described_alike()
    {
        foreach (var model in GoldenFiles.Models)
        {
            var (cbm, json) = (new TreesRuntime().Describe(GoldenFiles.PathOf($"{model}.cbm")), new TreesRuntime().Describe(GoldenFiles.PathOf($"{model}.json")));
            Assert.Equal(("catboost-cbm", "catboost-json"), (cbm.Format, json.Format));
            Assert.Equal(cbm.Signature, json.Signature);
            Assert.Equal(cbm.Facts.Where(f => f.Key != "size"), json.Facts.Where(f => f.Key != "size"));
        }
    }

    private static Batch Run(string file, RuntimeOptions options, KernelKind kernel)
    {
        using var model = TreesRuntime.Open(GoldenFiles.PathOf(file), options, kernel);
        using var inputs = GoldenFiles.Inputs(Path.GetFileNameWithoutExtension(file), model.Signature);
        return model.Run(inputs);
    }
}

using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;
using Slipway.Tests.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.Pmml.Export;

/// <summary>
/// A compiled model saved as PMML and loaded again gives the same numbers. Sums are the same bits. Sigmoids and softmaxes may differ in the last place, as XGBoost takes
/// its exponentials in float32 and PMML's are taken in float64 and rounded, and XGBoost adds a softmax up in float64, x-mathContext="float" in float32.
/// </summary>
public class RoundTripTests(ITestOutputHelper output)
{
    private const int Features = 6;

    [Theory]
    [InlineData(1, 1, false, 0)]
    [InlineData(2, 3, false, 0)]
    [InlineData(3, 3, true, 0)]
    [InlineData(4, 1, false, 12)]
    [InlineData(5, 4, false, 70)]
    [InlineData(6, 2, true, 12)]
    public void Saved_and_loaded_ensemble_gives_the_same_sums_bit_for_bit(int seed, int outputs, bool vectorLeaves, int categories)
    {
        var trees = RandomForests.Make(seed, features: Features, outputs: outputs, vectorLeaves: vectorLeaves, categories: new Categories(categories));
        using var exported = new Exported(Exported.Define(trees));
        Assert.Equal(0, exported.WorstUlps(RandomForests.Rows(seed, 500, Features, trees)));
    }

    [Theory]
    [InlineData(MarginTransform.Sigmoid, 1)]
    [InlineData(MarginTransform.Sigmoid, 3)]
    [InlineData(MarginTransform.Exponential, 1)]
    [InlineData(MarginTransform.Exponential, 2)]
    [InlineData(MarginTransform.Step, 1)]
    [InlineData(MarginTransform.Step, 2)]
    [InlineData(MarginTransform.Softmax, 2)]
    [InlineData(MarginTransform.Softmax, 5)]
    [InlineData(MarginTransform.ArgMax, 2)]
    [InlineData(MarginTransform.ArgMax, 5)]
    public void Saved_and_loaded_transform_gives_the_same_predictions(MarginTransform transform, int outputs)
    {
        for (var seed = 10; seed < 16; seed++)
        {
            var trees = RandomForests.Make(seed, trees: 7, maxDepth: 4, features: Features, outputs: outputs, vectorLeaves: seed % 2 == 0);
            using var exported = new Exported(Exported.Define(trees, transform));
            Assert.InRange(exported.WorstUlps(RandomForests.Rows(seed, 300, Features, trees)), 0, Allowed(transform));
        }
    }

    [Theory]
    [InlineData(MarginTransform.Identity, 1)]
    [InlineData(MarginTransform.Identity, 3)]
    [InlineData(MarginTransform.Sigmoid, 1)]
    [InlineData(MarginTransform.Softmax, 3)]
    public void Saved_and_loaded_linear_booster_gives_the_same_predictions(MarginTransform transform, int outputs)
    {
        var random = new Random(20);
        var booster = new LinearBooster(Features, [.. Enumerable.Range(0, (Features + 1) * outputs).Select(_ => Small())], [.. Enumerable.Range(0, outputs).Select(_ => Small())]);
        using var exported = new Exported(Exported.Define(booster, transform));
        Assert.InRange(exported.WorstUlps([.. Enumerable.Range(0, 500 * Features).Select(_ => random.Next(5) == 0 ? float.NaN : Small())]), 0, Allowed(transform));

        float Small() => (random.NextSingle() * 6) - 3;
    }

    [Fact]
    public void Saved_and_loaded_categorical_feature_is_a_categorical_field_and_gives_the_same_sums()
    {
        var random = new Random(30);
        var builder = new TreeEnsembleBuilder(3, 1, TreeArithmetic.Float32).BaseMargins(0.3);
        for (var tree = 0; tree < 30; tree++)
        {
            builder.BeginTree(5).Split(0, 0, random.NextSingle(), 1, 2, random.Next(2) == 0)
                .CategoricalSplit(1, 1, [random.Next(9), random.Next(9)], 3, 4, random.Next(2) == 0)
                .Leaf(2, random.NextSingle()).Leaf(3, random.NextSingle()).Leaf(4, random.NextSingle()).EndTree();
        }
        using var exported = new Exported(Exported.Define(builder.Build()));
        Assert.Contains("""<DataField name="f1" optype="categorical" dataType="integer" />""", exported.Document);
        Assert.Contains("booleanOperator=\"isNotIn\"", exported.Document);
        var rows = new float[3 * 400];
        for (var i = 0; i < rows.Length; i++) rows[i] = random.Next(6) == 0 ? float.NaN : i % 3 == 1 ? random.Next(-2, 12) : random.NextSingle();
        Assert.Equal(0, exported.WorstUlps(rows));
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Saved_and_loaded_float64_ensemble_gives_the_same_sums_bit_for_bit(int outputs)
    {
        var builder = new TreeEnsembleBuilder(2, outputs).BaseMargins(0.1);
        var random = new Random(40);
        for (var tree = 0; tree < 25; tree++)
        {
            builder.BeginTree(3, tree % outputs).Split(0, random.Next(2), random.NextDouble(), 1, 2, random.Next(2) == 0).Leaf(1, random.NextDouble()).Leaf(2, -random.NextDouble()).EndTree();
        }
        var trees = builder.Build();
        double[] rows = [.. Enumerable.Range(0, 400).Select(i => i % 7 == 0 ? double.NaN : i % 5 == 0 ? trees.Thresholds[3 * (i % 25)] : random.NextDouble())];
        var expected = new double[200 * outputs];
        new ReferenceKernel<double>(trees).Score(rows, expected);
        using var exported = new Exported(Exported.Define(trees));
        using var answers = exported.Answers(rows, 2);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], answers[i % outputs].Values<double>()[i / outputs]);
    }

    public static TheoryData<string> GoldenModels => [.. GoldenFiles.Models.Where(m => m.EndsWith(".json", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(GoldenModels))]
    public void Saved_and_loaded_XGBoost_model_predicts_what_XGBoost_predicted(string model)
    {
        var definition = TreesRuntime.Read(GoldenFiles.PathOf(model));
        using var exported = new Exported(definition);
        using var inputs = GoldenFiles.Inputs(model);
        var worst = exported.WorstUlps(inputs[0].Values<float>());
        output.WriteLine($"{definition.Transform}: worst {worst} ULP");
        Assert.InRange(worst, 0, Allowed(definition.Transform));
    }

    [Fact]
    public void Saved_and_loaded_models_of_other_projects_predict_the_same()
    {
        var models = Directory.EnumerateFiles(Path.Combine(Corpora.Find("trees"), "jpmml-xgboost"), "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".ubj", StringComparison.Ordinal) || (f.EndsWith(".json", StringComparison.Ordinal) && !f.EndsWith("case.json", StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            var definition = TreesRuntime.Read(model);
            if (definition.Transform == MarginTransform.Ascending) continue;
            using var exported = new Exported(definition);
            var worst = exported.WorstUlps(RowsFor(definition, 200));
            output.WriteLine($"{Path.GetFileName(model)}: {definition.Transform}, worst {worst} ULP");
            Assert.InRange(worst, 0, Allowed(definition.Transform));
        }
    }

    /// <summary>One unit for an exponential.</summary>
    private static long Allowed(MarginTransform transform) =>
        transform is MarginTransform.Sigmoid or MarginTransform.Exponential or MarginTransform.Softmax ? 1 : 0;

    /// <summary>Thresholds of the model's own trees, whole numbers for categories, and missing values.</summary>
    private static float[] RowsFor(TreeModelDefinition definition, int count)
    {
        var random = new Random(50);
        var features = definition.FeatureNames.Length;
        var trees = definition.Trees;
        var thresholds = Enumerable.Range(0, features).Select(_ => new List<float> { 0, 1, 2 }).ToArray();
        for (var node = 0; node < (trees?.NodeCount ?? 0); node++)
        {
            if (!trees!.IsLeaf(node) && trees.CategorySets[node] < 0) thresholds[trees.Features[node]].AddRange([(float)trees.Thresholds[node], MathF.BitDecrement((float)trees.Thresholds[node])]);
        }
        return [.. Enumerable.Range(0, count * features).Select(i => random.Next(8) == 0 ? float.NaN : thresholds[i % features][random.Next(thresholds[i % features].Count)])];
    }
}

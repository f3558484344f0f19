using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Benchmarks;

/// <summary>Seeded forests of perfect trees and rows to score: by default 100 trees of depth 6 on 30 features, the size that the server benchmark serves.</summary>
internal static class SyntheticTrees
{
    public const int Features = 30;

    public const int CellsPerRow = 12;

    private const int CellFeatures = 9;
    private const int Categories = 16;

    /// <summary>Categories are numbered in the order in which a model's texts were met.</summary>
    private const int FirstCategory = 100;

    public static TreeEnsemble Forest(int trees = 100, int depth = 6, int outputs = 1)
    {
        var random = new Random(7);
        var builder = new TreeEnsembleBuilder(Features, outputs, TreeArithmetic.Float32);
        var splits = (1 << depth) - 1;
        for (var tree = 0; tree < trees; tree++)
        {
            builder.BeginTree((2 * splits) + 1, tree % outputs);
            for (var node = 0; node < splits; node++)
            {
                builder.Split(node, random.Next(Features), Normal(random), (2 * node) + 1, (2 * node) + 2, random.Next(2) == 0);
            }
            for (var leaf = splits; leaf <= 2 * splits; leaf++) builder.Leaf(leaf, Normal(random) / 10);
            builder.EndTree();
        }
        return builder.Build();
    }

    /// <summary>One split on each level, as CatBoost makes them.</summary>
    public static TreeEnsemble SymmetricForest(int trees = 100, int depth = 6)
    {
        var random = new Random(7);
        var builder = new TreeEnsembleBuilder(Features, 1, TreeArithmetic.Float32);
        var levels = new SymmetricLevel[depth];
        var leaves = new double[1 << depth];
        for (var tree = 0; tree < trees; tree++)
        {
            foreach (ref var level in levels.AsSpan()) level = new SymmetricLevel(random.Next(Features), Normal(random), -1, random.Next(2) == 0);
            foreach (ref var leaf in leaves.AsSpan()) leaf = Normal(random) / 10;
            builder.SymmetricTree(levels, leaves, []);
        }
        return builder.Build();
    }

    /// <summary>Row-major, standard normal.</summary>
    public static float[] Rows(int count)
    {
        var random = new Random(8);
        var rows = new float[count * Features];
        foreach (ref var value in rows.AsSpan()) value = Normal(random);
        return rows;
    }

    /// <summary>
    /// What a PMML model of personal data looks like: 31 float64 trees of depth 6, six numeric features and three of 16 categories, in rows of 12 cells.
    /// </summary>
    public static TreeEnsemble CategoricalForest(int trees = 31, int depth = 6)
    {
        var random = new Random(7);
        var builder = new TreeEnsembleBuilder(CellFeatures, 1);
        var splits = (1 << depth) - 1;
        for (var tree = 0; tree < trees; tree++)
        {
            builder.BeginTree((2 * splits) + 1);
            for (var node = 0; node < splits; node++)
            {
                var feature = random.Next(CellFeatures);
                if (IsCategorical(feature)) builder.CategoricalSplit(node, feature, SomeCategories(random), (2 * node) + 1, (2 * node) + 2, random.Next(2) == 0);
                else builder.Split(node, feature, Normal(random), (2 * node) + 1, (2 * node) + 2, random.Next(2) == 0);
            }
            for (var leaf = splits; leaf <= 2 * splits; leaf++) builder.Leaf(leaf, Normal(random) / 10);
            builder.EndTree();
        }
        return builder.Build();
    }

    /// <summary>A random forest as classifiers use it: every leaf has a probability of each class.</summary>
    public static TreeEnsemble ProbabilityForest(int trees = 500, int depth = 8, int classes = 2)
    {
        var random = new Random(7);
        var builder = new TreeEnsembleBuilder(CellFeatures, classes);
        var splits = (1 << depth) - 1;
        var probabilities = new double[classes];
        for (var tree = 0; tree < trees; tree++)
        {
            builder.BeginTree((2 * splits) + 1);
            for (var node = 0; node < splits; node++) builder.Split(node, random.Next(CellFeatures), Normal(random), (2 * node) + 1, (2 * node) + 2, random.Next(2) == 0);
            for (var leaf = splits; leaf <= 2 * splits; leaf++)
            {
                foreach (ref var probability in probabilities.AsSpan()) probability = random.NextDouble();
                builder.VectorLeaf(leaf, probabilities);
            }
            builder.EndTree();
        }
        return builder.Build();
    }

    /// <summary>Rows for <see cref="CategoricalForest"/> and <see cref="ProbabilityForest"/>: row-major, <see cref="CellsPerRow"/> values each.</summary>
    public static double[] Cells(int rows)
    {
        var random = new Random(8);
        var cells = new double[rows * CellsPerRow];
        for (var i = 0; i < cells.Length; i++) cells[i] = IsCategorical(i % CellsPerRow) ? FirstCategory + random.Next(Categories) : Normal(random);
        return cells;
    }

    /// <summary>A binary classifier over <see cref="Forest"/>.</summary>
    public static IModel Model()
    {
        var names = Enumerable.Range(0, Features).Select(f => $"f{f}");
        var signature = new Signature(
            [new TensorSpec("input", ElementType.Float32, [-1, Features], Optional: true, Columns: [.. names])],
            [new TensorSpec("prediction", ElementType.Float32, [-1])]);
        return TreesModel.Compile(new TreeModelDefinition(signature, MarginTransform.Sigmoid) { Trees = Forest() }, RuntimeOptions.Default);
    }

    private static bool IsCategorical(int feature) => feature is >= 6 and < CellFeatures;

    private static int[] SomeCategories(Random random)
    {
        var categories = new int[random.Next(1, Categories)];
        foreach (ref var category in categories.AsSpan()) category = FirstCategory + random.Next(Categories);
        return categories;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}

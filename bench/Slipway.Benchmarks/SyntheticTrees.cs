using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Benchmarks;

/// <summary>Seeded forests of perfect trees and rows to score: by default 100 trees of depth 6 on 30 features, the size that the server benchmark serves.</summary>
internal static class SyntheticTrees
{
    public const int Features = 30;

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

    /// <summary>Row-major, standard normal.</summary>
    public static float[] Rows(int count)
    {
        var random = new Random(8);
        var rows = new float[count * Features];
        foreach (ref var value in rows.AsSpan()) value = Normal(random);
        return rows;
    }

    /// <summary>A binary classifier over <see cref="Forest"/>.</summary>
    public static IModel Model()
    {
        var names = Enumerable.Range(0, Features).Select(f => $"f{f}");
        var signature = new Signature(
            [new TensorSpec("input", ElementType.Float32, [-1, Features], Optional: true, Columns: [.. names])],
            [new TensorSpec("prediction", ElementType.Float32, [-1])]);
        return new TreesModel(signature, KernelSelection.For<float>(Forest(), KernelKind.Automatic), MarginTransform.Sigmoid, threads: 1);
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}

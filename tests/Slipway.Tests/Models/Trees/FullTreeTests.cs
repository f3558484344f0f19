using System.Runtime.InteropServices;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

/// <summary>Full and nearly full trees, for which kernels have forms without nodes: every number of levels, every way to look keys up.</summary>
public class FullTreeTests
{
    private static readonly KernelKind[] Fast = [KernelKind.Automatic, KernelKind.Interleaved, KernelKind.Vector256, KernelKind.Vector512];

    /// <summary>Trees, levels, features, outputs, vector leaves, categories, float32.</summary>
    public static TheoryData<int, int, int, int, bool, int, bool> Shapes => new()
    {
        { 33, 1, 9, 1, false, 0, true },
        { 44, 2, 9, 1, false, 0, true },
        { 31, 3, 20, 2, false, 0, true },
        { 64, 4, 50, 1, false, 0, true },
        { 40, 5, 100, 1, false, 0, true },
        { 100, 6, 30, 1, false, 0, true },
        { 40, 6, 200, 1, false, 0, true },
        { 40, 6, 15, 3, true, 0, true },
        { 20, 7, 25, 1, false, 0, true },
        { 70, 8, 400, 1, false, 0, true },
        { 37, 3, 9, 1, false, 12, false },
        { 50, 6, 15, 1, false, 40, false },
        { 25, 6, 60, 4, true, 5, false },
        { 33, 9, 200, 2, false, 0, false },
        { 12, 6, 30, 1, false, 0, false },
        { 11, 6, 30, 1, false, 0, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_gives_the_same_bits_and_leaves_when_trees_are_full(int trees, int levels, int features, int outputs, bool vectorLeaves, int categories, bool single)
    {
        foreach (var fullness in new[] { 1.0, 0.95, 0.8 }) Compare(Full(trees, levels, features, outputs, vectorLeaves, categories, single, fullness), Fast, single);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_symmetric_kernel_gives_the_same_bits_and_leaves_when_trees_are_symmetric(int trees, int levels, int features, int outputs, bool vectorLeaves, int categories, bool single)
    {
        foreach (var deepest in new[] { levels, levels + 5 })
        {
            var ensemble = Symmetric(trees, deepest, features, vectorLeaves ? outputs : 1, categories, single);
            Assert.IsNotType<ReferenceKernel<double>>(KernelSelection.For<double>(ensemble, KernelKind.Symmetric));
            Assert.IsType(KernelSelection.For<double>(ensemble, KernelKind.Symmetric).GetType(), KernelSelection.For<double>(ensemble, KernelKind.Automatic));
            Compare(ensemble, [.. Fast, KernelKind.Symmetric], single);
        }
    }

    [Fact]
    public void A_tree_that_is_not_symmetric_is_walked()
    {
        foreach (var (threshold, feature, defaultLeft) in new[] { (2.0, 1, true), (1.0, 0, true), (1.0, 1, false) })
        {
            var ensemble = new TreeEnsembleBuilder(2, 1)
                .BeginTree(7).Split(0, 0, 0, 1, 2, true).Split(1, 1, 1, 3, 4, true).Split(2, feature, threshold, 5, 6, defaultLeft).Leaf(3, 3).Leaf(4, 4).Leaf(5, 5).Leaf(6, 6).EndTree().Build();
            Assert.IsType<ReferenceKernel<double>>(KernelSelection.For<double>(ensemble, KernelKind.Symmetric));
            var margins = new double[1];
            KernelSelection.For<double>(ensemble, KernelKind.Automatic).Score([1, 1.5], margins);
            Assert.Equal(threshold > 1 ? 5 : 6, margins[0]);
        }
    }

    private static void Compare(TreeEnsemble ensemble, KernelKind[] kinds, bool single)
    {
        Compare<double>(ensemble, kinds);
        if (single) Compare<float>(ensemble, kinds);
    }

    private static void Compare<T>(TreeEnsemble ensemble, KernelKind[] kinds)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var reference = KernelSelection.For<T>(ensemble, KernelKind.Reference);
        var features = ensemble.FeatureCount;
        var rows = Array.ConvertAll(RandomForests.DoubleRows(5, 260, features, ensemble), T.CreateTruncating);
        foreach (var kind in kinds)
        {
            var kernel = KernelSelection.For<T>(ensemble, kind);
            Assert.IsNotType<ReferenceKernel<T>>(kernel);
            foreach (var count in new[] { 1, 5, 17, 64, 260, 260 })
            {
                var expected = new T[count * kernel.Outputs];
                var margins = new T[count * kernel.Outputs];
                reference.Score(rows.AsSpan(0, count * features), expected);
                kernel.Score(rows.AsSpan(0, count * features), margins);
                Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(margins.AsSpan())), $"{kind}, {count} rows: {margins[0]}…, expected {expected[0]}…");
            }
            for (var row = 0; row < 20; row++)
            {
                var expected = new int[kernel.Trees];
                var leaves = new int[kernel.Trees];
                reference.FindLeaves(rows.AsSpan(row * features, features), expected);
                kernel.FindLeaves(rows.AsSpan(row * features, features), leaves);
                Assert.Equal(expected, leaves);
            }
        }
    }

    /// <param name="fullness">The chance that a node above the last level is split.</param>
    private static TreeEnsemble Full(int trees, int levels, int features, int outputs, bool vectorLeaves, int categories, bool single, double fullness)
    {
        var random = new Random(trees + levels);
        var builder = new TreeEnsembleBuilder(features, outputs, single ? TreeArithmetic.Float32 : TreeArithmetic.Float64).BaseMargins(0.3);
        for (var tree = 0; tree < trees; tree++)
        {
            var children = new List<int> { -1 };
            var depths = new List<int> { 0 };
            for (var node = 0; node < children.Count; node++)
            {
                if (depths[node] == levels || random.NextDouble() >= fullness) continue;
                children[node] = children.Count;
                children.AddRange([-1, -1]);
                depths.AddRange([depths[node] + 1, depths[node] + 1]);
            }
            builder.BeginTree(children.Count, vectorLeaves ? 0 : random.Next(outputs));
            for (var node = 0; node < children.Count; node++)
            {
                if (children[node] < 0)
                {
                    if (vectorLeaves) builder.VectorLeaf(node, [.. Enumerable.Range(0, outputs).Select(_ => random.NextDouble())]);
                    else builder.Leaf(node, random.NextDouble());
                }
                else if (categories > 0 && random.Next(3) == 0)
                {
                    builder.CategoricalSplit(node, random.Next(features), SomeOf(random, categories), children[node], children[node] + 1, random.Next(2) == 0);
                }
                else
                {
                    builder.Split(node, random.Next(features), (random.NextDouble() - 0.5) * 20, children[node], children[node] + 1, random.Next(2) == 0);
                }
            }
            builder.EndTree();
        }
        return builder.Build();
    }

    private static TreeEnsemble Symmetric(int trees, int levels, int features, int outputs, int categories, bool single)
    {
        var random = new Random(trees * levels);
        var builder = new TreeEnsembleBuilder(features, outputs, single ? TreeArithmetic.Float32 : TreeArithmetic.Float64).BaseMargins(0.3);
        for (var tree = 0; tree < trees; tree++)
        {
            var splits = new SymmetricLevel[tree == 0 ? levels : random.Next(levels + 1)];
            foreach (ref var split in splits.AsSpan())
            {
                var set = categories > 0 && random.Next(3) == 0 ? builder.CategorySet(0, SomeOf(random, categories)) : -1;
                split = new SymmetricLevel(random.Next(features), (float)((random.NextDouble() - 0.5) * 20), set, random.Next(2) == 0);
            }
            var values = new double[outputs << splits.Length];
            foreach (ref var value in values.AsSpan()) value = random.NextDouble();
            builder.SymmetricTree(splits, values, []);
        }
        return builder.Build();
    }

    private static int[] SomeOf(Random random, int categories) => [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(categories))];
}

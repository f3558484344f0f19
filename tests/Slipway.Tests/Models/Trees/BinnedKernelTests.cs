using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

public class BinnedKernelTests
{
    /// <summary>Trees, levels, features, outputs, vector leaves, float32.</summary>
    public static TheoryData<int, int, int, int, bool, bool> Shapes => new()
    {
        { 1, 1, 1, 1, false, true },
        { 40, 3, 4, 1, false, true },
        { 5, 4, 3, 3, true, true },
        { 33, 5, 60, 1, false, true },
        { 100, 6, 30, 1, false, true },
        { 70, 6, 30, 3, false, false },
        { 40, 6, 100, 1, false, true },
        { 150, 6, 240, 1, false, true },
        { 9, 7, 5, 1, false, true },
        { 8, 7, 30, 2, true, false },
        { 21, 8, 40, 1, false, false },
        { 7, 9, 12, 1, false, true },
        { 35, 9, 120, 1, false, true },
        { 5, 10, 3, 1, false, true },
        { 34, 10, 250, 1, false, true },
        { 34, 10, 60, 1, false, false },
        { 64, 2, 20, 1, false, true },
        { 65, 5, 17, 1, false, false },
        { 130, 6, 16, 2, false, true },
        { 129, 7, 250, 1, false, true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_binned_kernel_gives_the_same_bits_and_leaves_as_the_reference(int trees, int levels, int features, int outputs, bool vectorLeaves, bool single)
    {
        Assert.SkipUnless(BinnedKernel.IsSupported, "the machine cannot permute bytes (AVX-512 VBMI)");
        foreach (var (fullness, defaultLeft) in new[] { (1.0, 0), (0.97, 1), (0.97, 2) })
        {
            var ensemble = Full(trees, levels, features, outputs, vectorLeaves, single, fullness, defaultLeft);
            Compare<double>(ensemble);
            if (single) Compare<float>(ensemble);
        }
    }

    [Fact]
    public void Groups_of_unequal_trees_and_of_single_leaves_are_added_in_the_order_of_trees()
    {
        Assert.SkipUnless(BinnedKernel.IsSupported, "the machine cannot permute bytes (AVX-512 VBMI)");
        // Sixty-four together: shallow ones, leaves only, both with deep ones.
        foreach (var single in new[] { true, false })
        {
            var ensemble = Full(300, 9, 40, 1, false, single, 0.97, 2, levelsOf: tree => tree < 64 ? tree % 4 : tree is >= 128 and < 200 ? 0 : 9 - (tree % 3));
            Compare<double>(ensemble);
            if (single) Compare<float>(ensemble);
        }
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(90, 2)]
    [InlineData(90, 7)]
    [InlineData(250, 50)]
    public void Features_without_splits_are_passed_over(int features, int oneIn)
    {
        Assert.SkipUnless(BinnedKernel.IsSupported, "the machine cannot permute bytes (AVX-512 VBMI)");
        foreach (var defaultWays in new[] { 0, 1, 2 })
        {
            var ensemble = Full(100, 6, features, 1, false, true, 1, defaultWays, usesFeature: feature => feature % oneIn != 3 % oneIn);
            Compare<double>(ensemble);
            Compare<float>(ensemble);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(1, 5)]
    [InlineData(4, 6)]
    [InlineData(5, 6)]
    [InlineData(18, 6)]
    [InlineData(2, 10)]
    public void Any_number_of_thresholds_is_told_apart(int trees, int levels)
    {
        Assert.SkipUnless(BinnedKernel.IsSupported, "the machine cannot permute bytes (AVX-512 VBMI)");
        // Every tree searches the next thresholds, 0, 1, 2, …: the sum of leaves is how many a value is not below.
        var splits = (1 << levels) - 1;
        var builder = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32);
        for (var tree = 0; tree < trees; tree++)
        {
            builder.BeginTree((2 * splits) + 1);
            for (var node = 0; node < splits; node++)
            {
                var level = BitOperations.Log2((uint)node + 1);
                var place = (((2 * (node + 1 - (1 << level))) + 1) << (levels - 1 - level)) - 1;
                builder.Split(node, 0, (tree * splits) + place, (2 * node) + 1, (2 * node) + 2, defaultLeft: tree % 2 == 1);
            }
            for (var leaf = 0; leaf <= splits; leaf++) builder.Leaf(splits + leaf, leaf);
            builder.EndTree();
        }
        var kernel = Make<float>(builder.Build());
        var margins = new float[2 * trees * splits];
        kernel.Score([.. Enumerable.Range(0, margins.Length).Select(i => (i / 2f) - 0.25f)], margins);
        for (var i = 0; i < margins.Length; i++) Assert.Equal((i / 2) + (i % 2), margins[i]);
        kernel.Score([float.NaN], margins.AsSpan(0, 1));
        Assert.Equal((trees + 1) / 2 * splits, margins[0]);
    }

    [Fact]
    public void A_wide_row_with_a_missing_value_anywhere_goes_its_way()
    {
        Assert.SkipUnless(BinnedKernel.IsSupported, "the machine cannot permute bytes (AVX-512 VBMI)");
        const int Features = 300;
        var builder = new TreeEnsembleBuilder(Features, 1, TreeArithmetic.Float32);
        for (var tree = 0; tree < Features; tree++) builder.BeginTree(3).Split(0, tree, 0.5, 1, 2, defaultLeft: false).Leaf(1, 0).Leaf(2, 1).EndTree();
        var kernel = Make<float>(builder.Build());
        for (var missing = 0; missing < Features; missing++)
        {
            var (row, margin) = (new float[Features], new float[1]);
            row[missing] = float.NaN;
            kernel.Score(row, margin);
            Assert.Equal([1f], margin);
        }
    }

    [Fact]
    public void What_would_take_more_room_than_its_nodes_is_walked()
    {
        // A chain of ten levels: a perfect tree has a hundred times as many nodes.
        var builder = new TreeEnsembleBuilder(3, 1);
        for (var tree = 0; tree < 100; tree++)
        {
            builder.BeginTree(21);
            for (var i = 0; i < 10; i++) builder.Split(2 * i, i % 3, i, (2 * i) + 1, (2 * i) + 2, defaultLeft: false).Leaf((2 * i) + 1, i);
            builder.Leaf(20, -1).EndTree();
        }
        Assert.IsType<ReferenceKernel<double>>(KernelSelection.For<double>(builder.Build(), KernelKind.Binned));
    }

    [Theory]
    [InlineData(300, 100, true)]
    [InlineData(600, 500, true)]
    [InlineData(100, 500, false)]
    [InlineData(100, 30, true)]
    [InlineData(12, 30, false)]
    public void Enough_trees_for_the_features_choose_it(int trees, int features, bool chosen)
    {
        Assert.SkipUnless(BinnedKernel.IsSupported, "the machine cannot permute bytes (AVX-512 VBMI)");
        var ensemble = Full(trees, 7, features, 1, false, true, 1, 0);
        Assert.Equal(chosen, KernelSelection.For<float>(ensemble, KernelKind.Automatic).GetType() == Make<float>(ensemble).GetType());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void Scoring_and_finding_leaves_allocate_nothing(int count)
    {
        var ensemble = Full(40, 9, 30, 1, false, true, 1, 2);
        var kernel = KernelSelection.For<float>(ensemble, KernelKind.Binned);
        var (rows, margins, leaves) = (RandomForests.Rows(4, count, 30, ensemble), new float[count], new int[kernel.Trees]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            kernel.Score(rows, margins);
            kernel.FindLeaves(rows.AsSpan(0, 30), leaves);
        }));
    }

    private static TreeKernel<T> Make<T>(TreeEnsemble ensemble)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var kernel = KernelSelection.For<T>(ensemble, KernelKind.Binned);
        Assert.IsNotType<ReferenceKernel<T>>(kernel);
        return kernel;
    }

    private static void Compare<T>(TreeEnsemble ensemble)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var kernel = Make<T>(ensemble);
        var reference = KernelSelection.For<T>(ensemble, KernelKind.Reference);
        var features = ensemble.FeatureCount;
        var rows = Array.ConvertAll(RandomForests.DoubleRows(5, 150, features, ensemble), T.CreateTruncating);
        foreach (var count in new[] { 0, 1, 3, 4, 63, 150 })
        {
            var (expected, margins) = (new T[count * kernel.Outputs], new T[count * kernel.Outputs]);
            reference.Score(rows.AsSpan(0, count * features), expected);
            kernel.Score(rows.AsSpan(0, count * features), margins);
            Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(margins.AsSpan())), $"{count} rows of {typeof(T)}");
        }
        for (var row = 0; row < 20; row++)
        {
            var (expected, leaves) = (new int[kernel.Trees], new int[kernel.Trees]);
            reference.FindLeaves(rows.AsSpan(row * features, features), expected);
            kernel.FindLeaves(rows.AsSpan(row * features, features), leaves);
            Assert.Equal(expected, leaves);
        }
    }

    /// <param name="fullness">The chance that a node above the last level is split.</param>
    /// <param name="defaultWays">0: missing goes right; 1: left; 2: either way.</param>
    /// <param name="levelsOf">Of each tree; null: all have <paramref name="levels"/>.</param>
    /// <param name="usesFeature">Whether there are splits on a feature; null: on all.</param>
    private static TreeEnsemble Full(
        int trees, int levels, int features, int outputs, bool vectorLeaves, bool single, double fullness, int defaultWays, Func<int, int>? levelsOf = null, Func<int, bool>? usesFeature = null)
    {
        var random = new Random(trees + levels);
        var used = Enumerable.Range(0, features).Where(usesFeature ?? (_ => true)).ToArray();
        var builder = new TreeEnsembleBuilder(features, outputs, single ? TreeArithmetic.Float32 : TreeArithmetic.Float64).BaseMargins(0.3);
        for (var tree = 0; tree < trees; tree++)
        {
            var children = new List<int> { -1 };
            var depths = new List<int> { 0 };
            for (var node = 0; node < children.Count; node++)
            {
                if (depths[node] == (levelsOf?.Invoke(tree) ?? levels) || (node > 0 && random.NextDouble() >= fullness)) continue;
                children[node] = children.Count;
                children.AddRange([-1, -1]);
                depths.AddRange([depths[node] + 1, depths[node] + 1]);
            }
            builder.BeginTree(children.Count, vectorLeaves ? 0 : random.Next(outputs));
            for (var node = 0; node < children.Count; node++)
            {
                if (children[node] >= 0) builder.Split(node, used[random.Next(used.Length)], random.Next(-100, 100) / 8.0, children[node], children[node] + 1, defaultWays == 2 ? random.Next(2) == 0 : defaultWays == 1);
                else if (vectorLeaves) builder.VectorLeaf(node, [.. Enumerable.Range(0, outputs).Select(_ => random.NextDouble())]);
                else builder.Leaf(node, random.NextDouble());
            }
            builder.EndTree();
        }
        return builder.Build();
    }
}

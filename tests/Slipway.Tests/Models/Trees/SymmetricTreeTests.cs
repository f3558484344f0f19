using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

public class SymmetricTreeTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void Levels_lay_out_the_tree_that_its_nodes_would(int outputs, bool hasCovers)
    {
        var random = new Random(outputs);
        var (whole, single) = (new TreeEnsembleBuilder(4, outputs).Expect(10_000), new TreeEnsembleBuilder(4, outputs));
        foreach (var depth in new[] { 3, 0, 1, 6 })
        {
            var levels = new SymmetricLevel[depth];
            var values = new double[outputs << depth];
            var covers = hasCovers ? new double[1 << depth] : [];
            foreach (ref var value in values.AsSpan()) value = random.NextDouble() - 0.5;
            foreach (ref var cover in covers.AsSpan()) cover = random.Next(0, 50);
            for (var level = 0; level < depth; level++)
            {
                var set = level == 1 ? whole.CategorySet(0, [2, 5]) : -1;
                levels[level] = new SymmetricLevel(random.Next(4), random.NextDouble(), set, random.Next(2) == 0);
            }
            whole.SymmetricTree(levels, values, covers);
            AddNodes(single, levels, values, covers, outputs);
        }
        var (a, b) = (whole.Build(), single.Build());
        Assert.NotNull(a.Symmetric);
        RequireSame(b, a);
        var rows = RandomForests.Rows(5, 40, 4).Select(v => (double)v).ToArray();
        var (left, right) = (new double[40 * outputs], new double[40 * outputs]);
        KernelSelection.For<double>(a, KernelKind.Automatic).Score(rows, left);
        KernelSelection.For<double>(b, KernelKind.Reference).Score(rows, right);
        Assert.Equal(right, left);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Trees_of_levels_before_and_behind_others_become_nodes_like_them(int outputs)
    {
        var random = new Random(outputs);
        var (mixed, single) = (new TreeEnsembleBuilder(4, outputs), new TreeEnsembleBuilder(4, outputs));
        foreach (var depth in new[] { 2, 1, -1, 3, 0, -1, 2 })
        {
            var values = new double[outputs << Math.Max(0, depth)];
            foreach (ref var value in values.AsSpan()) value = random.NextDouble();
            var levels = Enumerable.Range(0, Math.Max(0, depth)).Select(_ => new SymmetricLevel(random.Next(4), random.NextDouble(), -1, true)).ToArray();
            if (depth >= 0) mixed.SymmetricTree(levels, values, []);
            else AddNodes(mixed, levels, values, [], outputs);
            AddNodes(single, levels, values, [], outputs);
        }
        var (a, b) = (mixed.Build(), single.Build());
        Assert.Null(a.Symmetric);
        RequireSame(b, a);
    }

    [Fact]
    public void Covers_of_some_trees_only_leave_those_of_others_unknown()
    {
        var trees = new TreeEnsembleBuilder(1, 1).SymmetricTree([], [1], []).SymmetricTree([new SymmetricLevel(0, 0, -1, true)], [1, 2], [3, 4]).SymmetricTree([], [1], []).Build();
        Assert.Equal([double.NaN, 7, 3, 4, double.NaN], trees.Covers);
    }

    [Fact]
    public void The_first_trees_are_those_of_the_nodes()
    {
        var builder = new TreeEnsembleBuilder(4, 2);
        for (var depth = 0; depth < 4; depth++)
        {
            var levels = Enumerable.Range(0, depth).Select(level => new SymmetricLevel(level, depth, -1, true)).ToArray();
            builder.SymmetricTree(levels, [.. Enumerable.Range(0, 2 << depth).Select(v => (double)v)], [.. Enumerable.Range(0, 1 << depth).Select(v => (double)v)]);
        }
        var all = builder.Build();
        var three = all.First(3);
        Assert.Equal(3, three.TreeCount);
        Assert.Equal(1 + 3 + 7, three.NodeCount);
        Assert.Equal(all.Thresholds[..11], three.Thresholds);
        Assert.Equal(all.LeafVectors[..14], three.LeafVectors);
        Assert.Equal(all.Covers[..11], three.Covers);
        var (margins, expected) = (new double[4], new double[4]);
        KernelSelection.For<double>(three, KernelKind.Symmetric).Score([0, 1, 2, 3, double.NaN, 5, 0, 1], margins);
        KernelSelection.For<double>(three, KernelKind.Reference).Score([0, 1, 2, 3, double.NaN, 5, 0, 1], expected);
        Assert.Equal(expected, margins);
    }

    [Fact]
    public void Leaves_that_are_handed_over_are_not_copied()
    {
        const int Trees = 100, Leaves = 1 << 10;
        var (values, covers) = (new double[Trees * Leaves], new double[Trees * Leaves]);
        var levels = Enumerable.Range(0, 10).Select(level => new SymmetricLevel(0, level, -1, true)).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var builder = new TreeEnsembleBuilder(1, 1).TakeLeaves(values, covers);
        for (var tree = 0; tree < Trees; tree++) builder.SymmetricTree(levels, values.AsSpan(tree * Leaves, Leaves), covers.AsSpan(tree * Leaves, Leaves));
        var trees = builder.Build();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Same(values, ImmutableCollectionsMarshal.AsArray(trees.Symmetric!.LeafValues));
        Assert.True(allocated < values.Length * sizeof(double), $"{allocated} bytes");
    }

    [Fact]
    public void Levels_that_do_not_fit_are_refused()
    {
        var builder = new TreeEnsembleBuilder(2, 1);
        Assert.Contains("feature 2", Assert.Throws<ModelException>(() => builder.SymmetricTree([new SymmetricLevel(2, 0, -1, true)], [1, 2], [])).Message, StringComparison.Ordinal);
        Assert.Contains("not a number", Assert.Throws<ModelException>(() => builder.SymmetricTree([new SymmetricLevel(0, double.NaN, -1, true)], [1, 2], [])).Message, StringComparison.Ordinal);
        Assert.Contains("3 values for 2 leaves", Assert.Throws<ModelException>(() => builder.SymmetricTree([new SymmetricLevel(0, 0, -1, true)], [1, 2, 3], [])).Message, StringComparison.Ordinal);
        Assert.Contains("1 covers for 2 leaves", Assert.Throws<ModelException>(() => builder.SymmetricTree([new SymmetricLevel(0, 0, -1, true)], [1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("27 levels", Assert.Throws<ModelException>(() => builder.SymmetricTree(new SymmetricLevel[27], [], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_sums_are_scaled_and_shifted()
    {
        var trees = new TreeEnsembleBuilder(1, 2).SymmetricTree([new SymmetricLevel(0, 0.5, -1, true)], [1, 10, 2, 20], []).SymmetricTree([], [0.25, 0.5], []).Build();
        var kernel = new ScaledKernel<double>(KernelSelection.For<double>(trees, KernelKind.Automatic), new ScaleAndBias(0.5, [100, -1]));
        var margins = new double[4];
        kernel.Score([0, 1], margins);
        Assert.Equal([100.625, 4.25, 101.125, 9.25], margins);
    }

    private static void RequireSame(TreeEnsemble expected, TreeEnsemble actual)
    {
        Assert.Equal(expected.TreeStarts, actual.TreeStarts);
        Assert.Equal(expected.TreeDepths, actual.TreeDepths);
        Assert.Equal(expected.Features, actual.Features);
        Assert.Equal(expected.Thresholds, actual.Thresholds);
        Assert.Equal(expected.LeftChildren, actual.LeftChildren);
        Assert.Equal(expected.DefaultLeft, actual.DefaultLeft);
        Assert.Equal(expected.CategorySets, actual.CategorySets);
        Assert.Equal(expected.NodeIds, actual.NodeIds);
        Assert.Equal(expected.LeafVectors, actual.LeafVectors);
        Assert.Equal(expected.Covers, actual.Covers);
    }

    private static void AddNodes(TreeEnsembleBuilder builder, SymmetricLevel[] levels, double[] values, double[] covers, int outputs)
    {
        var leaves = 1 << levels.Length;
        builder.BeginTree((2 * leaves) - 1);
        // The set that the levels name was made for another builder; this one gives it the same number.
        if (levels.Length > 1 && levels[1].Set >= 0) Assert.Equal(levels[1].Set, builder.CategorySet(0, [2, 5]));
        for (var node = 0; node < leaves - 1; node++)
        {
            var level = levels[System.Numerics.BitOperations.Log2((uint)node + 1)];
            if (level.Set >= 0) builder.CategoricalSplit(node, level.Feature, level.Set, (2 * node) + 1, (2 * node) + 2, level.DefaultLeft);
            else builder.Split(node, level.Feature, level.Threshold, (2 * node) + 1, (2 * node) + 2, level.DefaultLeft);
        }
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            if (outputs == 1) builder.Leaf(leaves - 1 + leaf, values[leaf], leaf);
            else builder.VectorLeaf(leaves - 1 + leaf, values.AsSpan(leaf * outputs, outputs), leaf);
        }
        if (covers.Length > 0) AddCovers(builder, covers);
        builder.EndTree();
    }

    private static void AddCovers(TreeEnsembleBuilder builder, double[] covers)
    {
        double[] sums = [.. new double[covers.Length - 1], .. covers];
        for (var node = covers.Length - 2; node >= 0; node--) sums[node] = sums[(2 * node) + 1] + sums[(2 * node) + 2];
        for (var node = 0; node < sums.Length; node++) builder.Statistics(node, sums[node], 0);
    }
}

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
        var (whole, single) = (new TreeEnsembleBuilder(4, outputs).Expect(10_000, 10_000), new TreeEnsembleBuilder(4, outputs));
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
        Assert.Equal(b.TreeStarts, a.TreeStarts);
        Assert.Equal(b.TreeDepths, a.TreeDepths);
        Assert.Equal(b.Features, a.Features);
        Assert.Equal(b.Thresholds, a.Thresholds);
        Assert.Equal(b.LeftChildren, a.LeftChildren);
        Assert.Equal(b.DefaultLeft, a.DefaultLeft);
        Assert.Equal(b.CategorySets, a.CategorySets);
        Assert.Equal(b.NodeIds, a.NodeIds);
        Assert.Equal(b.LeafVectors, a.LeafVectors);
        Assert.Equal(b.Covers, a.Covers);
        var rows = RandomForests.Rows(5, 40, 4).Select(v => (double)v).ToArray();
        var (left, right) = (new double[40 * outputs], new double[40 * outputs]);
        KernelSelection.For<double>(a, KernelKind.Automatic).Score(rows, left);
        KernelSelection.For<double>(b, KernelKind.Reference).Score(rows, right);
        Assert.Equal(right, left);
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

    private static void AddNodes(TreeEnsembleBuilder builder, SymmetricLevel[] levels, double[] values, double[] covers, int outputs)
    {
        var leaves = 1 << levels.Length;
        builder.BeginTree((2 * leaves) - 1);
        // The set that the levels name was made for another builder; this one gives it the same number.
        if (levels.Length > 1) Assert.Equal(levels[1].Set, builder.CategorySet(0, [2, 5]));
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

using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;
using Xunit;

namespace Slipway.Tests.Models.Trees;

public sealed class TreeEnsembleStatisticsTests
{
    [Fact]
    public void Statistics_follow_their_nodes_and_trees_without_any_have_NaN()
    {
        var trees = new TreeEnsembleBuilder(1, 1)
            .BeginTree(1).Leaf(0, 1).EndTree()
            .BeginTree(3).Split(0, 0, 0.5, left: 2, right: 1, defaultLeft: true).Statistics(0, 10, 3).Leaf(1, 1).Statistics(1, 4, 0).Leaf(2, 2).Statistics(2, 6, 0).EndTree()
            .BeginTree(1).Leaf(0, 1).EndTree()
            .Build();

        Assert.Equal([double.NaN, 10, 6, 4, double.NaN], trees.Covers);
        Assert.Equal([double.NaN, 3, 0, 0, double.NaN], trees.Gains);
    }

    [Fact]
    public void Statistics_and_numbers_of_nodes_are_left_out_for_scores()
    {
        var trees = new TreeEnsembleBuilder(1, 1).ForScores()
            .BeginTree(3).Split(0, 0, 0.5, left: 1, right: 2, defaultLeft: true).Statistics(0, 10, 3).Leaf(1, 1).Statistics(1, 4, 0).Leaf(2, 2).Statistics(2, 6, 0).EndTree().Build();

        Assert.Empty(trees.Covers);
        Assert.Empty(trees.Gains);
        Assert.Empty(trees.NodeIds);
        Assert.Empty(trees.First(1).NodeIds);
    }

    [Fact]
    public void Leaf_numbers_are_those_given_or_else_the_nodes()
    {
        var trees = new TreeEnsembleBuilder(1, 1).BeginTree(3).Split(0, 0, 0.5, left: 1, right: 2, defaultLeft: true).Leaf(1, 1, 77).Leaf(2, 2).EndTree().Build();

        Assert.Equal([0, 77, 2], trees.NodeIds);
    }

    [Theory]
    [InlineData(KernelKind.Reference)]
    [InlineData(KernelKind.Interleaved)]
    [InlineData(KernelKind.Automatic)]
    internal void Linear_leaves_fall_back_to_their_value_where_a_feature_is_missing(KernelKind kind)
    {
        var trees = new TreeEnsembleBuilder(2, 1).BaseMargins(100)
            .BeginTree(3).Split(0, 0, 0.5, left: 1, right: 2, defaultLeft: true)
            .LinearLeaf(1, 1, [0, 1], [10, 100], -5, 0).LinearLeaf(2, 7, [], [], -6, 1).EndTree()
            .BeginTree(1).Leaf(0, 0.25).EndTree()
            .Build();
        var margins = new double[4];

        KernelSelection.For<double>(trees, kind).Score([0.25, 3, 0.25, double.NaN, double.NaN, 1, 2, double.NaN], margins);

        Assert.Equal([100 + (1 + 2.5 + 300) + 0.25, 95.25, 95.25, 107.25], margins);
    }

    [Fact]
    public void Linear_leaves_are_refused_in_float32() =>
        Assert.Contains("float64 only", Assert.Throws<ModelException>(() => new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree(1).LinearLeaf(0, 1, [0], [1], 0, 0)).Message, StringComparison.Ordinal);
}

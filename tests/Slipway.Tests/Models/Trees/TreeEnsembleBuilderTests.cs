using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

public class TreeEnsembleBuilderTests
{
    [Fact]
    public void Nodes_are_laid_out_breadth_first_with_siblings_together_and_unreached_ones_dropped()
    {
        var ensemble = new TreeEnsembleBuilder(features: 2, outputs: 1)
            .BeginTree(nodes: 6)
            .Leaf(5, 50).Leaf(1, 10).Leaf(4, 40).Leaf(3, 30)
            .Split(0, 1, 0.5f, left: 4, right: 2, defaultLeft: true)
            .Split(2, 0, 1.5f, left: 5, right: 1, defaultLeft: false)
            .EndTree().Build();

        Assert.Equal([1, -1, 0, -1, -1], ensemble.Features);
        Assert.Equal([0.5, 40, 1.5, 50, 10], ensemble.Thresholds);
        Assert.Equal([1, -1, 3, -1, -1], ensemble.LeftChildren);
        Assert.Equal([true, false, false, false, false], ensemble.DefaultLeft);
        Assert.Equal([0, 5], ensemble.TreeStarts);
        Assert.Equal(2, ensemble.MaxDepth);
    }

    [Fact]
    public void Damage_is_refused_with_the_tree_and_the_node()
    {
        Refuses("tree 1, node 0: the left child 7 does not exist", b => b.Split(0, 0, 1, 7, 1, true).Leaf(1, 1));
        Refuses("tree 1, node 0: the right child -1 does not exist", b => b.Split(0, 0, 1, 1, -1, true).Leaf(1, 1));
        Refuses("tree 1, node 0: the right child 2 does not exist", b => b.Split(0, 0, 1, 1, 2, true).Leaf(1, 1));
        Refuses("tree 1, node 0: the right child 1 is reached twice", b => b.Split(0, 0, 1, 1, 1, true).Leaf(1, 1));
        Refuses("tree 1, node 1: the left child 0 is reached twice", b => b.Split(0, 0, 1, 1, 2, true).Split(1, 0, 1, 0, 2, true).Leaf(2, 1));
        Refuses("tree 1, node 0: it splits on feature 3, but there are 3 features", b => b.Split(0, 3, 1, 1, 2, true));
        Refuses("tree 1, node 0: it splits on feature -1", b => b.Split(0, -1, 1, 1, 2, true));
        Refuses("tree 1, node 0: the threshold is not a number", b => b.Split(0, 0, double.NaN, 1, 2, true));
        Refuses("tree 1, node 9: the tree has 4 nodes", b => b.Leaf(9, 1));
        Refuses("tree 1, node 0: the node is given twice", b => b.Leaf(0, 1).Leaf(0, 2));
        Refuses("tree 1, node 0: category -2 is outside", b => b.CategoricalSplit(0, 0, [4, -2], 1, 2, true));
        Refuses("tree 1, node 0: category 16777216 is outside", b => b.CategoricalSplit(0, 0, [1 << 24], 1, 2, true));
        Refuses("tree 1, node 0: the leaf has 2 values for 1 outputs", b => b.VectorLeaf(0, [1, 2]));
        Refuses("tree 1 mixes leaves", b => b.VectorLeaf(0, [1]));
        Refuses("tree 1 has no root", b => b.Leaf(1, 1));
    }

    [Fact]
    public void Category_sets_take_memory_by_their_members_not_by_their_numbers()
    {
        var builder = new TreeEnsembleBuilder(1, 1).BeginTree(2001);
        for (var i = 0; i < 1000; i++) builder.CategoricalSplit(2 * i, 0, [(1 << 24) - 1, 7], (2 * i) + 1, (2 * i) + 2, true).Leaf((2 * i) + 1, i);
        var ensemble = builder.Leaf(2000, -1).EndTree().Build();
        Assert.Equal(2000, ensemble.Categories.Length);
        Assert.Equal([7, (1 << 24) - 1], ensemble.CategoriesOf(999).ToArray());
    }

    [Fact]
    public void Nodes_keep_the_numbers_that_the_caller_gave_them()
    {
        var ensemble = new TreeEnsembleBuilder(1, 1)
            .BeginTree(9).Split(0, 0, 1, left: 7, right: 3, defaultLeft: true).Leaf(7, 70).Leaf(3, 30).EndTree()
            .BeginTree(1).Leaf(0, 1).EndTree().Build();
        Assert.Equal([0, 7, 3, 0], ensemble.NodeIds);
    }

    [Theory]
    [InlineData(1.0, 1.0, true)]
    [InlineData(1.0, 1.0000000000000002, false)]
    [InlineData(0.0, -0.0, true)]
    [InlineData(0.0, double.Epsilon, false)]
    [InlineData(-double.Epsilon, -0.0, false)]
    [InlineData(double.MaxValue, double.MaxValue, true)]
    [InlineData(double.MaxValue, double.PositiveInfinity, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity, true)]
    [InlineData(double.NegativeInfinity, double.MinValue, false)]
    public void A_split_at_most_sends_the_threshold_itself_left(double threshold, double x, bool goesLeft)
    {
        foreach (var defaultLeft in new[] { true, false })
        {
            var ensemble = new TreeEnsembleBuilder(1, 1).BeginTree(3).SplitAtMost(0, 0, threshold, 1, 2, defaultLeft).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
            foreach (var kind in Enum.GetValues<KernelKind>())
            {
                var margins = new double[2];
                KernelSelection.For<double>(ensemble, kind).Score([x, double.NaN], margins);
                Assert.Equal([goesLeft ? 1 : 2, defaultLeft ? 1 : 2], margins);
            }
        }
    }

    [Fact]
    public void Float32_ensembles_round_leaves_and_base_margins_but_not_thresholds()
    {
        var builder = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BaseMargins(0.1);
        var ensemble = builder.BeginTree(3).Split(0, 0, 0.1, 1, 2, true).Leaf(1, 0.1).Leaf(2, double.NaN).EndTree().Build();
        Assert.Equal([0.1f], ensemble.BaseMargins);
        Assert.Equal([0.1, 0.1f, double.NaN], ensemble.Thresholds);
    }

    [Fact]
    public void Counts_that_make_no_sense_are_refused()
    {
        Assert.Throws<ModelException>(() => new TreeEnsembleBuilder(0, 1));
        Assert.Throws<ModelException>(() => new TreeEnsembleBuilder(1, 0));
        Assert.Throws<ModelException>(() => new TreeEnsembleBuilder(1, 3).BaseMargins(1, 2));
        Assert.Throws<ModelException>(() => new TreeEnsembleBuilder(1, 2).BeginTree(nodes: 1, output: 2));
        Assert.Throws<ModelException>(() => new TreeEnsembleBuilder(1, 2).BeginTree(nodes: 0));
    }

    [Fact]
    public void A_grammar_error_of_the_caller_is_not_blamed_on_the_model()
    {
        Assert.Throws<InvalidOperationException>(() => new TreeEnsembleBuilder(1, 1).Leaf(0, 1));
        Assert.Throws<InvalidOperationException>(() => new TreeEnsembleBuilder(1, 1).EndTree());
        Assert.Throws<InvalidOperationException>(() => new TreeEnsembleBuilder(1, 1).BeginTree(1).BeginTree(1));
        Assert.Throws<InvalidOperationException>(() => new TreeEnsembleBuilder(1, 1).BeginTree(1).Build());
        var done = new TreeEnsembleBuilder(1, 1).BeginTree(1).Leaf(0, 1).EndTree();
        done.Build();
        Assert.Throws<InvalidOperationException>(() => done.BeginTree(1));
        Assert.Throws<InvalidOperationException>(done.Build);
    }

    [Fact]
    public void An_ensemble_without_trees_gives_the_base_margins()
    {
        var ensemble = new TreeEnsembleBuilder(2, 2).BaseMargins(0.5f, -1).Build();
        var margins = new double[4];
        KernelSelection.For<double>(ensemble, KernelKind.Automatic).Score([1, 2, 3, 4], margins);
        Assert.Equal([0.5, -1, 0.5, -1], margins);
    }

    private static void Refuses(string message, Action<TreeEnsembleBuilder> build)
    {
        var builder = new TreeEnsembleBuilder(features: 3, outputs: 1).BeginTree(1).Leaf(0, 1).EndTree().BeginTree(4);
        var error = Assert.Throws<ModelException>(() =>
        {
            build(builder);
            builder.EndTree();
        });
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}

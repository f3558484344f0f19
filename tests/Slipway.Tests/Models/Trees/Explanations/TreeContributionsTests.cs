using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Explanations;
using Xunit;

namespace Slipway.Tests.Models.Trees.Explanations;

public sealed class TreeContributionsTests
{
    /// <summary>Shapley's own formula over all subsets of features, for trees small enough.</summary>
    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(2, 4, 1)]
    [InlineData(3, 5, 3)]
    [InlineData(4, 2, 2)]
    public void Contributions_are_Shapley_values_of_all_subsets(int seed, int features, int outputs)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var trees = RandomTrees(random, features, outputs);
            var row = new double[features];
            foreach (ref var value in row.AsSpan()) value = random.Next(6) == 0 ? double.NaN : random.NextDouble();
            var contributions = new double[outputs * (features + 1)];

            new TreeContributions(trees).Explain<double>(row, contributions);

            for (var output = 0; output < outputs; output++)
            {
                for (var feature = 0; feature < features; feature++)
                {
                    Assert.Equal(Shapley(trees, row, feature, output), contributions[(output * (features + 1)) + feature], 1e-9);
                }
                Assert.Equal(Value(trees, row, 0, output), contributions[(output * (features + 1)) + features], 1e-9);
            }
        }
    }

    [Fact]
    public void Rows_that_no_training_row_followed_still_add_up()
    {
        var trees = new TreeEnsembleBuilder(2, 1)
            .BeginTree(5).Split(0, 0, 0.5, 1, 2, true).Statistics(0, 10, 1).Leaf(1, 1).Statistics(1, 10, 0)
            .Split(2, 1, 0.5, 3, 4, true).Statistics(2, 0, 0).Leaf(3, 5).Statistics(3, 0, 0).Leaf(4, 9).Statistics(4, 0, 0).EndTree().Build();
        var contributions = new double[3];

        new TreeContributions(trees).Explain<double>([0.75, 0.75], contributions);

        Assert.Equal(9, contributions.Sum(), 1e-12);
        Assert.Equal(1, contributions[2]);
    }

    [Fact]
    public void Models_without_statistics_are_refused()
    {
        var trees = new TreeEnsembleBuilder(1, 1).BeginTree(1).Leaf(0, 1).EndTree().Build();

        Assert.Contains("does not tell how many training rows", Assert.Throws<ModelException>(() => new TreeContributions(trees)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trees_too_deep_to_walk_are_refused()
    {
        const int Depth = 2000;
        var builder = new TreeEnsembleBuilder(1, 1).BeginTree((2 * Depth) + 1);
        for (var i = 0; i < Depth; i++)
        {
            builder.Split(2 * i, 0, i, (2 * i) + 1, (2 * i) + 2, true).Statistics(2 * i, 1, 0).Leaf((2 * i) + 1, i).Statistics((2 * i) + 1, 1, 0);
        }
        var trees = builder.Leaf(2 * Depth, 0).Statistics(2 * Depth, 1, 0).EndTree().Build();

        Assert.Contains("levels deep", Assert.Throws<ModelException>(() => new TreeContributions(trees)).Message, StringComparison.Ordinal);
    }

    private static TreeEnsemble RandomTrees(Random random, int features, int outputs)
    {
        var builder = new TreeEnsembleBuilder(features, outputs).BaseMargins(0.5);
        for (var tree = 0; tree < 3; tree++)
        {
            builder.BeginTree(63, tree % outputs);
            Grow(builder, random, features, 0, 0, 1 + random.Next(100));
            builder.EndTree();
        }
        return builder.Build();
    }

    private static void Grow(TreeEnsembleBuilder builder, Random random, int features, int node, int depth, double cover)
    {
        var isLeaf = depth == 4 || random.Next(5) == 0;
        builder.Statistics(node, cover, 0);
        if (isLeaf)
        {
            builder.Leaf(node, random.NextDouble() - 0.5);
            return;
        }
        builder.Split(node, random.Next(features), random.NextDouble(), (2 * node) + 1, (2 * node) + 2, random.Next(2) == 0);
        var left = cover * (0.1 + (0.8 * random.NextDouble()));
        Grow(builder, random, features, (2 * node) + 1, depth + 1, left);
        Grow(builder, random, features, (2 * node) + 2, depth + 1, cover - left);
    }

    private static double Shapley(TreeEnsemble trees, double[] row, int feature, int output)
    {
        var sum = 0.0;
        for (var known = 0; known < 1 << row.Length; known++)
        {
            if ((known >> feature & 1) != 0) continue;
            var size = System.Numerics.BitOperations.PopCount((uint)known);
            var weight = Factorial(size) * Factorial(row.Length - size - 1) / Factorial(row.Length);
            sum += weight * (Value(trees, row, known | (1 << feature), output) - Value(trees, row, known, output));
        }
        return sum;
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    /// <summary>What is expected of an output when only some features are known.</summary>
    private static double Value(TreeEnsemble trees, double[] row, int known, int output) =>
        trees.BaseMargins[output] + Enumerable.Range(0, trees.TreeCount).Where(t => trees.TreeOutputs[t] == output).Sum(t => NodeValue(trees, row, known, trees.TreeStarts[t]));

    private static double NodeValue(TreeEnsemble trees, double[] row, int known, int node)
    {
        if (trees.IsLeaf(node)) return trees.Thresholds[node];
        var left = trees.LeftChildren[node];
        var feature = trees.Features[node];
        if ((known >> feature & 1) != 0) return NodeValue(trees, row, known, trees.GoesLeft(node, row[feature]) ? left : left + 1);
        var share = trees.Covers[left] / trees.Covers[node];
        return (share * NodeValue(trees, row, known, left)) + ((1 - share) * NodeValue(trees, row, known, left + 1));
    }
}

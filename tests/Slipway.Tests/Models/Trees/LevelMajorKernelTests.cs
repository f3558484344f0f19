using System.Runtime.InteropServices;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

public class LevelMajorKernelTests
{
    /// <summary>Trees, levels, features, outputs, vector leaves.</summary>
    public static TheoryData<int, int, int, int, bool> Shapes => new()
    {
        { 8, 3, 1, 1, false },
        { 7, 3, 2, 1, false },
        { 16, 4, 17, 1, false },
        { 14, 5, 40, 1, false },
        { 100, 6, 500, 1, false },
        { 33, 7, 300, 3, false },
        { 12, 6, 30, 4, true },
        { 23, 10, 900, 1, false },
        { 6, 14, 12, 1, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Nearly_full_trees_give_the_bits_and_leaves_of_the_reference(int trees, int levels, int features, int outputs, bool vectorLeaves)
    {
        foreach (var (missing, chance) in new[] { (0, 1.0), (1, 0.97), (2, 0.94) })
        {
            var ensemble = Full(trees, levels, features, outputs, vectorLeaves, chance, missing);
            var kernel = Make(ensemble);
            var reference = KernelSelection.For<float>(ensemble, KernelKind.Reference);
            var rows = RandomForests.Rows(levels, 40, features, ensemble);
            foreach (var count in new[] { 0, 1, 2, 40 })
            {
                var (expected, margins) = (new float[count * outputs], new float[count * outputs]);
                reference.Score(rows.AsSpan(0, count * features), expected);
                kernel.Score(rows.AsSpan(0, count * features), margins);
                Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(margins.AsSpan())), $"{count} rows");
            }
            for (var row = 0; row < 20; row++)
            {
                var (expected, leaves) = (new int[trees], new int[trees]);
                reference.FindLeaves(rows.AsSpan(row * features, features), expected);
                kernel.FindLeaves(rows.AsSpan(row * features, features), leaves);
                Assert.Equal(expected, leaves);
            }
        }
    }

    [Fact]
    public void A_group_has_the_levels_of_its_deepest_tree()
    {
        var ensemble = Full(40, 9, 20, 1, false, 1, 2, levelsOf: tree => 9 - (tree / 8));
        var forest = LevelMajorForest.TryPlan(ensemble)!.Build();
        Assert.Equal([9, 8, 7, 6, 5], forest.Groups.Select(g => g.Levels));
    }

    [Theory]
    [InlineData(3, 11, true)]
    [InlineData(2, 11, false)]
    public void What_would_take_much_more_room_than_its_nodes_is_not_filled_up(int levels, int features, bool taken)
    {
        // Of three levels trees are whole; of two they would be filled up to three.
        var ensemble = Full(64, levels, features, 1, false, 1, 0);
        Assert.Equal(taken, LevelMajorForest.TryPlan(ensemble) is not null);
        Assert.Equal(!taken, KernelSelection.For<float>(ensemble, KernelKind.LevelMajor) is ReferenceKernel<float>);
    }

    [Fact]
    public void Trees_that_are_deeper_or_on_more_features_or_of_float64_or_on_categories_are_left_to_others()
    {
        Assert.Null(LevelMajorForest.TryPlan(Full(8, LevelMajorForest.MaxLevels + 1, 4, 1, false, 1, 0)));
        Assert.Null(LevelMajorForest.TryPlan(Full(400, 4, LevelMajorForest.MaxSlots, 1, false, 1, 2)));
        Assert.Null(LevelMajorForest.TryPlan(RandomForests.Make(1, categories: new Categories(5))));
        Assert.IsType<ReferenceKernel<double>>(KernelSelection.For<double>(Full(8, 4, 4, 1, false, 1, 0), KernelKind.LevelMajor));
    }

    [Theory]
    [InlineData(100, 8, 500)]
    [InlineData(100, 9, 500)]
    public void Few_trees_over_many_features_choose_it(int trees, int levels, int features) =>
        Assert.IsType<LevelMajorKernel>(KernelSelection.For<float>(Full(trees, levels, features, 1, false, 1, 0), KernelKind.Automatic));

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Scoring_and_finding_leaves_allocate_nothing(int count)
    {
        var ensemble = Full(20, 6, 30, 2, false, 1, 2);
        var kernel = Make(ensemble);
        var (rows, margins, leaves) = (RandomForests.Rows(4, count, 30, ensemble), new float[2 * count], new int[kernel.Trees]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            kernel.Score(rows, margins);
            kernel.FindLeaves(rows.AsSpan(0, 30), leaves);
        }));
    }

    private static TreeKernel<float> Make(TreeEnsemble ensemble) => Assert.IsType<LevelMajorKernel>(KernelSelection.For<float>(ensemble, KernelKind.LevelMajor));

    /// <param name="chance">That a node of the last three levels of splits is one.</param>
    /// <param name="missing">0: goes right; 1: left; 2: either way.</param>
    private static TreeEnsemble Full(int trees, int levels, int features, int outputs, bool vectorLeaves, double chance, int missing, Func<int, int>? levelsOf = null)
    {
        var random = new Random(trees + levels + missing);
        var builder = new TreeEnsembleBuilder(features, outputs, TreeArithmetic.Float32).BaseMargins(0.3);
        for (var tree = 0; tree < trees; tree++)
        {
            var depth = levelsOf?.Invoke(tree) ?? levels;
            var (children, depths) = (new List<int> { -1 }, new List<int> { 0 });
            for (var node = 0; node < children.Count; node++)
            {
                if (depths[node] == depth || (depths[node] > depth - 3 && random.NextDouble() >= chance)) continue;
                children[node] = children.Count;
                children.AddRange([-1, -1]);
                depths.AddRange([depths[node] + 1, depths[node] + 1]);
            }
            builder.BeginTree(children.Count, vectorLeaves ? 0 : random.Next(outputs));
            for (var node = 0; node < children.Count; node++)
            {
                if (children[node] >= 0) builder.Split(node, random.Next(features), random.Next(-100, 100) / 8.0, children[node], children[node] + 1, missing == 2 ? random.Next(2) == 0 : missing == 1);
                else if (vectorLeaves) builder.VectorLeaf(node, [.. Enumerable.Range(0, outputs).Select(_ => random.NextDouble())]);
                else builder.Leaf(node, random.NextDouble());
            }
            builder.EndTree();
        }
        return builder.Build();
    }
}

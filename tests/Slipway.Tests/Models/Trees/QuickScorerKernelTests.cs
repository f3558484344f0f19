using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

public class QuickScorerKernelTests
{
    private static readonly int[] Counts = [0, 1, 2, 31, 32, 33, 63, 64, 65, 100, 200, 1100];

    public static TheoryData<int, int, int, int, int, bool, int> Shapes => new()
    {
        // seed, trees, depth, features, outputs, vector leaves, categories
        { 1, 1, 0, 1, 1, false, 0 },
        { 2, 1, 5, 3, 1, false, 0 },
        { 3, 15, 5, 9, 1, false, 0 },
        { 4, 16, 6, 9, 1, false, 0 },
        { 5, 17, 6, 9, 1, false, 0 },
        { 6, 33, 6, 9, 1, false, 0 },
        { 7, 100, 4, 70, 3, false, 0 },
        { 8, 40, 6, 150, 2, true, 0 },
        { 9, 60, 6, 1300, 1, false, 0 },
        { 10, 50, 6, 6, 1, false, 9 },
        { 11, 31, 6, 6, 4, true, 70 },
        { 12, 120, 6, 700, 2, false, 9 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float64_trees_give_the_bits_and_leaves_of_the_reference_when_scored_side_by_side(int seed, int trees, int depth, int features, int outputs, bool vectorLeaves, int categories)
    {
        RequireAvx512();
        foreach (var arithmetic in new[] { TreeArithmetic.Float64, TreeArithmetic.Float32 })
        {
            var ensemble = RandomForests.Make(seed, trees, depth, features, outputs, vectorLeaves, new Categories(categories), arithmetic);
            foreach (var count in Counts)
            {
                if (count * features > 200_000) continue;
                Compare(ensemble, RandomForests.DoubleRows(seed + count, count, features, ensemble), features, count);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float32_trees_give_the_bits_and_leaves_of_the_reference_when_scored_side_by_side(int seed, int trees, int depth, int features, int outputs, bool vectorLeaves, int categories)
    {
        RequireAvx512();
        var ensemble = RandomForests.Make(seed, trees, depth, features, outputs, vectorLeaves, new Categories(categories));
        foreach (var count in Counts)
        {
            if (count * features <= 200_000) Compare(ensemble, RandomForests.Rows(seed + count, count, features, ensemble), features, count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_of_as_many_leaves_as_there_are_bits_is_taken_and_a_longer_one_is_not(bool toTheLeft)
    {
        RequireAvx512();
        var rows = new double[150];
        for (var i = 0; i < rows.Length; i++) rows[i] = i % 50 == 49 ? double.NaN : (i / 2.0) - 3;
        // The last leaf is alone in its word, has company there, or is in the first word.
        foreach (var leaves in new[] { QuickScorer.LeavesPerWord, QuickScorer.LeavesPerWord + 1, QuickScorer.LeavesPerWord + 2, QuickScorer.MaxLeaves })
        {
            Compare(Chains(20, leaves - 1, toTheLeft), rows, 1, rows.Length);
        }
        Assert.IsType<ReferenceKernel<double>>(KernelSelection.For<double>(Chains(20, QuickScorer.MaxLeaves, toTheLeft), KernelKind.QuickScorer));
    }

    [Fact]
    public void Small_trees_that_are_alike_are_chosen_for_it_and_trees_that_are_unlike_are_not()
    {
        RequireAvx512();
        Assert.IsType<QuickScorerKernel<double, OrderNodes>>(KernelSelection.For<double>(Chains(40, 30, false), KernelKind.Automatic));
        // One long tree among single leaves: nearly all places would be empty.
        Assert.IsNotType<QuickScorerKernel<double, OrderNodes>>(KernelSelection.For<double>(Chains(16, 30, false, others: 0), KernelKind.Automatic));
        // More keys than registers hold.
        Assert.IsNotType<QuickScorerKernel<double, OrderNodes>>(KernelSelection.For<double>(RandomForests.Make(1, 300, 6, 1300, arithmetic: TreeArithmetic.Float64), KernelKind.Automatic));
    }

    [Fact]
    public void Splits_take_nine_bytes_and_leaves_their_value_and_one_byte()
    {
        RequireAvx512();
        var ensemble = Chains(64, 30, false);
        var forest = QuickScorerForest<double>.TryCreate<OrderNodes>(ensemble)!;
        Assert.Equal(64 * 31, forest.Leaves.Values.Length);
        Assert.Equal(64 * 31, forest.NodeOfLeaf.Length);
        // Four packs in whole cache lines, and room that the last vectors read.
        Assert.InRange(forest.Memory.Length * sizeof(int), 64 * 30 * 9, (64 * 30 * 9) + (6 * KeyBlock.Alignment));
    }

    /// <summary>Trees of one path each, which ends in two leaves.</summary>
    /// <param name="others">Splits of all trees but the first; -1: as many.</param>
    private static TreeEnsemble Chains(int trees, int splits, bool toTheLeft, int others = -1)
    {
        var builder = new TreeEnsembleBuilder(1, 1);
        for (var tree = 0; tree < trees; tree++)
        {
            var length = tree == 0 || others < 0 ? splits : others;
            builder.BeginTree((2 * length) + 1);
            for (var i = 0; i < length; i++)
            {
                var (leaf, next) = ((2 * i) + 1, (2 * i) + 2);
                builder.Split(2 * i, 0, toTheLeft ? length - i : i, toTheLeft ? next : leaf, toTheLeft ? leaf : next, defaultLeft: i % 3 == tree % 3).Leaf(leaf, (1 + tree) / (3.0 + i));
            }
            builder.Leaf(2 * length, tree).EndTree();
        }
        return builder.Build();
    }

    private static void Compare<T>(TreeEnsemble ensemble, T[] rows, int features, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var reference = KernelSelection.For<T>(ensemble, KernelKind.Reference);
        var kernel = KernelSelection.For<T>(ensemble, KernelKind.QuickScorer);
        Assert.StartsWith("QuickScorerKernel", kernel.GetType().Name, StringComparison.Ordinal);
        var (expected, margins) = (new T[count * ensemble.OutputCount], new T[count * ensemble.OutputCount]);
        reference.Score(rows, expected);
        kernel.Score(rows, margins);
        Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(margins.AsSpan())), $"{count} rows");
        for (var row = 0; row < Math.Min(count, 9); row++)
        {
            var (right, leaves) = (new int[ensemble.TreeCount], new int[ensemble.TreeCount]);
            reference.FindLeaves(rows.AsSpan(row * features, features), right);
            kernel.FindLeaves(rows.AsSpan(row * features, features), leaves);
            Assert.Equal(right, leaves);
        }
    }

    private static void RequireAvx512()
    {
        if (!Avx512F.IsSupported) Assert.Skip("the kernel needs AVX-512");
    }
}

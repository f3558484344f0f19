using System.Runtime.InteropServices;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

/// <summary>Kernels over rows of doubles that may be wider than the features, with categorical splits and either arithmetic.</summary>
public class CellKernelTests
{
    private static readonly KernelKind[] Fast = [KernelKind.Automatic, KernelKind.Interleaved, KernelKind.Vector256, KernelKind.Vector512];

    public enum Kind
    {
        Numeric,
        FewCategories,
        OneHot,
        ManyCategories,
        SparseCategories,
    }

    public static TheoryData<int, int, int, int, int, bool, Kind, bool> Shapes => new()
    {
        // seed, trees, depth, features, outputs, vector leaves, kind, float32
        { 1, 31, 6, 9, 1, false, Kind.Numeric, false },
        { 2, 31, 6, 9, 1, false, Kind.FewCategories, false },
        { 3, 31, 6, 9, 1, false, Kind.OneHot, false },
        { 4, 60, 5, 4, 1, false, Kind.ManyCategories, false },
        { 5, 20, 7, 5, 1, false, Kind.SparseCategories, false },
        { 6, 100, 3, 7, 1, false, Kind.Numeric, true },
        { 7, 25, 8, 7, 3, false, Kind.FewCategories, true },
        { 8, 30, 6, 6, 2, true, Kind.FewCategories, false },
        { 9, 12, 5, 6, 7, true, Kind.Numeric, false },
        { 10, 9, 4, 3, 19, true, Kind.OneHot, false },
        { 11, 17, 5, 3, 3, true, Kind.ManyCategories, true },
        { 12, 3, 13, 40, 1, false, Kind.FewCategories, false },
        { 13, 1, 0, 1, 1, false, Kind.Numeric, false },
        { 14, 50, 6, 1200, 1, false, Kind.FewCategories, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_gives_the_same_bits_and_leaves_when_given_the_same_rows(int seed, int trees, int depth, int features, int outputs, bool vectorLeaves, Kind kind, bool single)
    {
        for (var round = 0; round < 3; round++)
        {
            var ensemble = Make((seed * 100) + round, trees, depth, features, outputs, vectorLeaves, kind, single);
            var reference = KernelSelection.For<double>(ensemble, KernelKind.Reference);
            var kernels = Fast.Select(k => KernelSelection.For<double>(ensemble, k)).ToArray();
            foreach (var count in new[] { 0, 1, 2, 15, 16, 17, 33, 64, 65, 600 })
            {
                if (count * features > 100_000) continue;
                var rowLength = features + (round * 5);
                var rows = RandomForests.DoubleRows(seed + count, count, rowLength, ensemble);
                var expected = Score(reference, rows, rowLength, count);
                for (var i = 0; i < kernels.Length; i++)
                {
                    Assert.IsNotType<ReferenceKernel<double>>(kernels[i]);
                    AssertSameBits(expected, Score(kernels[i], rows, rowLength, count), $"{Fast[i]}, {count} rows, round {round}");
                    for (var row = 0; row < Math.Min(count, 9); row++)
                    {
                        var cells = rows.AsSpan(row * rowLength, rowLength);
                        Assert.Equal(Leaves(reference, cells), Leaves(kernels[i], cells));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(Kind.FewCategories)]
    [InlineData(Kind.OneHot)]
    [InlineData(Kind.ManyCategories)]
    public void Float32_rows_with_categories_give_the_same_bits_in_every_kernel(Kind kind)
    {
        var ensemble = Make(5, 30, 6, 6, 1, false, kind, single: true);
        foreach (var count in new[] { 1, 8, 200 })
        {
            var rows = RandomForests.Rows(count, count, 6, ensemble);
            var expected = new float[count];
            KernelSelection.For<float>(ensemble, KernelKind.Reference).Score(rows, expected);
            foreach (var fast in Fast)
            {
                var kernel = KernelSelection.For<float>(ensemble, fast);
                var margins = new float[count];
                kernel.Score(rows, margins);
                Assert.IsNotType<ReferenceKernel<float>>(kernel);
                Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(margins.AsSpan())), $"{fast}, {count} rows");
            }
        }
    }

    [Fact]
    public void Sums_are_those_of_a_plain_loop_in_either_arithmetic()
    {
        double[] leaves = [1e16, 1, -1e16, 0.1, 0.2, 0.3, 1e-9, 3, 7e7, 1e-3, 1.0 / 3];
        var (sum, single) = (0.5, 0.5f);
        foreach (var leaf in leaves)
        {
            sum += leaf;
            single += (float)leaf;
        }
        foreach (var arithmetic in Enum.GetValues<TreeArithmetic>())
        {
            var builder = new TreeEnsembleBuilder(1, 1, arithmetic).BaseMargins(0.5);
            foreach (var leaf in leaves) builder.BeginTree(3).Split(0, 0, 0, 1, 2, true).Leaf(1, leaf).Leaf(2, 0).EndTree();
            var ensemble = builder.Build();
            foreach (var kind in Enum.GetValues<KernelKind>())
            {
                var margins = Score(KernelSelection.For<double>(ensemble, kind), [.. Enumerable.Repeat(-1.0, 40)], 1, 40);
                Assert.All(margins, m => Assert.Equal(arithmetic == TreeArithmetic.Float32 ? single : sum, m));
            }
        }
    }

    [Fact]
    public void A_null_leaf_makes_the_sum_missing_and_no_other_row()
    {
        var builder = new TreeEnsembleBuilder(1, 1);
        for (var tree = 0; tree < 9; tree++) builder.BeginTree(3).Split(0, 0, tree, 1, 2, true).Leaf(1, tree == 4 ? double.NaN : 1).Leaf(2, 2).EndTree();
        var ensemble = builder.Build();
        foreach (var kind in Enum.GetValues<KernelKind>())
        {
            var kernel = KernelSelection.For<double>(ensemble, kind);
            Assert.Equal([double.NaN, 9 + 5, 18], Score(kernel, [-1, 4.5, 100], 1, 3));
            Assert.Equal([.. Enumerable.Repeat(14.0, 19), double.NaN], Score(kernel, [.. Enumerable.Repeat(4.0, 19), 3.5], 1, 20));
        }
    }

    [Fact]
    public void Only_the_features_of_a_wide_row_are_read()
    {
        var ensemble = new TreeEnsembleBuilder(5, 1).BeginTree(3).Split(0, 3, 10, 1, 2, false).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
        double[] rows = [99, 99, 99, 9, 99, 99, 99, 0, 0, 0, 11, 0, 0, 0];
        foreach (var kind in Enum.GetValues<KernelKind>()) Assert.Equal([1.0, 2.0], Score(KernelSelection.For<double>(ensemble, kind), rows, 7, 2));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3.9, 2)]
    [InlineData(40, 2)]
    [InlineData(4, 1)]
    [InlineData(-0.5, 1)]
    [InlineData(-3, 1)]
    [InlineData(100_000, 1)]
    [InlineData(1e300, 1)]
    [InlineData(double.NegativeInfinity, 1)]
    public void A_categorical_split_sends_its_categories_right_and_unknown_ones_left(double x, double leaf)
    {
        foreach (var defaultLeft in new[] { true, false })
        {
            var ensemble = new TreeEnsembleBuilder(1, 1).BeginTree(3).CategoricalSplit(0, 0, [3, 40], 1, 2, defaultLeft).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
            foreach (var kind in Enum.GetValues<KernelKind>())
            {
                var kernel = KernelSelection.For<double>(ensemble, kind);
                Assert.Equal([leaf, defaultLeft ? 1 : 2], Score(kernel, [x, double.NaN], 1, 2));
                Assert.All(Score(kernel, [.. Enumerable.Repeat(x, 30)], 1, 30), m => Assert.Equal(leaf, m));
            }
        }
    }

    [Fact]
    public void A_split_without_categories_sends_everything_left_but_missing()
    {
        var ensemble = new TreeEnsembleBuilder(1, 1).BeginTree(3).CategoricalSplit(0, 0, [], 1, 2, defaultLeft: false).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
        foreach (var kind in Enum.GetValues<KernelKind>()) Assert.Equal([1.0, 1.0, 2.0], Score(KernelSelection.For<double>(ensemble, kind), [0, 5, double.NaN], 1, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(272)]
    [InlineData(273)]
    [InlineData(4624)]
    [InlineData(4625)]
    [InlineData(80_000)]
    public void Any_number_of_thresholds_is_told_apart(int thresholds)
    {
        var builder = new TreeEnsembleBuilder(1, 1);
        for (var i = 0; i < thresholds; i++) builder.BeginTree(3).Split(0, 0, 2 * (i * 7919L % thresholds), 1, 2, true).Leaf(1, 0).Leaf(2, 1).EndTree();
        var ensemble = builder.Build();
        var kernel = KernelSelection.For<double>(ensemble, KernelKind.Interleaved);
        foreach (var at in new[] { -1, 0, 1, thresholds / 2, thresholds - 2, thresholds - 1, thresholds })
        {
            // Every tree whose threshold is at most the value adds 1.
            var below = Enumerable.Range(0, thresholds).LongCount(i => i * 7919L % thresholds <= at);
            Assert.Equal([below, below], Score(kernel, [2 * at, (2 * at) + 1], 1, 2));
        }
    }

    [Fact]
    public void Leaves_are_nodes_of_the_ensemble()
    {
        var builder = new TreeEnsembleBuilder(2, 1);
        for (var tree = 0; tree < 11; tree++)
        {
            builder.BeginTree(9).Split(0, 0, tree, 7, 3, true).Leaf(7, 1).Split(3, 1, 0.5, 5, 8, false).Leaf(5, 2).Leaf(8, 3).EndTree();
        }
        var ensemble = builder.Build();
        foreach (var kind in Enum.GetValues<KernelKind>())
        {
            var leaves = Leaves(KernelSelection.For<double>(ensemble, kind), [4.5, 0]);
            Assert.Equal([5, 5, 5, 5, 5, 7, 7, 7, 7, 7, 7], leaves.Select(leaf => ensemble.NodeIds[leaf]));
            Assert.Equal(Enumerable.Range(0, 11), leaves.Select(leaf => leaf / 5));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tree_with_more_nodes_on_a_level_than_16_bits_can_step_over_is_walked(bool categorical)
    {
        // 17 levels of splits: the last has 2^16, their children are 2^17 leaves.
        const int Splits = (1 << 17) - 1;
        var random = new Random(5);
        var builder = new TreeEnsembleBuilder(4, 1);
        builder.BeginTree(1).Leaf(0, 0.25).EndTree().BeginTree((2 * Splits) + 1);
        for (var node = 0; node < Splits; node++)
        {
            if (categorical && node % 3 == 0) builder.CategoricalSplit(node, 3, [random.Next(9), random.Next(9)], (2 * node) + 1, (2 * node) + 2, node % 2 == 0);
            else builder.Split(node, random.Next(3), random.NextDouble(), (2 * node) + 1, (2 * node) + 2, node % 2 == 0);
        }
        for (var leaf = Splits; leaf <= 2 * Splits; leaf++) builder.Leaf(leaf, leaf);
        var ensemble = builder.EndTree().Build();
        var rows = new double[400];
        for (var i = 0; i < rows.Length; i++) rows[i] = i % 4 == 3 ? random.Next(10) : random.Next(20) == 0 ? double.NaN : random.NextDouble();
        var reference = KernelSelection.For<double>(ensemble, KernelKind.Reference);
        var expected = Score(reference, rows, 4, 100);
        foreach (var kind in Fast)
        {
            var kernel = KernelSelection.For<double>(ensemble, kind);
            Assert.IsType<InterleavedKernel<double, FarNodes>>(kernel, exactMatch: false);
            AssertSameBits(expected, Score(kernel, rows, 4, 100), $"{kind}");
            Assert.Equal(expected[7], Score(kernel, rows.AsSpan(28, 4), 4, 1)[0]);
            Assert.Equal(Leaves(reference, rows.AsSpan(0, 4)), Leaves(kernel, rows.AsSpan(0, 4)));
        }
    }

    [Fact]
    public void Leaves_that_repeat_are_kept_once_and_leaves_of_other_bits_are_not_mixed_up()
    {
        var table = new LeafTable<double>(2);
        Assert.Equal(0, table.Add([0, 1]));
        Assert.Equal(2, table.Add([1, 0]));
        Assert.Equal(0, table.Add([0, 1]));
        Assert.Equal(4, table.Add([-0.0, 1]));
        Assert.Equal(2, table.Add([1, 0]));
        Assert.Equal([0, 1, 1, 0, -0.0, 1], table.Take());

        var random = new Random(3);
        var many = new LeafTable<float>(1);
        var leaves = Enumerable.Range(0, 200_000).Select(_ => (double)(float)random.NextDouble()).ToArray();
        var indexes = leaves.Select(leaf => many.Add([leaf])).ToArray();
        var values = many.Take();
        for (var i = 0; i < leaves.Length; i++) Assert.Equal((float)leaves[i], values[indexes[i]]);
    }

    [Fact]
    public void More_categories_than_tables_are_made_for_are_scored_by_the_reference()
    {
        const int Categories = 60_000;
        var builder = new TreeEnsembleBuilder(1, 1);
        for (var c = 0; c < Categories; c++) builder.BeginTree(3).CategoricalSplit(0, 0, [c], 1, 2, true).Leaf(1, 0).Leaf(2, 1).EndTree();
        var kernel = KernelSelection.For<double>(builder.Build(), KernelKind.Automatic);
        Assert.IsType<ReferenceKernel<double>>(kernel);
        Assert.Equal([1.0, 0.0], Score(kernel, [59_999, 60_000], 1, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void Scoring_and_finding_leaves_allocate_nothing(int count)
    {
        foreach (var (kind, features) in new[] { (KernelKind.Reference, 6), (KernelKind.Interleaved, 6), (KernelKind.Vector256, 6), (KernelKind.Vector512, 6), (KernelKind.Automatic, 700) })
        {
            var ensemble = Make(3, 60, 6, features, 2, true, CellKernelTests.Kind.FewCategories, single: false);
            var kernel = KernelSelection.For<double>(ensemble, kind);
            var rows = RandomForests.DoubleRows(4, count, features, ensemble);
            var margins = new double[count * 2];
            var leaves = new int[kernel.Trees];
            Assert.Equal(0, Allocations.Of(() =>
            {
                kernel.Score(rows, margins);
                kernel.FindLeaves(rows.AsSpan(0, features), leaves);
            }));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var kernel = KernelSelection.For<double>(Make(1, 5, 4, 6, 1, false, Kind.Numeric, single: false), KernelKind.Automatic);
        Assert.Throws<ArgumentException>(() => kernel.Score(new double[10], 5, new double[2]));
        Assert.Throws<ArgumentException>(() => kernel.Score(new double[13], 6, new double[2]));
        Assert.Throws<ArgumentException>(() => kernel.FindLeaves(new double[5], new int[5]));
        Assert.Throws<ArgumentException>(() => kernel.FindLeaves(new double[6], new int[4]));
        Assert.Throws<ArgumentException>(() => KernelSelection.For<float>(Make(1, 5, 4, 6, 1, false, Kind.Numeric, single: false), KernelKind.Automatic));
    }

    private static TreeEnsemble Make(int seed, int trees, int depth, int features, int outputs, bool vectorLeaves, Kind kind, bool single)
    {
        var categories = kind switch
        {
            Kind.FewCategories => new Categories(12),
            Kind.OneHot => new Categories(90, MaxInSet: 1, First: 500),
            Kind.ManyCategories => new Categories(300, MaxInSet: 200, First: 7),
            Kind.SparseCategories => new Categories(40, MaxInSet: 5, First: 3, Apart: 20_000),
            _ => default,
        };
        return RandomForests.Make(seed, trees, depth, features, outputs, vectorLeaves, categories, single ? TreeArithmetic.Float32 : TreeArithmetic.Float64);
    }

    private static double[] Score(TreeKernel<double> kernel, ReadOnlySpan<double> rows, int rowLength, int count)
    {
        var margins = new double[count * kernel.Outputs];
        kernel.Score(rows, rowLength, margins);
        return margins;
    }

    private static int[] Leaves(TreeKernel<double> kernel, ReadOnlySpan<double> row)
    {
        var leaves = new int[kernel.Trees];
        kernel.FindLeaves(row, leaves);
        return leaves;
    }

    private static void AssertSameBits(double[] expected, double[] actual, string where)
    {
        var same = MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan()));
        Assert.True(same, $"{where}: [{string.Join(", ", actual.Take(8))}], expected [{string.Join(", ", expected.Take(8))}]");
    }
}

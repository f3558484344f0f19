using System.Runtime.InteropServices;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Trees;

public class KernelTests
{
    private static readonly KernelKind[] Fast = [KernelKind.Automatic, KernelKind.Interleaved, KernelKind.Vector256, KernelKind.Vector512];

    [Theory]
    [InlineData(1, 21, 7, 6, 1, false)]
    [InlineData(2, 100, 6, 30, 1, false)]
    [InlineData(3, 24, 3, 2, 3, false)]
    [InlineData(4, 9, 5, 4, 4, true)]
    [InlineData(5, 4, 12, 5, 1, false)]
    [InlineData(6, 1, 0, 1, 1, false)]
    [InlineData(7, 40, 8, 300, 2, false)]
    [InlineData(8, 60, 7, 2000, 1, false)]
    public void Every_kernel_gives_the_same_bits_when_given_the_same_rows(int seed, int trees, int depth, int features, int outputs, bool vectorLeaves)
    {
        for (var round = 0; round < 4; round++)
        {
            var ensemble = RandomForests.Make((seed * 100) + round, trees, depth, features, outputs, vectorLeaves);
            var reference = KernelSelection.For<float>(ensemble, KernelKind.Reference);
            var kernels = Fast.Select(kind => KernelSelection.For<float>(ensemble, kind)).ToArray();
            foreach (var count in new[] { 0, 1, 2, 7, 8, 9, 16, 31, 63, 64, 65, 150 })
            {
                var rows = RandomForests.Rows(seed + count, count, features, ensemble);
                var expected = Score(reference, rows, count);
                for (var i = 0; i < kernels.Length; i++) AssertSameBits(expected, Score(kernels[i], rows, count), $"{Fast[i]}, {count} rows, round {round}");
            }
        }
    }

    [Fact]
    public void Kernels_take_the_ensemble_they_are_forced_on_when_it_is_numeric()
    {
        var ensemble = RandomForests.Make(1);
        Assert.IsType<ReferenceKernel<float>>(KernelSelection.For<float>(ensemble, KernelKind.Reference));
        Assert.IsType<InterleavedKernel<float, OrderNodes>>(KernelSelection.For<float>(ensemble, KernelKind.Interleaved));
        Assert.IsType<VectorKernel<float, OrderNodes>>(KernelSelection.For<float>(ensemble, KernelKind.Vector256));
        Assert.IsType<VectorKernel<float, OrderNodes>>(KernelSelection.For<float>(ensemble, KernelKind.Vector512));
    }

    [Fact]
    public void A_chain_deeper_than_any_step_check_reaches_its_leaf()
    {
        const int Length = 1000;
        var builder = new TreeEnsembleBuilder(features: 1, outputs: 1, TreeArithmetic.Float32).BeginTree(nodes: (2 * Length) + 1);
        for (var i = 0; i < Length; i++)
        {
            builder.Split(2 * i, 0, i, (2 * i) + 1, (2 * i) + 2, defaultLeft: false).Leaf((2 * i) + 1, i);
        }
        var ensemble = builder.Leaf(2 * Length, -1).EndTree().Build();
        var rows = new float[64];
        for (var i = 0; i < rows.Length; i++) rows[i] = (i * 16) - 0.5f;
        rows[63] = float.NaN;
        foreach (var kind in Enum.GetValues<KernelKind>())
        {
            var margins = Score(ensemble, kind, rows, rows.Length);
            for (var i = 0; i < 63; i++) Assert.Equal(Math.Min(i * 16, Length) is var leaf && leaf == Length ? -1 : leaf, margins[i]);
            Assert.Equal(-1, margins[63]);
        }
    }

    [Theory]
    [InlineData(float.NaN, true, 1)]
    [InlineData(float.NaN, false, 2)]
    [InlineData(0.5f, true, 2)]
    [InlineData(0.49999997f, true, 1)]
    [InlineData(float.PositiveInfinity, true, 2)]
    [InlineData(float.NegativeInfinity, false, 1)]
    public void A_split_sends_smaller_values_left_and_missing_ones_the_default_way(float x, bool defaultLeft, float leaf)
    {
        var ensemble = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree(3).Split(0, 0, 0.5f, 1, 2, defaultLeft).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
        foreach (var kind in Enum.GetValues<KernelKind>()) Assert.Equal([leaf], Score(ensemble, kind, [x], 1));
    }

    [Theory]
    [InlineData(0f, 0f, 2)]
    [InlineData(float.Epsilon, 0f, 2)]
    [InlineData(0f, float.Epsilon, 1)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity, 2)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, 2)]
    public void Comparisons_at_the_edges_of_float32_are_exact(float x, float threshold, float leaf)
    {
        var ensemble = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree(3).Split(0, 0, threshold, 1, 2, false).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
        foreach (var kind in Enum.GetValues<KernelKind>()) Assert.Equal([leaf], Score(ensemble, kind, [x], 1));
    }

    [Fact]
    public void Both_zeros_are_equal()
    {
        foreach (var (x, threshold) in new[] { (-0f, 0f), (0f, -0f) })
        {
            var ensemble = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree(3).Split(0, 0, threshold, 1, 2, false).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
            foreach (var kind in Enum.GetValues<KernelKind>()) Assert.Equal([2f], Score(ensemble, kind, [x], 1));
        }
    }

    [Theory]
    [InlineData(3f, 2)]
    [InlineData(3.9f, 2)]
    [InlineData(40f, 2)]
    [InlineData(4f, 1)]
    [InlineData(-0.5f, 1)]
    [InlineData(-3f, 1)]
    [InlineData(1e9f, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NaN, 2)]
    public void A_categorical_split_sends_its_categories_right_and_unknown_ones_left(float x, float leaf)
    {
        var ensemble = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree(3).CategoricalSplit(0, 0, [3, 40], 1, 2, defaultLeft: false).Leaf(1, 1).Leaf(2, 2).EndTree().Build();
        foreach (var kind in Enum.GetValues<KernelKind>()) Assert.Equal([leaf], Score(ensemble, kind, [x], 1));
    }

    [Theory]
    [InlineData(KernelKind.Reference, 1)]
    [InlineData(KernelKind.Reference, 200)]
    [InlineData(KernelKind.Interleaved, 1)]
    [InlineData(KernelKind.Interleaved, 200)]
    [InlineData(KernelKind.Vector256, 200)]
    [InlineData(KernelKind.Vector512, 1)]
    [InlineData(KernelKind.Vector512, 200)]
    public void Scoring_allocates_nothing(object kind, int count)
    {
        var ensemble = RandomForests.Make(3, trees: 30);
        var kernel = KernelSelection.For<float>(ensemble, (KernelKind)kind);
        var rows = RandomForests.Rows(4, count, 6);
        var margins = new float[count];
        Assert.Equal(0, Allocations.Of(() => kernel.Score(rows, margins)));
    }

    [Fact]
    public void Rows_of_another_width_are_refused()
    {
        var kernel = KernelSelection.For<float>(RandomForests.Make(1, features: 6), KernelKind.Automatic);
        Assert.Throws<ArgumentException>(() => kernel.Score(new float[11], new float[2]));
    }

    private static float[] Score(TreeEnsemble ensemble, KernelKind kind, ReadOnlySpan<float> rows, int count) => Score(KernelSelection.For<float>(ensemble, kind), rows, count);

    private static float[] Score(MarginKernel<float> kernel, ReadOnlySpan<float> rows, int count)
    {
        var margins = new float[count * kernel.Outputs];
        kernel.Score(rows, margins);
        return margins;
    }

    private static void AssertSameBits(float[] expected, float[] actual, string where)
    {
        var same = MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan()));
        Assert.True(same, $"{where}: [{string.Join(", ", actual.Take(8))}], expected [{string.Join(", ", expected.Take(8))}]");
    }
}

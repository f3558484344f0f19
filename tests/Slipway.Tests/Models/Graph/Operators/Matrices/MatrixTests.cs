using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Operators.Matrices;

public class MatrixTests
{
    public static TheoryData<long[], long[], long[]> Stacks => new()
    {
        // Shapes of NumPy's matmul.
        { [4], [4], [] },
        { [4], [4, 3], [3] },
        { [2, 4], [4], [2] },
        { [5, 1, 2, 4], [3, 4, 2], [5, 3, 2, 2] },
        { [2, 3, 4], [1, 1, 4, 5], [1, 2, 3, 5] },
        { [1, 2, 4], [3, 4, 1], [3, 2, 1] },
        { [4], [3, 4, 2], [3, 2] },
        { [2, 0], [0, 3], [2, 3] },
    };

    [Theory]
    [MemberData(nameof(Stacks))]
    public void MatMul_broadcasts_stacks_and_gives_the_same_bits_with_packed_weights(long[] shapeA, long[] shapeB, long[] expected)
    {
        var (a, b) = (OneNode.Random(1, shapeA), OneNode.Random(2, shapeB));

        var y = OneNode.Run("MatMul", 13, [a, b]);
        var packed = OneNode.RunWithConstants("MatMul", 13, [a, b], [1]);
        var doubles = OneNode.Run("MatMul", 13, [Doubles(a), Doubles(b)]).Values<double>();

        Assert.Equal(expected, y.Shape.ToArray());
        Assert.Equal(y.Floats(), packed.Floats());
        for (var i = 0; i < y.Count; i++) Assert.Equal(doubles[i], y.Values<float>()[i], 1e-5);
    }

    /// <summary>What a fusing pass makes: relu(a · b + bias + residual), the sum in the order that GemmEpilogue states.</summary>
    [Fact]
    public void MatMul_adds_a_bias_and_a_residual_and_applies_an_activation()
    {
        var (a, b, bias, residual) = (OneNode.Random(1, 2, 3, 4), OneNode.Random(2, 4, 5), OneNode.Random(3, 5), OneNode.Random(4, 2, 3, 5));
        var y = new TensorValue(DataType.Float32, 2, 3, 5);
        var fused = new MatMul { BiasInput = 2, ResidualInput = 3, Activation = Activation.Relu };

        fused.Run(new RunContext([a, b, bias, residual, y], [0, 1, 2, 3], [4]));

        var plain = OneNode.Run("MatMul", 13, [a, b]).Floats();
        for (var i = 0; i < y.Count; i++) Assert.Equal(Math.Max(0, plain[i] + bias.Values<float>()[i % 5] + residual.Values<float>()[i]), y.Values<float>()[i]);
    }

    [Fact]
    public void MatMul_of_integers_is_exact_and_wraps()
    {
        var a = TensorValue.Of<uint>(DataType.UInt32, [0x80000000, 3], 1, 2);
        var b = TensorValue.Of<uint>(DataType.UInt32, [2, 5], 2, 1);

        Assert.Equal([15u], OneNode.Run("MatMul", 13, [a, b]).Values<uint>().ToArray());
    }

    [Fact]
    public void MatMul_of_shapes_that_do_not_fit_is_refused() => Assert.Throws<ModelException>(() => OneNode.Run("MatMul", 13, [new TensorValue(DataType.Float32, 2, 3), new TensorValue(DataType.Float32, 4, 2)]));

    /// <summary>alpha · op(a) · op(b) + beta · c for every transposition and every shape that c may have, against sums in float64.</summary>
    [Fact]
    public void Gemm_agrees_with_its_definition_for_all_forms()
    {
        const int m = 3, n = 5, k = 4;
        long[][] shapes = [[], [1], [n], [1, n], [m, 1], [m, n], [1, 1]];
        for (var form = 0; form < 4; form++)
        {
            var (transA, transB) = (form % 2 == 1, form > 1);
            var (a, b) = (transA ? OneNode.Random(form, k, m) : OneNode.Random(form, m, k), transB ? OneNode.Random(form + 9, n, k) : OneNode.Random(form + 9, k, n));
            foreach (var shape in shapes)
            {
                var c = OneNode.Random(77, shape);
                (string, object)[] attributes = [("transA", transA), ("transB", transB), ("alpha", 0.5f), ("beta", -2f)];

                var y = OneNode.Run("Gemm", 13, [a, b, c], attributes).Floats();
                var packed = OneNode.RunWithConstants("Gemm", 13, [a, b, c], [1, 2], attributes).Floats();

                Assert.Equal(y, packed);
                for (var i = 0; i < y.Length; i++)
                {
                    double sum = 0;
                    for (var p = 0; p < k; p++) sum += (double)a.Values<float>()[transA ? p * m + i / n : i / n * k + p] * b.Values<float>()[transB ? i % n * k + p : p * n + i % n];
                    var place = (shape.Length == 2 && shape[0] == m ? i / n * (int)shape[1] : 0) + (shape.Length > 0 && shape[^1] == n ? i % n : 0);
                    Assert.Equal(0.5 * sum - 2 * c.Values<float>()[place], y[i], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Gemm_of_integers_and_of_float16_are_computed()
    {
        var a = TensorValue.Of<int>(DataType.Int32, [1, 2, 3, 4], 2, 2);

        Assert.Equal([8, 11, 16, 23], OneNode.Run("Gemm", 13, [a, a, TensorValue.Of<int>(DataType.Int32, [1])]).Values<int>().ToArray());
        var half = TensorValue.Of<Half>(DataType.Float16, [(Half)1, (Half)2, (Half)3, (Half)4], 2, 2);
        Assert.Equal([(Half)7, (Half)10, (Half)15, (Half)22], OneNode.Run("Gemm", 13, [half, half]).Values<Half>().ToArray());
    }

    /// <summary>Values of NumPy's einsum on arange tensors.</summary>
    [Theory]
    [InlineData("ij,jk->ik", new long[] { 2, 3 }, new long[] { 3, 2 }, new float[] { 10, 13, 28, 40 })]
    [InlineData("ij,jk", new long[] { 2, 3 }, new long[] { 3, 2 }, new float[] { 10, 13, 28, 40 })]
    [InlineData("ij,kj->ki", new long[] { 2, 3 }, new long[] { 2, 3 }, new float[] { 5, 14, 14, 50 })]
    [InlineData("b...,...b->...", new long[] { 2, 3 }, new long[] { 3, 2 }, new float[] { 3, 14, 33 })]
    [InlineData("i,j->ij", new long[] { 2 }, new long[] { 3 }, new float[] { 0, 0, 0, 0, 1, 2 })]
    [InlineData("ij,ij->", new long[] { 2, 2 }, new long[] { 2, 2 }, new float[] { 14 })]
    public void Einsum_sums_over_labels(string equation, long[] shapeA, long[] shapeB, float[] expected) =>
        Assert.Equal(expected, OneNode.Run("Einsum", 12, [Range(shapeA), Range(shapeB)], ("equation", equation)).Floats());

    [Fact]
    public void Einsum_takes_diagonals_and_permutes()
    {
        Assert.Equal([0, 4, 8], OneNode.Run("Einsum", 12, [Range([3, 3])], ("equation", "ii->i")).Floats());
        Assert.Equal([0, 3, 1, 4, 2, 5], OneNode.Run("Einsum", 12, [Range([2, 3])], ("equation", "ij->ji")).Floats());
    }

    [Theory]
    [InlineData("ij,jk->iz")]
    [InlineData("ij->ij")]
    [InlineData("i1,jk->i")]
    [InlineData("ij,jk->ii")]
    [InlineData("i......j,jk->i")]
    public void Equations_that_make_no_sense_are_refused(string equation) => Assert.Throws<ModelException>(() => OneNode.Run("Einsum", 12, [Range([2, 3]), Range([3, 2])], ("equation", equation)));

    [Fact]
    public void Einsum_of_sizes_that_differ_is_refused() => Assert.Throws<ModelException>(() => OneNode.Run("Einsum", 12, [Range([2, 3]), Range([4, 2])], ("equation", "ij,jk->ik")));

    /// <summary>numpy.linalg.det; the second matrix needs a row pivot, the third is singular.</summary>
    [Fact]
    public void Determinants_of_a_stack_are_found_with_pivots()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [2, 1, 1, 3, 0, 1, 1, 0, 1, 2, 2, 4], 3, 2, 2);

        Assert.Equal([5, -1, 0], OneNode.Run("Det", 11, [x]).Floats());
    }

    private static TensorValue Range(long[] shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        for (var i = 0; i < tensor.Count; i++) tensor.Values<float>()[i] = i;
        return tensor;
    }

    private static TensorValue Doubles(TensorValue x)
    {
        var tensor = new TensorValue(DataType.Float64, x.Shape);
        for (var i = 0; i < x.Count; i++) tensor.Values<double>()[i] = x.Values<float>()[i];
        return tensor;
    }
}

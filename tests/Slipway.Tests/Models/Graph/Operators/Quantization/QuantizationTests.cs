using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Quantization;

public class QuantizationTests
{
    /// <summary>Ties go to even before the zero point is added: 2.5 → 2, 3.5 → 4, -0.5 → 0.</summary>
    [Fact]
    public void Quotients_are_rounded_to_even_then_shifted_then_saturated()
    {
        var y = OneNode.Run("QuantizeLinear", 13, [OneNode.Vector([2.5f, 3.5f, -0.5f, 400, -400]), Scalar(1), TensorValue.Of<byte>(DataType.UInt8, [10])]);

        Assert.Equal([12, 14, 10, 255, 0], y.Values<byte>().ToArray());
    }

    [Fact]
    public void Blocks_have_their_own_scales_and_the_last_block_may_be_short()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4, 5, 10, 20, 30, 40, 50], 2, 5);
        var scale = TensorValue.Of<float>(DataType.Float32, [1, 0.5f, 5, 10, 20, 25], 2, 3);

        var y = OneNode.Run("QuantizeLinear", 21, [x, scale], ("axis", 1), ("block_size", 2), ("output_dtype", DataType.Int16));
        var back = OneNode.Run("DequantizeLinear", 21, [y, scale], ("axis", 1), ("block_size", 2));

        Assert.Equal([1, 2, 6, 8, 1, 1, 2, 2, 2, 2], y.Values<short>().ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 10, 20, 40, 40, 50], back.Floats());
    }

    [Fact]
    public void Narrow_integers_saturate_at_their_own_ends()
    {
        var x = OneNode.Vector([-100, -8, 7, 100]);

        Assert.Equal([-8, -8, 7, 7], OneNode.Run("QuantizeLinear", 21, [x, Scalar(1)], ("output_dtype", DataType.Int4)).Values<sbyte>().ToArray());
        Assert.Equal([0, 0, 3, 3], OneNode.Run("QuantizeLinear", 25, [x, Scalar(1)], ("output_dtype", DataType.UInt2)).Values<byte>().ToArray());
    }

    [Fact]
    public void Scales_that_do_not_fit_are_refused()
    {
        var x = new TensorValue(DataType.Float32, 2, 6);

        Assert.Throws<RecordException>(() => OneNode.Run("QuantizeLinear", 21, [x, OneNode.Vector([1, 2, 3])], ("axis", 1)));
        Assert.Throws<RecordException>(() => OneNode.Run("QuantizeLinear", 21, [x, new TensorValue(DataType.Float32, 2, 4)], ("axis", 1), ("block_size", 2)));
        Assert.Throws<RecordException>(() => OneNode.Run("QuantizeLinear", 21, [x, OneNode.Vector([1, 2])], ("axis", 7)));
    }

    [Fact]
    public void Dequantization_is_rounded_once_to_the_type_of_the_scale()
    {
        // 3 · float16(0.1) = 0.29992…; float16 next to it: 0.2998046875 and 0.300048828125.
        var y = OneNode.Run("DequantizeLinear", 19, [TensorValue.Of<sbyte>(DataType.Int8, [3]), OneNode.Halves(0.1f)]);

        Assert.Equal([(Half)(3 * (float)(Half)0.1f)], y.Values<Half>().ToArray());
    }

    /// <summary>All mixtures of signs, zero points for all, rows and columns, and stacks, against sums by definition.</summary>
    [Fact]
    public void MatMulInteger_is_exact_for_all_signs_zero_points_and_stacks()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 60; trial++)
        {
            int stacks = random.Next(1, 4), m = random.Next(1, 7), k = random.Next(1, 40), n = random.Next(1, 20);
            var a = Bytes(random, trial % 2 == 0, stacks, m, k);
            var b = trial % 3 == 0 ? Bytes(random, trial % 4 < 2, stacks, k, n) : Bytes(random, trial % 4 < 2, k, n);
            var zeroA = (trial % 3) switch { 0 => null, 1 => Bytes(random, trial % 2 == 0, 1), _ => Bytes(random, trial % 2 == 0, m) };
            var zeroB = (trial % 5) switch { 0 => null, 1 or 2 => Bytes(random, trial % 4 < 2, 1), _ => Bytes(random, trial % 4 < 2, n) };
            TensorValue?[] inputs = [a, b, zeroA, zeroB];

            var y = OneNode.Run("MatMulInteger", 10, inputs).Values<int>();
            var packed = OneNode.RunWithConstants("MatMulInteger", 10, inputs, zeroB is null ? [1] : [1, 3]).Values<int>();

            Assert.True(y.SequenceEqual(packed));
            for (var i = 0; i < y.Length; i++)
            {
                int stack = i / (m * n), row = i / n % m, column = i % n, sum = 0;
                for (var p = 0; p < k; p++)
                {
                    var left = (int)a.IntAt((stack * m + row) * k + p) - (int)(zeroA?.IntAt(zeroA.Count == 1 ? 0 : row) ?? 0);
                    var right = (int)b.IntAt((b.Rank == 3 ? stack * k * n : 0) + p * n + column) - (int)(zeroB?.IntAt(zeroB.Count == 1 ? 0 : column) ?? 0);
                    sum += left * right;
                }
                Assert.Equal(sum, y[i]);
            }
        }
    }

    /// <summary>0.1 · 0.2 / 0.4 in float32 is a little more than 0.05, so 250 of them are more than 12.5: the native runtime gives 13.</summary>
    [Fact]
    public void QLinearMatMul_multiplies_scales_in_float32()
    {
        TensorValue Number(sbyte value, params long[] shape) => TensorValue.Of<sbyte>(DataType.Int8, [value], shape);
        TensorValue Scale(float value) => TensorValue.Of([value], 1);
        Assert.Equal([13], OneNode.Run("QLinearMatMul", 10, [Number(10, 1, 1), Scale(0.1f), Number(0, 1), Number(25, 1, 1), Scale(0.2f), Number(0, 1), Scale(0.4f), Number(0, 1)]).Values<sbyte>().ToArray());
    }

    [Fact]
    public void QLinearMatMul_scales_columns_and_saturates()
    {
        var a = TensorValue.Of<byte>(DataType.UInt8, [10, 20], 1, 2);
        var b = TensorValue.Of<sbyte>(DataType.Int8, [1, -100, 2, 100], 2, 2);
        TensorValue?[] inputs =
        [
            a, Scalar(0.5f), TensorValue.Of<byte>(DataType.UInt8, [0]), b, OneNode.Vector([0.1f, 1]), TensorValue.Of<sbyte>(DataType.Int8, [0, 0]),
            Scalar(1), TensorValue.Of<sbyte>(DataType.Int8, [3]),
        ];

        // (10·1 + 20·2) · 0.05 = 2.5 → 2 + 3; (10·-100 + 20·100) · 0.5 = 500 → 127.
        Assert.Equal([5, 127], OneNode.Run("QLinearMatMul", 21, inputs).Values<sbyte>().ToArray());
    }

    [Fact]
    public void DynamicQuantizeLinear_of_zeros_divides_by_nothing()
    {
        var y = OneNode.RunAll("DynamicQuantizeLinear", 11, 3, [new TensorValue(DataType.Float32, 3)]);

        Assert.Equal([0, 0, 0], y[0].Values<byte>().ToArray());
        Assert.Equal(0, y[2].Values<byte>()[0]);
    }

    private static TensorValue Scalar(float value) => TensorValue.Of<float>(DataType.Float32, [value]);

    private static TensorValue Bytes(Random random, bool signed, params long[] shape)
    {
        var tensor = new TensorValue(signed ? DataType.Int8 : DataType.UInt8, shape);
        random.NextBytes(tensor.Bytes);
        return tensor;
    }
}

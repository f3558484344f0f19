using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Elementwise;

/// <summary>What the standard's own cases do not show of arithmetic: old broadcasting, integers at their ends, narrow floats, many shapes.</summary>
public class ArithmeticTests
{
    [Fact]
    public void Add_of_operator_set_6_lays_the_second_operand_at_an_axis()
    {
        var a = TensorValue.Of<float>(DataType.Float32, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 2, 3, 2);
        var b = TensorValue.Of<float>(DataType.Float32, [100, 200, 300]);

        var y = OneNode.Run("Add", 6, [a, b], ("broadcast", 1), ("axis", 1));

        Assert.Equal([100, 101, 202, 203, 304, 305, 106, 107, 208, 209, 310, 311], y.Floats());
    }

    [Fact]
    public void Greater_of_operator_set_6_lays_the_second_operand_at_the_end_when_no_axis_is_given()
    {
        var a = TensorValue.Of<float>(DataType.Float32, [1, 5, 3, 4], 2, 2);

        Assert.Equal([0, 1, 1, 1], OneNode.Run("Greater", 6, [a, TensorValue.Of<float>(DataType.Float32, [2, 3])], ("broadcast", 1)).Values<byte>().ToArray());
    }

    [Fact]
    public void An_operand_that_does_not_fit_at_its_axis_is_refused()
    {
        var a = new TensorValue(DataType.Float32, 2, 3);

        Assert.ThrowsAny<SlipwayException>(() => OneNode.Run("Add", 6, [a, new TensorValue(DataType.Float32, 3)], ("broadcast", 1), ("axis", 2)));
    }

    [Fact]
    public void Division_of_integers_truncates_and_wraps_at_the_end_of_the_range()
    {
        var a = TensorValue.Of<int>(DataType.Int32, [-7, 7, int.MinValue, 8]);
        var b = TensorValue.Of<int>(DataType.Int32, [2, -2, -1, 3]);

        Assert.Equal([-3, -3, int.MinValue, 2], OneNode.Run("Div", 14, [a, b]).Values<int>().ToArray());
    }

    [Theory]
    [InlineData("Div")]
    [InlineData("Mod")]
    public void Division_of_integers_by_zero_is_an_error_of_the_data(string name) =>
        Assert.Throws<RecordException>(() => OneNode.Run(name, 14, [TensorValue.Of<int>(DataType.Int32, [1, 2]), TensorValue.Of<int>(DataType.Int32, [1, 0])]));

    /// <summary>Values of Python's % and C's fmod.</summary>
    [Fact]
    public void Mod_has_the_sign_of_the_divisor_and_fmod_that_of_the_dividend()
    {
        var a = TensorValue.Of<long>(DataType.Int64, [-4, 7, 5, 4, -7, 8]);
        var b = TensorValue.Of<long>(DataType.Int64, [2, -3, 8, -2, 3, 5]);

        Assert.Equal([0, -2, 5, 0, 2, 3], OneNode.Run("Mod", 13, [a, b]).Values<long>().ToArray());
        Assert.Equal([0, 1, 5, 0, -1, 3], OneNode.Run("Mod", 13, [a, b], ("fmod", 1)).Values<long>().ToArray());
    }

    [Fact]
    public void Pow_takes_exponents_of_another_type_and_keeps_the_type_of_the_base()
    {
        var y = OneNode.Run("Pow", 15, [TensorValue.Of<int>(DataType.Int32, [2, -3, 9, 7]), TensorValue.Of<float>(DataType.Float32, [3, 2, 0.5f, 0])]);

        Assert.Equal(DataType.Int32, y.Element);
        Assert.Equal([8, 9, 3, 1], y.Values<int>().ToArray());
    }

    [Fact]
    public void Pow_of_integers_is_exact_beyond_the_mantissa_of_a_double()
    {
        var y = OneNode.Run("Pow", 15, [TensorValue.Vector(3, -1, -1, 5), TensorValue.Vector(39, -3, -2, -1)]);

        Assert.Equal([4052555153018976267, -1, 1, 0], y.Values<long>().ToArray());
    }

    /// <summary>2049 is no float16: 2048 + 1 is a tie that goes to the even 2048; 2048 + 3 rounds to 2052.</summary>
    [Fact]
    public void Sums_of_float16_are_rounded_to_nearest_even()
    {
        var y = OneNode.Run("Add", 14, [OneNode.Halves(2048, 2048, 65504), OneNode.Halves(1, 3, 65504)]);

        Assert.Equal([(Half)2048, (Half)2052, Half.PositiveInfinity], y.Values<Half>().ToArray());
    }

    /// <summary>Three sums of float16 in float32, rounded once: 2048 + 1 + 1 is 2050, while rounding each sum would leave 2048.</summary>
    [Fact]
    public void Sum_of_float16_is_rounded_once_per_operator() =>
        Assert.Equal([(Half)2050], OneNode.Run("Sum", 13, [OneNode.Halves(2048), OneNode.Halves(1), OneNode.Halves(1)]).Values<Half>().ToArray());

    [Fact]
    public void Products_of_bfloat16_are_rounded_to_nearest_even()
    {
        // 1.0078125² = 1.01568603515625 lies between 1.015625 (0x3f82) and 1.0234375 (0x3f83).
        var x = TensorValue.Of<ushort>(DataType.BFloat16, [0x3f81]);

        Assert.Equal([(ushort)0x3f82], OneNode.Run("Mul", 14, [x, x]).Values<ushort>().ToArray());
    }

    [Fact]
    public void Max_passes_NaN_on_in_vectors_and_in_single_elements()
    {
        var a = new float[37];
        var b = new float[37];
        for (var i = 0; i < a.Length; i++) (a[i], b[i]) = i % 3 == 0 ? (float.NaN, 1f) : i % 3 == 1 ? (1f, float.NaN) : (i, -i);

        var y = OneNode.Run("Max", 13, [OneNode.Vector(a), OneNode.Vector(b)]).Floats();

        for (var i = 0; i < y.Length; i++) Assert.Equal(i % 3 == 2 ? i : float.NaN, y[i]);
    }

    [Fact]
    public void Sum_broadcasts_all_inputs_at_once() =>
        Assert.Equal([11, 12, 13, 14, 15], OneNode.Run("Sum", 13, [OneNode.Vector([3]), OneNode.Vector([7]), OneNode.Vector([1, 2, 3, 4, 5])]).Floats());

    [Fact]
    public void Elements_of_two_types_are_refused_at_binding()
    {
        var error = Assert.Throws<ModelException>(() => OneNode.Run("Add", 14, [OneNode.Vector([1]), TensorValue.Vector(1)]));

        Assert.Contains("one type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broadcasting_of_any_shapes_agrees_with_its_definition()
    {
        var random = new Random(20260);
        for (var trial = 0; trial < 200; trial++)
        {
            var rank = random.Next(0, 6);
            var output = new long[rank];
            for (var i = 0; i < rank; i++) output[i] = random.Next(1, 5);
            var shapes = new long[2][];
            for (var k = 0; k < 2; k++) shapes[k] = [.. output[random.Next(0, rank + 1)..].Select(d => random.Next(3) == 0 ? 1 : d)];
            var (a, b) = (OneNode.Random(trial, shapes[0]), OneNode.Random(trial + 1000, shapes[1]));

            var y = OneNode.Run("Sub", 14, [a, b]);

            for (var i = 0; i < y.Count; i++) Assert.Equal(At(a, y.Shape, i) - At(b, y.Shape, i), y.Values<float>()[i]);
        }
    }

    private static float At(TensorValue tensor, ReadOnlySpan<long> output, int index)
    {
        long place = 0, step = 1;
        for (var axis = 1; axis <= output.Length; axis++)
        {
            var position = index % (int)output[^axis];
            index /= (int)output[^axis];
            if (axis > tensor.Rank) continue;
            if (tensor.Shape[^axis] != 1) place += position * step;
            step *= tensor.Shape[^axis];
        }
        return tensor.Values<float>()[(int)place];
    }

    [Theory]
    [InlineData("Less", 1, 0, 0, 0)]
    [InlineData("LessOrEqual", 1, 1, 0, 0)]
    [InlineData("Equal", 0, 1, 0, 0)]
    [InlineData("GreaterOrEqual", 0, 1, 1, 0)]
    [InlineData("Greater", 0, 0, 1, 0)]
    public void Comparisons_with_what_is_not_a_number_are_false(string name, params int[] expected) =>
        Assert.Equal(expected, OneNode.Run(name, 13, [OneNode.Vector(1, 2, 3, float.NaN), OneNode.Vector(2)]).Values<byte>().ToArray().Select(b => (int)b));
}

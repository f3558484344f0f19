using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Generators;

public class GeneratorsTests
{
    [Theory]
    [InlineData(10, 4, -2, new long[] { 10, 8, 6 })]
    [InlineData(0, 5, 2, new long[] { 0, 2, 4 })]
    [InlineData(5, 0, 1, new long[0])]
    [InlineData(long.MaxValue - 1, long.MaxValue, 5, new long[] { long.MaxValue - 1 })]
    [InlineData(long.MinValue, long.MaxValue, long.MaxValue, new long[] { long.MinValue, -1, long.MaxValue - 1 })]
    public void Range_counts_exactly(long start, long limit, long delta, long[] expected) => AssertEqual(Ints(expected), One("Range", 11, [Scalar(start), Scalar(limit), Scalar(delta)]));

    [Fact]
    public void Range_of_floats_is_counted_when_its_limit_comes_at_run_time() =>
        AssertEqual(Floats([0, 0.5f, 1]), OneNode.RunWithConstants("Range", 11, [Floats([0], []), Floats([1.25f], []), Floats([0.5f], [])], [0, 2]));

    [Fact]
    public void Range_refuses_what_does_not_end_or_fit()
    {
        Assert.ThrowsAny<SlipwayException>(() => One("Range", 11, [Scalar(0), Scalar(1), Scalar(0)]));
        Assert.ThrowsAny<SlipwayException>(() => One("Range", 11, [Scalar(0), Scalar(long.MaxValue), Scalar(1)]));
        Assert.ThrowsAny<SlipwayException>(() => One("Range", 11, [Floats([0], []), Floats([float.NaN], []), Floats([1], [])]));
        Assert.ThrowsAny<SlipwayException>(() => One("Range", 11, [Floats([0], []), Floats([1], []), Floats([0], [])]));
    }

    [Fact]
    public void Constants_of_every_kind_are_read()
    {
        AssertEqual(TensorValue.Of([1.5f], []), One("Constant", 12, [], ("value_float", 1.5f)));
        AssertEqual(Floats([1, 2]), One("Constant", 12, [], ("value_floats", new float[] { 1, 2 })));
        AssertEqual(Scalar(-3), One("Constant", 12, [], ("value_int", -3L)));
        AssertEqual(Ints(4, 5), One("Constant", 13, [], ("value_ints", new long[] { 4, 5 })));
        AssertEqual(NodeRun.Texts(["a", "b"]), One("Constant", 13, [], ("value_strings", new[] { "a", "b" })));
        Assert.Equal("a", One("Constant", 13, [], ("value_string", "a")).Strings[0]);
        var sparse = new SparseTensor(Floats([7, 8]), TensorValue.Of([0L, 1, 1, 2], 2, 2), Shape.Of(2, 3));
        AssertEqual(Floats([0, 7, 0, 0, 0, 8], 2, 3), One("Constant", 11, [], ("sparse_value", sparse)));
        AssertEqual(Floats([0, 0, 0, 0, 7, 8], 2, 3), One("Constant", 11, [], ("sparse_value", sparse with { Indices = Ints(4, 5) })));
        Assert.ThrowsAny<SlipwayException>(() => One("Constant", 11, [], ("sparse_value", sparse with { Indices = Ints(4, 6) })));
        Assert.ThrowsAny<SlipwayException>(() => One("Constant", 11, [], ("sparse_value", sparse with { Indices = TensorValue.Of([0L, 3, 1, 2], 2, 2) })));
        Assert.ThrowsAny<SlipwayException>(() => One("Constant", 11, [], ("value_int", 3L)));
        Assert.ThrowsAny<SlipwayException>(() => One("Constant", 13, []));
    }

    [Fact]
    public void Fills_have_the_shape_and_type_that_is_asked_for()
    {
        AssertEqual(new TensorValue(DataType.Float32, 2, 3), One("ConstantOfShape", 9, [Ints(2, 3)]));
        AssertEqual(TensorValue.Of([9L], []), One("ConstantOfShape", 9, [Ints()], ("value", Ints(9))));
        Assert.ThrowsAny<SlipwayException>(() => One("ConstantOfShape", 9, [Ints(2, -3)]));
        Assert.ThrowsAny<SlipwayException>(() => One("ConstantOfShape", 9, [Ints(1 << 20, 1 << 20)]));
        AssertEqual(Floats([2, 2], 1, 2), One("ConstantFill", 1, [], ("shape", new long[] { 1, 2 }), ("value", 2f)));
        AssertEqual(TensorValue.Of([3L, 3, 3, 3], 2, 2), One("ConstantFill", 1, [Ints(2)], ("input_as_shape", 1), ("extra_shape", new long[] { 2 }), ("dtype", (long)DataType.Int64), ("value", 3f)));
        AssertEqual(TensorValue.Of([0L, 1, 0, 0, 0, 1], 2, 3), One("EyeLike", 9, [new TensorValue(DataType.Float32, 2, 3)], ("k", 1), ("dtype", (long)DataType.Int64)));
        AssertEqual(Floats([0, 0, 1, 0], 2, 2), One("EyeLike", 22, [Floats([5, 5, 5, 5], 2, 2)], ("k", -1)));
        Assert.All(One("EyeLike", 9, [Floats([5, 5], 1, 2)], ("k", long.MinValue)).Values<float>().ToArray(), v => Assert.Equal(0, v));
    }
}

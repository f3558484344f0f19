using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class BroadcastTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2, 3, 4 }, new long[] { 24 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 4 }, new long[] { 6, 4 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { }, new long[] { 24 })]
    [InlineData(new long[] { 2, 3, 4, 5 }, new long[] { 3, 1, 1 }, new long[] { 2, 3, 20 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 3, 4 }, new long[] { 2, 12 })]
    [InlineData(new long[] { 1, 1 }, new long[] { 1 }, new long[] { 1 })]
    public void Plan_merges_what_is_walked_in_one_stride(long[] a, long[] b, long[] loops)
    {
        Assert.Equal(loops, new BroadcastPlan(a, b, a).Extents.ToArray());
    }

    [Fact]
    public void Plan_refuses_a_shape_that_does_not_fit()
    {
        var error = Assert.Throws<RecordException>(() => new BroadcastPlan([2, 3], [2], [2, 3]));
        Assert.Contains("[2] does not broadcast to [2, 3]", error.Message);
    }

    [Fact]
    public void Result_is_that_of_the_definition_for_random_shapes()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var result = new long[random.Next(0, 6)];
            for (var i = 0; i < result.Length; i++) result[i] = random.Next(10) == 0 ? 0 : random.Next(1, i == result.Length - 1 ? 40 : 5);
            var shapeA = Narrowed(result, random);
            var shapeB = Narrowed(result, random);
            var a = Numbers(shapeA, random);
            var b = Numbers(shapeB, random);
            var y = new float[Count(result)];
            Elementwise.Run<float, float, SubOperator<float>>(new BroadcastPlan(shapeA, shapeB, result), a, b, y);
            for (var i = 0; i < y.Length; i++) Assert.Equal(a[Source(i, result, shapeA)] - b[Source(i, result, shapeB)], y[i]);
        }
    }

    private static long[] Narrowed(long[] shape, Random random)
    {
        var narrowed = shape[random.Next(0, shape.Length + 1)..].ToArray();
        if (random.Next(3) == 0) narrowed = [.. shape];
        for (var i = 0; i < narrowed.Length; i++)
        {
            if (random.Next(3) == 0) narrowed[i] = 1;
        }
        return narrowed;
    }

    private static float[] Numbers(long[] shape, Random random)
    {
        var numbers = new float[Count(shape)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)random.NextDouble();
        return numbers;
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, extent) => product * extent);

    private static long Source(long flat, long[] result, long[] shape)
    {
        long source = 0, stride = 1;
        for (var i = result.Length - 1; i >= 0; i--)
        {
            var at = flat % result[i];
            flat /= result[i];
            var dimension = i - (result.Length - shape.Length);
            if (dimension < 0) continue;
            if (shape[dimension] != 1) source += at * stride;
            stride *= shape[dimension];
        }
        return source;
    }
}

using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators;

public sealed class BroadcastingTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2, 3, 4 }, 24)]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 4 }, 4)]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { }, 24)]
    [InlineData(new long[] { 2, 3, 4, 5 }, new long[] { 3, 1, 1 }, 20)]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 3, 4 }, 12)]
    [InlineData(new long[] { 1, 1 }, new long[] { 1 }, 1)]
    public void What_is_walked_in_one_stride_is_merged(long[] a, long[] b, int length)
    {
        object? state = null;
        Assert.Equal(length, Broadcasting.Of(ref state, a, a, b).RunLength);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused()
    {
        object? state = null;
        var error = Assert.Throws<RecordException>(() => Broadcasting.Of(ref state, [2, 3], [2, 3], [2]));
        Assert.Contains("[2] does not broadcast to [2,3]", error.Message);
    }

    [Fact]
    public void Every_element_meets_its_operands_however_the_output_is_cut_into_ranges()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var result = new long[random.Next(0, 6)];
            for (var i = 0; i < result.Length; i++) result[i] = random.Next(10) == 0 ? 0 : random.Next(1, i == result.Length - 1 ? 40 : 5);
            var shapeA = Narrowed(result, random);
            var shapeB = Narrowed(result, random);
            object? state = null;
            var walk = Broadcasting.Of(ref state, result, shapeA, shapeB);
            var places = new (int A, int B)[Count(result)];
            Array.Fill(places, (-1, -1));
            var collect = new Collect(walk, places);
            for (int first = 0, end; first < places.Length; first = end)
            {
                end = round % 3 == 0 ? places.Length : Math.Min(places.Length, first + random.Next(1, 70));
                walk.Each(ref collect, first, end);
            }
            for (var i = 0; i < places.Length; i++) Assert.Equal((Source(i, result, shapeA), Source(i, result, shapeB)), (places[i].A, places[i].B));
        }
    }

    private readonly struct Collect(Broadcasting walk, (int A, int B)[] places) : IBroadcastLoop
    {
        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            for (var i = 0; i < length; i++)
            {
                Assert.Equal((-1, -1), places[output + i]);
                places[output + i] = (starts[0] + (walk.IsRepeated(0) ? 0 : i), starts[1] + (walk.IsRepeated(1) ? 0 : i));
            }
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

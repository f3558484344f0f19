using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Indexing;

public class IndexingTests
{
    private static readonly DataType[] Widths = [DataType.Int8, DataType.BFloat16, DataType.Float32, DataType.UInt64, DataType.Complex128, DataType.String];

    private static TensorValue RandomIndices(Random random, long size, bool isInt, params long[] shape)
    {
        var tensor = new TensorValue(isInt ? DataType.Int32 : DataType.Int64, shape);
        for (var i = 0; i < tensor.Count; i++)
        {
            var index = random.NextInt64(-size, size);
            if (isInt) tensor.Values<int>()[i] = (int)index;
            else tensor.Values<long>()[i] = index;
        }
        return tensor;
    }

    private static long Index(TensorValue indices, ReadOnlySpan<long> position, long size) => indices.IntAt(Linear(indices.Shape, position)) is < 0 and var i ? i + size : indices.IntAt(Linear(indices.Shape, position));

    [Fact]
    public void Gather_and_GatherElements_follow_their_definitions_for_random_positions()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var axis = random.Next(-3, 3);
            var d = axis < 0 ? axis + 3 : axis;
            long[] shape = [random.Next(1, 5), random.Next(1, 5), random.Next(1, 5)];
            var source = Sequence(Widths[round % Widths.Length], shape);
            var indices = RandomIndices(random, shape[d], round % 2 == 0, 2, 3);
            AssertMoved(source, One("Gather", 13, [source, indices], ("axis", axis)), p => [.. p[..d], Index(indices, p.AsSpan(d, 2), shape[d]), .. p[(d + 2)..]]);

            long[] few = [.. shape.Select((s, i) => i == d ? random.Next(1, 7) : random.NextInt64(1, s + 1))];
            var elements = RandomIndices(random, shape[d], round % 2 == 0, few);
            AssertMoved(source, One("GatherElements", 13, [source, elements], ("axis", axis)), p => [.. p[..d], Index(elements, p, shape[d]), .. p[(d + 1)..]]);
        }
    }

    [Fact]
    public void GatherND_follows_its_definition_with_batch_dimensions()
    {
        var random = new Random(6);
        foreach (var element in Widths)
        {
            var source = Sequence(element, 2, 3, 4, 2);
            for (var batch = 0; batch <= 2; batch++)
            {
                var indices = new TensorValue(DataType.Int64, [.. new long[] { 2, 3 }[..batch], 5, 1]);
                for (var i = 0; i < indices.Count; i++) indices.Values<long>()[i] = random.Next(-2, 2);
                var size = source[batch];
                AssertMoved(source, One("GatherND", 12, [source, indices], ("batch_dims", batch)), p => [.. p[..batch], Index(indices, [.. p[..(batch + 1)], 0], size), .. p[(batch + 1)..]]);
            }
        }
    }

    [Theory]
    [InlineData("Gather")]
    [InlineData("GatherElements")]
    [InlineData("GatherND")]
    public void Positions_outside_are_refused(string name)
    {
        foreach (var index in (long[])[3, -4, long.MaxValue, long.MinValue])
        {
            var indices = name == "GatherND" ? TensorValue.Of([index], 1, 1) : Ints(index);
            Assert.ThrowsAny<SlipwayException>(() => Run(name, 13, [Ints(1, 2, 3), indices]));
            if (name != "Gather") continue;
            Assert.ThrowsAny<SlipwayException>(() => Run("ScatterElements", 18, [Ints(1, 2, 3), Ints(index), Ints(0)]));
            Assert.ThrowsAny<SlipwayException>(() => Run("ScatterND", 18, [Ints(1, 2, 3), TensorValue.Of([index], 1, 1), Ints(0)]));
        }
    }

    [Theory]
    [InlineData("none", new long[] { 8, 2, 5 })]
    [InlineData("add", new long[] { 16, 2, 8 })]
    [InlineData("mul", new long[] { 56, 2, 15 })]
    [InlineData("max", new long[] { 8, 2, 5 })]
    [InlineData("min", new long[] { 1, 2, 3 })]
    public void Scatters_reduce_every_number_type(string reduction, long[] expected)
    {
        foreach (var element in (DataType[])[DataType.Float32, DataType.Float64, DataType.Float16, DataType.Int8, DataType.UInt16, DataType.Int32, DataType.UInt64, DataType.Int64])
        {
            // 1 is updated by 7 and 8 in this order, 3 by 5.
            Value?[] inputs = [OfNumbers(element, 1, 2, 3), Ints(0, -1, 0), OfNumbers(element, 7, 5, 8)];
            AssertEqual(OfNumbers(element, expected), One("ScatterElements", 18, inputs, ("reduction", reduction)));
            inputs[1] = TensorValue.Of([0L, -1, 0], 3, 1);
            AssertEqual(OfNumbers(element, expected), One("ScatterND", 18, inputs, ("reduction", reduction)));
        }
    }

    private static TensorValue OfNumbers(DataType element, params long[] numbers) => One("Cast", 13, [Ints(numbers)], ("to", (long)element));

    [Fact]
    public void Scatter_reductions_of_booleans_are_or_and_and()
    {
        Value?[] inputs = [Bools(true, false, true), Ints(0, 1, 2), Bools(true, true, false)];
        AssertEqual(Bools(true, true, true), One("ScatterElements", 16, inputs, ("reduction", "add")));
        AssertEqual(Bools(true, false, false), One("ScatterElements", 16, inputs, ("reduction", "mul")));
    }

    [Fact]
    public void Scatter_reductions_come_with_their_versions()
    {
        Value?[] inputs = [Ints(1, 2), Ints(0), Ints(5)];
        Assert.ThrowsAny<SlipwayException>(() => Run("ScatterElements", 16, inputs, 1, ("reduction", "max")));
        AssertEqual(Ints(5, 2), One("Scatter", 9, inputs));
        AssertEqual(NodeRun.Texts(["b", "x"]), One("Scatter", 10, [NodeRun.Texts(["a", "x"]), Ints(0), NodeRun.Texts(["b"])]));
    }

    [Fact]
    public void OneHot_wraps_indices_below_zero_since_version_11()
    {
        Value?[] inputs = [Floats([1, -1, 3.7f, -9]), Floats([3]), Ints(5, 7)];
        AssertEqual(TensorValue.Of([5L, 7, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 4, 3), One("OneHot", 9, inputs));
        AssertEqual(TensorValue.Of([5L, 7, 5, 5, 5, 7, 5, 5, 5, 5, 5, 5], 4, 3), One("OneHot", 11, inputs));
        AssertEqual(TensorValue.Of([5L, 5, 5, 5, 7, 5, 5, 5, 5, 7, 5, 5], 3, 4), One("OneHot", 11, inputs, ("axis", 0)));
        Assert.ThrowsAny<SlipwayException>(() => One("OneHot", 11, [Ints(1), Scalar(-1), Ints(0, 1)]));
    }

    [Fact]
    public void Compress_keeps_slices_or_elements_and_may_have_fewer_conditions()
    {
        foreach (var element in Widths)
        {
            var source = Sequence(element, 3, 4);
            AssertMoved(source, One("Compress", 11, [source, Bools(false, true, true)], ("axis", -1)), p => [p[0], p[1] + 1]);
            AssertMoved(source, One("Compress", 9, [source, Bools(true, false, false, false, false, true)]), p => p[0] == 0 ? [0, 0] : [1, 1]);
            Assert.Equal(0, One("Compress", 9, [source, Bools(false)]).Count);
        }
        Assert.ThrowsAny<SlipwayException>(() => One("Compress", 9, [Ints(1), Bools(true, true)]));
    }

    [Fact]
    public void ReverseSequence_reverses_the_beginning_of_each_sequence()
    {
        var source = Sequence(DataType.Float32, 4, 2, 3);
        var lengths = new long[] { 3, 1 };
        AssertMoved(source, One("ReverseSequence", 10, [source, Ints(lengths)]), p => [p[0] < lengths[p[1]] ? lengths[p[1]] - 1 - p[0] : p[0], p[1], p[2]]);
        Assert.ThrowsAny<SlipwayException>(() => One("ReverseSequence", 10, [source, Ints(5, 1)]));
    }

    [Fact]
    public void Trilu_keeps_a_triangle_for_every_diagonal()
    {
        foreach (var element in (DataType[])[DataType.Bool, DataType.Float16, DataType.Float32, DataType.Int64])
        {
            var source = Sequence(element, 2, 3, 4);
            foreach (var k in (long[])[long.MinValue, -4, -1, 0, 2, 5, long.MaxValue])
            {
                AssertMoved(source, One("Trilu", 14, [source, Scalar(k)]), p => (Int128)p[2] >= (Int128)p[1] + k ? p : null);
                AssertMoved(source, One("Trilu", 14, [source, Scalar(k)], ("upper", 0)), p => (Int128)p[2] <= (Int128)p[1] + k ? p : null);
            }
        }
    }

    [Fact]
    public void TensorScatter_writes_around_the_end_only_when_circular()
    {
        var cache = Sequence(DataType.Float32, 2, 1, 4, 2);
        var update = Floats([.. Enumerable.Range(100, 8).Select(i => (float)i)], 2, 1, 2, 2);
        var result = One("TensorScatter", 24, [cache, update, Ints(3, 5)], ("mode", "circular"));
        Assert.Equal([100f, 101f], result.Values<float>().Slice(6, 2).ToArray());
        Assert.Equal([102f, 103f], result.Values<float>()[..2].ToArray());
        Assert.Equal([104f, 105f, 106f, 107f], result.Values<float>().Slice(10, 4).ToArray());
        Assert.ThrowsAny<SlipwayException>(() => One("TensorScatter", 24, [cache, update, Ints(3, 0)]));
        Assert.ThrowsAny<SlipwayException>(() => One("TensorScatter", 24, [cache, update, Ints(-1, 0)], ("mode", "circular")));
    }
}

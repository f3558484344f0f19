using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Selection;

public class SelectionTests
{
    private static TensorValue RandomNumbers(Random random, DataType element, params long[] shape)
    {
        var tensor = TensorValue.Of(new float[shape.Aggregate(1L, (a, b) => a * b)].AsSpan(), shape);
        foreach (ref var value in tensor.Values<float>()) value = random.Next(element is DataType.UInt8 or DataType.UInt64 ? 0 : -4, 5);
        return element == DataType.Float32 ? tensor : One("Cast", 13, [tensor], ("to", (long)element));
    }

    [Fact]
    public void TopK_is_a_stable_sort_in_every_version_and_number_type()
    {
        var random = new Random(7);
        DataType[] elements = [DataType.Float32, DataType.Float64, DataType.Float16, DataType.BFloat16, DataType.Int64, DataType.Int32, DataType.Int16, DataType.Int8, DataType.UInt64, DataType.UInt8];
        for (var round = 0; round < 120; round++)
        {
            var (axis, isLargest) = (random.Next(-3, 3), round % 3 != 0);
            var d = axis < 0 ? axis + 3 : axis;
            long[] shape = [random.Next(1, 4), random.Next(1, 9), random.Next(1, 4)];
            var source = RandomNumbers(random, elements[round % elements.Length], shape);
            var k = random.Next(0, (int)shape[d] + 1);
            var results = Run("TopK", 24, [source, Ints(k)], 2, ("axis", axis), ("largest", isLargest));
            if (isLargest)
            {
                foreach (var (version, inputs, attributes) in new (int, Value?[], (string, object)[])[] { (1, [source], [("axis", axis), ("k", k)]), (10, [source, Ints(k)], [("axis", axis)]) })
                {
                    var old = Run("TopK", version, inputs, 2, attributes);
                    AssertEqual(results[0], old[0]);
                    AssertEqual(results[1], old[1]);
                }
            }
            var indices = (TensorValue)results[1];
            AssertMoved(source, (TensorValue)results[0], p => [.. p[..d], indices.Values<long>()[Linear(indices.Shape, p)], .. p[(d + 1)..]]);
            foreach (var position in Positions(indices.Shape.ToArray()))
            {
                var lane = Enumerable.Range(0, (int)shape[d]).Select(i => source.NumberAt(Linear(shape, [.. position[..d], i, .. position[(d + 1)..]]))).ToArray();
                var order = isLargest ? Enumerable.Range(0, lane.Length).OrderByDescending(i => lane[i]) : Enumerable.Range(0, lane.Length).OrderBy(i => lane[i]);
                Assert.Equal(order.ElementAt((int)position[d]), indices.Values<long>()[Linear(indices.Shape, position)]);
            }
        }
    }

    [Fact]
    public void TopK_takes_NaN_for_the_largest_and_refuses_more_than_there_are()
    {
        var source = Floats([1, float.NaN, float.PositiveInfinity, -1]);
        Assert.Equal([1L, 2], ((TensorValue)Run("TopK", 11, [source, Ints(2)], 2)[1]).Values<long>().ToArray());
        Assert.Equal([3L, 0, 2, 1], ((TensorValue)Run("TopK", 11, [source, Ints(4)], 2, ("largest", 0))[1]).Values<long>().ToArray());
        Assert.ThrowsAny<SlipwayException>(() => Run("TopK", 11, [source, Ints(5)], 2));
        Assert.ThrowsAny<SlipwayException>(() => Run("TopK", 11, [source, Ints(-1)], 2));
    }

    [Fact]
    public void Unique_agrees_with_grouping_for_every_element_type()
    {
        var random = new Random(8);
        foreach (var element in (DataType[])[DataType.Float32, DataType.BFloat16, DataType.Int8, DataType.UInt64, DataType.Float64, DataType.String])
        {
            for (var round = 0; round < 10; round++)
            {
                var numbers = Enumerable.Range(0, random.Next(0, 12)).Select(_ => (long)random.Next(0, 5)).ToArray();
                var source = element == DataType.String ? NodeRun.Texts([.. numbers.Select(n => $"{n}")]) : One("Cast", 13, [Ints(numbers)], ("to", (long)element));
                foreach (var isSorted in (bool[])[true, false])
                {
                    var results = Run("Unique", 11, [source], 4, ("sorted", isSorted));
                    var groups = numbers.Index().GroupBy(n => n.Item).ToArray();
                    if (isSorted) groups = [.. groups.OrderBy(g => g.Key)];
                    Assert.Equal(groups.Select(g => (long)g.First().Index), ((TensorValue)results[1]).Values<long>().ToArray());
                    Assert.Equal(groups.Select(g => (long)g.Count()), ((TensorValue)results[3]).Values<long>().ToArray());
                    Assert.Equal(numbers.Select(n => (long)Array.FindIndex(groups, g => g.Key == n)), ((TensorValue)results[2]).Values<long>().ToArray());
                    AssertMoved(source, (TensorValue)results[0], p => [groups[p[0]].First().Index]);
                }
            }
        }
    }

    [Fact]
    public void Unique_compares_slices_of_an_axis_and_takes_NaN_for_one_value()
    {
        var columns = TensorValue.Of([2L, 1, 2, 4, 3, 4], 2, 3);
        var results = Run("Unique", 11, [columns], 4, ("axis", -1));
        AssertEqual(TensorValue.Of([1L, 2, 3, 4], 2, 2), results[0]);
        AssertEqual(Ints(1, 0), results[1]);
        AssertEqual(Ints(1, 0, 1), results[2]);
        AssertEqual(Ints(1, 2), results[3]);
        var found = (TensorValue)Run("Unique", 11, [Floats([float.NaN, 1, float.NaN])], 4)[3];
        AssertEqual(Ints(1, 2), found);
    }

    [Fact]
    public void NonZero_knows_zeros_of_every_type()
    {
        AssertEqual(TensorValue.Of([0L, 1, 1, 0], 2, 2), One("NonZero", 9, [Floats([-0f, float.NaN, 2, 0], 2, 2)]));
        AssertEqual(TensorValue.Of([1L], 1, 1), One("NonZero", 13, [NodeRun.Texts(["", "a"])]));
        AssertEqual(TensorValue.Of([0L, 2], 1, 2), One("NonZero", 13, [Bools(true, false, true)]));
        var halves = TensorValue.Of(DataType.BFloat16, (ReadOnlySpan<ushort>)[0x8000, 0x3F80], 2);
        AssertEqual(TensorValue.Of([1L], 1, 1), One("NonZero", 13, [halves]));
        Assert.Equal([0, 1], One("NonZero", 13, [TensorValue.Of([5L], [])]).Shape.ToArray());
    }

    [Fact]
    public void NonMaxSuppression_without_a_limit_takes_nothing_and_refuses_odd_overlaps()
    {
        var boxes = Floats([0, 0, 1, 1, 0, 0, 1, 0.9f], 1, 2, 4);
        var scores = Floats([0.5f, 0.6f], 1, 1, 2);
        Assert.Equal([0, 3], One("NonMaxSuppression", 10, [boxes, scores]).Shape.ToArray());
        AssertEqual(TensorValue.Of([0L, 0, 1], 1, 3), One("NonMaxSuppression", 10, [boxes, scores, Ints(5), Floats([0.5f])]));
        AssertEqual(TensorValue.Of([0L, 0, 1, 0, 0, 0], 2, 3), One("NonMaxSuppression", 11, [boxes, scores, Ints(5), Floats([0.95f])]));
        AssertEqual(TensorValue.Of([0L, 0, 1], 1, 3), One("NonMaxSuppression", 11, [boxes, scores, Ints(5), Floats([1]), Floats([0.5f])]));
        Assert.ThrowsAny<SlipwayException>(() => One("NonMaxSuppression", 11, [boxes, scores, Ints(5), Floats([2])]));
        Assert.ThrowsAny<SlipwayException>(() => One("NonMaxSuppression", 11, [boxes, Floats([1, 2, 3], 1, 1, 3), Ints(5)]));
    }

    [Theory]
    [InlineData(0.2f, 5L)]
    [InlineData(1.5f, 50L)]
    [InlineData(-5f, 200L)]
    public void NonMaxSuppression_of_many_boxes_agrees_with_the_native_runtime(float threshold, long most)
    {
        var random = new Random(3);
        var (boxes, scores) = (new TensorValue(DataType.Float32, 2, 150, 4), new TensorValue(DataType.Float32, 2, 3, 150));
        foreach (ref var x in boxes.Values<float>()) x = random.NextSingle() * 4;
        foreach (ref var x in scores.Values<float>()) x = MathF.Round(random.NextSingle() * 20) / 10;
        foreach (var centred in (long[])[0, 1])
        {
            Slipway.Tests.Models.Operators.Learning.BothEngines.Agree("", "NonMaxSuppression", 11, [("center_point_box", centred)],
                [boxes, scores, TensorValue.Of<long>(DataType.Int64, [most], []), TensorValue.Of([0.4f], []), TensorValue.Of([threshold], [])], tolerance: 0);
        }
    }
}

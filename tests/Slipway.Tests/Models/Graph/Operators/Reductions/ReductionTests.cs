using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Reductions;

public class ReductionTests
{
    [Fact]
    public void Sums_over_any_axes_agree_with_their_definition()
    {
        var random = new Random(31);
        for (var trial = 0; trial < 100; trial++)
        {
            var rank = random.Next(1, 6);
            var shape = new long[rank];
            for (var i = 0; i < rank; i++) shape[i] = random.Next(1, 5);
            var axes = Enumerable.Range(0, rank).Where(_ => random.Next(2) == 0).Select(i => (long)(random.Next(2) == 0 ? i : i - rank)).ToArray();
            if (axes.Length == 0) axes = [0];
            var x = OneNode.Random(trial, shape);

            var y = OneNode.Run("ReduceSum", 13, [x, TensorValue.Vector(axes)], ("keepdims", trial % 2));

            var expected = new SortedDictionary<long, double>();
            for (var i = 0; i < x.Count; i++)
            {
                long key = 0, left = i;
                var index = new long[rank];
                for (var axis = rank - 1; axis >= 0; axis--) (index[axis], left) = (left % shape[axis], left / shape[axis]);
                for (var axis = 0; axis < rank; axis++) key = key * shape[axis] + (axes.Contains(axis) || axes.Contains(axis - rank) ? 0 : index[axis]);
                expected[key] = expected.GetValueOrDefault(key) + x.Values<float>()[i];
            }
            Assert.Equal(trial % 2 == 1 ? rank : rank - axes.Length, y.Rank);
            var values = expected.Values.ToArray();
            Assert.Equal(values.Length, y.Count);
            for (var i = 0; i < values.Length; i++) Assert.Equal(values[i], y.Values<float>()[i], 1e-5);
        }
    }

    /// <summary>The neutral elements that the standard states for empty sets.</summary>
    [Theory]
    [InlineData("ReduceSum", 0)]
    [InlineData("ReduceProd", 1)]
    [InlineData("ReduceMax", double.NegativeInfinity)]
    [InlineData("ReduceMin", double.PositiveInfinity)]
    [InlineData("ReduceL2", 0)]
    [InlineData("ReduceLogSum", double.NegativeInfinity)]
    [InlineData("ReduceLogSumExp", double.NegativeInfinity)]
    [InlineData("ReduceMean", double.NaN)]
    public void Reductions_of_nothing_give_their_neutral_element(string name, double expected)
    {
        var y = OneNode.Run(name, 20, [new TensorValue(DataType.Float32, 2, 0), TensorValue.Vector(1)], ("keepdims", 0)).Floats();

        Assert.Equal([(float)expected, (float)expected], y);
    }

    [Fact]
    public void No_axes_reduce_all_or_nothing_as_asked()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4], 2, 2);

        Assert.Equal([10], OneNode.Run("ReduceSum", 13, [x]).Floats());
        Assert.Equal([1, 2, 3, 4], OneNode.Run("ReduceSum", 13, [x], ("noop_with_empty_axes", 1)).Floats());
    }

    /// <summary>A reduction over no axes still maps each element (onnx/onnx #7137).</summary>
    [Theory]
    [InlineData("ReduceL1", 2, 4)]
    [InlineData("ReduceL2", 2, 4)]
    [InlineData("ReduceSumSquare", 4, 16)]
    [InlineData("ReduceLogSum", float.NaN, 1.3862944f)]
    [InlineData("ReduceLogSumExp", -2, 4)]
    [InlineData("ReduceMean", -2, 4)]
    public void Elements_are_mapped_when_no_axis_is_reduced(string name, float first, float second)
    {
        var x = TensorValue.Of<float>(DataType.Float32, [-2, 4], 1, 2);

        var y = OneNode.Run(name, 18, [x], ("noop_with_empty_axes", 1));

        Assert.Equal(x.Shape, y.Shape);
        Assert.Equal([first, second], y.Floats());
    }

    [Fact]
    public void LogSumExp_neither_overflows_nor_loses_infinities()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [1000, 1000, float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, 1, float.NaN, 1], 4, 2);

        var y = OneNode.Run("ReduceLogSumExp", 13, [x], ("axes", new long[] { 1 }), ("keepdims", 0)).Floats();

        Assert.Equal(1000.6931471805599, y[0], 1e-3);
        Assert.Equal([float.NegativeInfinity, float.PositiveInfinity, float.NaN], y[1..]);
    }

    [Fact]
    public void Means_of_integers_are_cut_and_sums_wrap()
    {
        var x = TensorValue.Of<int>(DataType.Int32, [int.MaxValue, 1, -3, 0], 2, 2);

        Assert.Equal([int.MinValue, -3], OneNode.Run("ReduceSum", 13, [x, TensorValue.Vector(1)], ("keepdims", 0)).Values<int>().ToArray());
        Assert.Equal([2], OneNode.Run("ReduceMean", 13, [TensorValue.Of<int>(DataType.Int32, [2, 3])], ("keepdims", 0)).Values<int>().ToArray());
    }

    [Fact]
    public void ArgMax_takes_the_first_or_last_of_equals_and_NaN_as_greatest()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [2, 2, 1, 1, float.NaN, 5], 2, 3);

        Assert.Equal([0, 1], OneNode.Run("ArgMax", 13, [x], ("axis", 1), ("keepdims", 0)).Values<long>().ToArray());
        Assert.Equal([1, 1], OneNode.Run("ArgMax", 13, [x], ("axis", 1), ("keepdims", 0), ("select_last_index", 1)).Values<long>().ToArray());
        Assert.Throws<ModelException>(() => OneNode.Run("ArgMax", 13, [new TensorValue(DataType.Float32, 0, 3)]));
    }

    [Fact]
    public void CumSum_runs_both_ways_with_and_without_its_own_element()
    {
        var x = TensorValue.Of<int>(DataType.Int32, [1, 2, 3, 4, 5, 6], 2, 3);

        Assert.Equal([5, 3, 0, 11, 6, 0], OneNode.Run("CumSum", 14, [x, TensorValue.Vector(-1)], ("reverse", 1), ("exclusive", 1)).Values<int>().ToArray());
        Assert.Equal([1, 2, 3, 4, 10, 18], OneNode.Run("CumProd", 26, [x, TensorValue.Vector(0)]).Values<int>().ToArray());
        Assert.Throws<RecordException>(() => OneNode.Run("CumSum", 14, [x, TensorValue.Vector(2)]));
    }

    /// <summary>Before operator set 13 the softmax is over everything from the axis on; from then on over the axis alone.</summary>
    [Fact]
    public void Softmax_of_old_versions_flattens()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [0, 0, 0, 0], 1, 2, 2);

        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], OneNode.Run("Softmax", 11, [x]).Floats());
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], OneNode.Run("Softmax", 13, [x]).Floats());
    }

    [Fact]
    public void Softmax_of_a_row_does_not_depend_on_its_place_and_hardly_on_its_axis()
    {
        var x = OneNode.Random(5, 7, 13);
        var rows = OneNode.Run("Softmax", 13, [x]).Floats();
        var turned = new TensorValue(DataType.Float32, 13, 7);
        for (var i = 0; i < x.Count; i++) turned.Values<float>()[i % 13 * 7 + i / 13] = x.Values<float>()[i];
        var columns = OneNode.Run("Softmax", 13, [turned], ("axis", 0)).Floats();

        for (var row = 0; row < 7; row++)
        {
            var alone = OneNode.Run("Softmax", 13, [OneNode.Vector(x.Values<float>().Slice(row * 13, 13))]).Floats();
            for (var i = 0; i < 13; i++)
            {
                Assert.Equal(alone[i], rows[row * 13 + i]);
                Assert.Equal(alone[i], columns[i * 7 + row], 1e-7);
            }
        }
    }

    [Fact]
    public void An_axis_outside_of_the_tensor_is_refused() => Assert.ThrowsAny<SlipwayException>(() => OneNode.Run("ReduceSum", 13, [new TensorValue(DataType.Float32, 2, 2), TensorValue.Vector(2)]));
}

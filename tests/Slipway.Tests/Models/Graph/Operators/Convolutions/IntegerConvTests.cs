using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Engine;

namespace Slipway.Tests.Models.Operators.Convolutions;

/// <summary>Weights that are packed at load, at the first run or at each run give the same integers.</summary>
public sealed class IntegerConvTests
{
    private const int Channels = 6, Filters = 4;

    private static TensorValue Bytes(Random random, DataType element, params long[] shape)
    {
        var tensor = new TensorValue(element, shape);
        random.NextBytes(tensor.Bytes);
        return tensor;
    }

    private static GraphSource Source(GraphSource source, bool isSizeKnown, bool areWeightsKnown, TensorValue weights, TensorValue zeros, long size)
    {
        source = isSizeKnown ? source.Input("x", DataType.UInt8, -1, Channels, size, size) : source.Input("x", DataType.UInt8, -1, Channels, -2, -3);
        source = areWeightsKnown ? source.Constant("w", weights).Constant("z", zeros) : source.Input("w", DataType.Int8, [.. weights.Shape]).Input("z", DataType.Int8, [.. zeros.Shape]);
        return source.Constant("xz", TensorValue.Of<byte>(DataType.UInt8, [9], []));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(1, 5, 0)]
    public void Convolutions_do_not_depend_on_when_their_weights_are_known(int groups, int kernel, int pad)
    {
        var random = new Random(5);
        var (weights, zeros) = (Bytes(random, DataType.Int8, Filters, Channels / groups, kernel, kernel), Bytes(random, DataType.Int8, Filters));
        foreach (var size in new[] { 5L, 9, 20 })
        {
            var x = Bytes(random, DataType.UInt8, 3, Channels, size, size);
            byte[]? expected = null;
            foreach (var (isSizeKnown, areWeightsKnown) in new[] { (true, true), (false, true), (true, false), (false, false) })
            {
                var source = Source(new GraphSource(), isSizeKnown, areWeightsKnown, weights, zeros, size).Node("y = ConvInteger(x, w, xz, z)", ("group", (long)groups), ("pads", new long[] { pad, pad, pad, pad })).Output("y");
                using var run = GraphModel.Compile(source.Model(), GraphOptions.Default).Run(areWeightsKnown ? [x] : [x, weights, zeros]);
                expected ??= GraphSource.Bits(run.Output(0));
                Assert.Equal(expected, GraphSource.Bits(run.Output(0)));
            }
        }
    }

    [Fact]
    public void Weights_of_every_run_replace_those_before()
    {
        var random = new Random(6);
        // One channel to a filter: with a zero point of its own the weights take another form.
        var source = new GraphSource().Input("x", DataType.UInt8, 1, 4, 8, 8).Input("w", DataType.Int8, 4, 1, 3, 3).Input("z", DataType.Int8).Constant("xz", TensorValue.Of<byte>(DataType.UInt8, [9], []));
        var model = GraphModel.Compile(source.Node("y = ConvInteger(x, w, xz, z)", ("group", 4L)).Output("y").Model(), GraphOptions.Default);
        var x = Bytes(random, DataType.UInt8, 1, 4, 8, 8);
        foreach (var zero in new sbyte[] { 0, 5, 0, -7 })
        {
            var (weights, point) = (Bytes(random, DataType.Int8, 4, 1, 3, 3), TensorValue.Of<sbyte>(DataType.Int8, [zero], []));
            using var run = model.Run([x, weights, point]);
            var y = ((TensorValue)run.Output(0)).Values<int>();
            for (var i = 0; i < y.Length; i++)
            {
                var (channel, row, column) = (i / 36, i / 6 % 6, i % 6);
                var sum = 0;
                for (var tap = 0; tap < 9; tap++) sum += (x.Values<byte>()[(channel * 64) + ((row + (tap / 3)) * 8) + column + (tap % 3)] - 9) * (weights.Values<sbyte>()[(channel * 9) + tap] - zero);
                Assert.Equal(sum, y[i]);
            }
        }
    }

    [Fact]
    public void Zero_points_that_are_not_of_the_filters_are_refused()
    {
        var random = new Random(7);
        var (weights, zeros) = (Bytes(random, DataType.Int8, Filters, Channels, 1, 1), Bytes(random, DataType.Int8, 3));
        var model = GraphModel.Compile(Source(new GraphSource(), true, false, weights, zeros, 4).Node("y = ConvInteger(x, w, xz, z)").Output("y").Model(), GraphOptions.Default);
        Assert.Throws<RecordException>(() => model.Run([Bytes(random, DataType.UInt8, 1, Channels, 4, 4), weights, zeros]));
    }
}

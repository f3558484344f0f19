using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public class TransposedConvolutionTests
{
    [Fact]
    public void Every_input_pixel_spreads_its_window()
    {
        var random = new Random(21);
        for (var round = 0; round < 80; round++)
        {
            var groups = random.Next(1, 4);
            var (channels, filters) = (groups * random.Next(1, 5), groups * random.Next(1, 4));
            var axes = new ColumnAxis[random.Next(1, 4)];
            for (var i = 0; i < axes.Length; i++)
            {
                var (columns, kernel, stride, dilation, pad) = (random.Next(1, 8), random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), random.Next(-1, 3));
                axes[i] = new ColumnAxis(Math.Max(1, ((columns - 1) * stride) + (dilation * (kernel - 1)) + 1 - pad - random.Next(-2, 3)), columns, kernel, stride, dilation, pad);
            }
            Compare(random, channels, filters, groups, axes, random.Next(1, 4));
        }
    }

    [Fact]
    public void A_given_output_may_be_longer_than_what_is_spread()
    {
        // The corpus case convtranspose_output_shape along one axis: 3 pixels, window 3, stride 3, 10 outputs.
        var convolution = new TransposedConvolution<float>(1, 1, 1, new ColumnSum(new ColumnAxis(10, 3, 3, 3)), [1, 1, 1], [0.5f], Activation.Relu);
        var output = new float[10];
        convolution.Run(1, default, default, [1, 2, -3], output, new byte[convolution.ScratchBytes], 1);
        Assert.Equal([1.5f, 1.5f, 1.5f, 2.5f, 2.5f, 2.5f, 0, 0, 0, 0.5f], output);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        var convolution = new TransposedConvolution<float>(8, 8, 1, new ColumnSum(new ColumnAxis(16, 8, 2, 2), new ColumnAxis(16, 8, 2, 2)), new float[8 * 8 * 4], default);
        var (input, output, scratch) = (new float[convolution.InputLength], new float[convolution.OutputLength], new byte[convolution.ScratchBytes]);
        Assert.Equal(0, Allocations.Of(() => convolution.Run(1, default, default, input, output, scratch, 2)));
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        var sum = new ColumnSum(new ColumnAxis(4, 2, 2, 2));
        Assert.Throws<ModelException>(() => new TransposedConvolution<float>(3, 2, 2, sum, default, default));
        Assert.Throws<ModelException>(() => new TransposedConvolution<float>(1, 1, 1, sum, new float[3], default));
        Assert.Throws<ModelException>(() => new TransposedConvolution<float>(1, 1, 1, sum, new float[2], new float[2]));
        Assert.Throws<ModelException>(() => new ColumnSum(new ColumnAxis(4, 2, 2, 0)));
        Assert.Throws<ModelException>(() => new ColumnSum(new ColumnAxis(1 << 30, 2, 2), new ColumnAxis(4, 2, 2)));
        var convolution = new TransposedConvolution<float>(1, 1, 1, sum, new float[2], default);
        Assert.Throws<ArgumentException>(() => convolution.Run(1, default, default, new float[3], new float[4], new byte[convolution.ScratchBytes], 1));
        Assert.Throws<ArgumentException>(() => convolution.Run(1, new float[2], default, new float[2], new float[4], new byte[convolution.ScratchBytes], 1));
    }

    private static void Compare(Random random, int channels, int filters, int groups, ColumnAxis[] axes, int threads)
    {
        const int Batch = 2;
        var sum = new ColumnSum(axes);
        var weights = ConvolutionCase.Numbers(random, channels * (filters / groups) * sum.Taps);
        var bias = ConvolutionCase.Numbers(random, filters);
        var input = ConvolutionCase.Numbers(random, Batch * channels * sum.Positions);
        var expected = new double[Batch * filters * sum.ImageLength];
        for (var i = 0; i < expected.Length; i++) expected[i] = bias[i / sum.ImageLength % filters];
        var whole = Whole(axes);
        for (var item = 0; item < Batch; item++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var own = 0; own < filters / groups; own++)
                {
                    var filter = (channel / (channels / groups) * (filters / groups)) + own;
                    for (var position = 0; position < sum.Positions; position++)
                    {
                        for (var tap = 0; tap < sum.Taps; tap++)
                        {
                            var place = Place(whole, position, tap);
                            if (place < 0) continue;
                            expected[(((item * filters) + filter) * sum.ImageLength) + place] += (double)input[(((item * channels) + channel) * sum.Positions) + position] * weights[(((channel * (filters / groups)) + own) * sum.Taps) + tap];
                        }
                    }
                }
            }
        }
        var constant = new TransposedConvolution<float>(channels, filters, groups, sum, weights, bias);
        var brought = new TransposedConvolution<float>(channels, filters, groups, sum, default, default);
        var (one, other) = (new float[expected.Length], new float[expected.Length]);
        var scratch = new byte[constant.ScratchBytes];
        Array.Fill(scratch, (byte)0xFF);
        constant.Run(Batch, default, default, input, one, scratch, threads);
        brought.Run(Batch, weights, bias, input, other, scratch, 1);
        Assert.Equal(one, other);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], one[i], 2e-5);
    }

    private static ColumnAxis[] Whole(ColumnAxis[] axes) => [.. Enumerable.Repeat(ColumnAxis.Absent, 3 - axes.Length), .. axes];

    private static int Place(ColumnAxis[] axes, int position, int tap)
    {
        var place = 0;
        for (var i = 0; i < axes.Length; i++)
        {
            var (columns, taps) = (1, 1);
            for (var j = i + 1; j < axes.Length; j++)
            {
                columns *= axes[j].Columns;
                taps *= axes[j].Kernel;
            }
            var at = (position / columns % axes[i].Columns * axes[i].Stride) + (tap / taps % axes[i].Kernel * axes[i].Dilation) - axes[i].Pad;
            if (at < 0 || at >= axes[i].Image) return -1;
            place = (place * axes[i].Image) + at;
        }
        return place;
    }
}

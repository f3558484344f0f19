using System.Globalization;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public class PoolingTests
{
    [Fact]
    public void Vector_kernels_give_the_bits_of_the_definition()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var window = RandomWindow(random);
            var planes = random.Next(1, 6);
            var threads = random.Next(1, 4);
            var input = ConvolutionCase.Numbers(random, planes * window.InputPixels);
            var countPadding = random.Next(2) == 0;
            var expected = new float[planes * window.OutputPixels];
            PoolingReference.Max<float>(window, planes, input, expected, default, false);
            Assert.Equal(expected, Run(new MaxPooling(window), planes, input, threads));
            PoolingReference.Average<float, float>(window, planes, input, expected, countPadding);
            Assert.Equal(expected, Run(new AveragePooling(window, countPadding), planes, input, threads));
        }
    }

    [Fact]
    public void Definition_matches_a_search_of_the_padded_plane()
    {
        var random = new Random(12);
        for (var round = 0; round < 200; round++)
        {
            var window = RandomWindow(random);
            var input = ConvolutionCase.Numbers(random, window.InputPixels);
            var (max, sum, count) = (new float[window.OutputPixels], new double[window.OutputPixels], new int[window.OutputPixels]);
            Array.Fill(max, float.NegativeInfinity);
            for (var tap = 0; tap < window.OutputPixels * window.Taps; tap++)
            {
                var (output, kernel) = Math.DivRem(tap, window.Taps);
                var position = Place(window.Depth, output / (window.Height.Output * window.Width.Output), kernel / (window.Height.Kernel * window.Width.Kernel), 0);
                position = Place(window.Height, output / window.Width.Output % window.Height.Output, kernel / window.Width.Kernel % window.Height.Kernel, position);
                position = Place(window.Width, output % window.Width.Output, kernel % window.Width.Kernel, position);
                if (position < 0) continue;
                max[output] = Math.Max(max[output], input[position]);
                sum[output] += input[position];
                count[output]++;
            }
            var (gotMax, gotMean) = (new float[window.OutputPixels], new float[window.OutputPixels]);
            PoolingReference.Max<float>(window, 1, input, gotMax, default, false);
            PoolingReference.Average<float, double>(window, 1, input, gotMean, false);
            Assert.Equal(max, gotMax);
            Assert.Equal(sum.Zip(count, (s, c) => (float)(s / c)), gotMean);
        }
    }

    [Fact]
    public void Max_tells_the_first_of_equal_elements_in_either_order()
    {
        var window = new SpatialWindow(new WindowAxis(3, 2), new WindowAxis(4, 2, 2));
        int[] input = [1, 5, 2, 2, 5, 5, 2, 0, 9, 1, 7, 7];
        var (output, indices) = (new int[4], new long[4]);
        PoolingReference.Max<int>(window, 1, input, output, indices, columnMajor: false);
        Assert.Equal([5, 2, 9, 7], output);
        Assert.Equal([1L, 2, 8, 10], indices);
        PoolingReference.Max<int>(window, 1, input, output, indices, columnMajor: true);
        Assert.Equal([3L, 6, 2, 8], indices);
    }

    [Fact]
    public void Max_keeps_a_NaN_and_says_minus_infinity_where_nothing_is()
    {
        var window = new SpatialWindow(new WindowAxis(4, 2, 2, PadBegin: 4));
        var output = Run(new MaxPooling(window), 1, [float.NaN, 1, 2, 3], 1);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity, float.NaN, 3], output);
        var (definition, indices) = (new float[4], new long[4]);
        PoolingReference.Max<float>(window, 1, [float.NaN, 1, 2, 3], definition, indices, false);
        Assert.Equal(output, definition);
        Assert.Equal([-1L, -1, 0, 3], indices);
    }

    [Theory]
    [InlineData(7, 3, 2, 0, 0, false, 3)]
    [InlineData(8, 3, 2, 0, 0, false, 3)]
    [InlineData(8, 3, 2, 0, 0, true, 4)]
    [InlineData(4, 1, 2, 0, 1, true, 2)]
    [InlineData(2, 1, 3, 0, 0, true, 1)]
    [InlineData(2, 2, 2, 1, 1, true, 2)]
    public void Outputs_are_counted_as_PyTorch_does(int input, int kernel, int stride, int before, int after, bool ceiling, int expected) =>
        Assert.Equal(expected, new WindowAxis(input, kernel, stride, 1, before, after, ceiling).Output);

    [Fact]
    public void A_mean_counts_padding_but_nothing_beyond_it()
    {
        var window = new SpatialWindow(new WindowAxis(4, 3, 2, PadBegin: 1, PadEnd: 0, Ceiling: true));
        Assert.Equal([(1 + 2) / 3f, (2 + 3 + 4) / 3f], Run(new AveragePooling(window, countPadding: true), 1, [1, 2, 3, 4], 1));
        Assert.Equal([(1 + 2) / 2f, (2 + 3 + 4) / 3f], Run(new AveragePooling(window, countPadding: false), 1, [1, 2, 3, 4], 1));
        window = new SpatialWindow(new WindowAxis(5, 3, 2, PadBegin: 1, PadEnd: 1, Ceiling: true), new WindowAxis(1, 1));
        Assert.Equal([1f, 3, 3], Run(new AveragePooling(window, countPadding: true), 1, [1, 2, 3, 4, 5], 1));
        window = new SpatialWindow(new WindowAxis(6, 3, 2, Ceiling: true));
        Assert.Equal([2f, 4, 5.5f], Run(new AveragePooling(window, countPadding: true), 1, [1, 2, 3, 4, 5, 6], 1));
    }

    [Fact]
    public void Norms_are_those_of_the_definition()
    {
        var window = new SpatialWindow(new WindowAxis(4, 2, 2));
        var output = new float[2];
        PoolingReference.Norm<float, float>(window, 1, [3, -4, 6, 8], output, 2);
        Assert.Equal([5f, 10], output);
        PoolingReference.Norm<float, float>(window, 1, [3, -4, 6, 8], output, 1);
        Assert.Equal([7f, 14], output);
        PoolingReference.Norm<float, double>(window, 1, [1, -2, 0, 3], output, 3);
        Assert.Equal([(float)Math.Cbrt(9), 3], output);
    }

    [Fact]
    public void Small_types_are_pooled_as_what_they_are()
    {
        var window = new SpatialWindow(new WindowAxis(4, 2, 2));
        var (bytes, halves) = (new sbyte[2], new Half[2]);
        PoolingReference.Max<sbyte>(window, 1, [-128, -127, 5, 4], bytes, default, false);
        Assert.Equal([-127, 5], bytes);
        PoolingReference.Average<Half, float>(window, 1, [(Half)2048, (Half)1, (Half)1, (Half)2], halves, false);
        Assert.Equal([(Half)1024.5, (Half)1.5], halves);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(100)]
    public void Global_pooling_gives_one_number_a_plane(int pixels)
    {
        var random = new Random(pixels);
        var input = ConvolutionCase.Numbers(random, 3 * pixels);
        var (mean, generic, max, norm) = (new float[3], new float[3], new float[3], new float[3]);
        GlobalPooling.Average(3, input, mean);
        GlobalPooling.Average<float, double>(3, input, generic);
        GlobalPooling.Max<float>(3, input, max);
        GlobalPooling.Norm<float, double>(3, input, norm, 2);
        for (var plane = 0; plane < 3; plane++)
        {
            var own = input.AsSpan(plane * pixels, pixels).ToArray();
            Assert.Equal(own.Average(), mean[plane], 1e-6f);
            Assert.Equal((float)own.Average(x => (double)x), generic[plane]);
            Assert.Equal(own.Max(), max[plane]);
            Assert.Equal((float)Math.Sqrt(own.Sum(x => (double)x * x)), norm[plane], 1e-6f);
        }
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        var window = new SpatialWindow(new WindowAxis(20, 3, 2, PadBegin: 1, PadEnd: 1), new WindowAxis(20, 3, 2, PadBegin: 1, PadEnd: 1));
        var (input, output) = (new float[4 * 400], new float[4 * window.OutputPixels]);
        foreach (var pooling in new Pooling[] { new MaxPooling(window), new AveragePooling(window, false) })
        {
            var scratch = new byte[pooling.ScratchBytes(2)];
            Assert.Equal(0, Allocations.Of(() => pooling.Run(4, input, output, scratch, 1)));
            Assert.Equal(0, Allocations.Of(() => pooling.Run(4, input, output, scratch, 2)));
        }
    }

    [Fact]
    public void A_window_larger_than_any_table_takes_no_table()
    {
        var window = new SpatialWindow(new WindowAxis(3, 1 << 29, 1, 1, (1 << 29) - 1, 0));
        Assert.Equal([1f, 2, 3], Run(new MaxPooling(window), 1, [1, 2, 3], 1));
        Assert.Equal(0, new MaxPooling(window).ScratchBytes(1));
    }

    [Theory]
    [InlineData(2, 3, 1, 0, 0, "width: a window of 3 taps, dilated by 1, spans 3 elements; the input has 2, with padding 2. Give a longer input, or pad it")]
    [InlineData(0, 1, 1, 0, 0, "width: input is 0; it has to be at least 1")]
    [InlineData(2, 1, 0, 0, 0, "width: stride is 0; it has to be at least 1")]
    [InlineData(2, 1, 1, -1, 0, "width: pad before is -1; it has to be at least 0")]
    [InlineData(int.MaxValue, 1, 1, 0, 1, "width: 2147483647 elements with 0 and 1 of padding are more than 2147483647")]
    public void A_window_that_does_not_fit_is_refused(int input, int kernel, int stride, int before, int after, string message) =>
        Assert.Equal(message, Assert.Throws<ModelException>(() => new SpatialWindow(new WindowAxis(input, kernel, stride, 1, before, after))).Message);

    [Fact]
    public void Too_many_pixels_are_refused() =>
        Assert.Contains(int.MaxValue.ToString(CultureInfo.InvariantCulture), Assert.Throws<ModelException>(() => new SpatialWindow(new WindowAxis(1 << 20, 1), new WindowAxis(1 << 20, 1))).Message);

    private static float[] Run(Pooling pooling, int planes, float[] input, int threads)
    {
        var output = new float[planes * pooling.Window.OutputPixels];
        var scratch = new byte[pooling.ScratchBytes(threads)];
        Array.Fill(scratch, (byte)0xFF);
        pooling.Run(planes, input, output, scratch, threads);
        return output;
    }

    /// <summary>One axis further; -1 once outside.</summary>
    private static int Place(WindowAxis axis, int output, int tap, int position)
    {
        var place = (output * axis.Stride) + (tap * axis.Dilation) - axis.PadBegin;
        return position < 0 || place < 0 || place >= axis.Input ? -1 : (position * axis.Input) + place;
    }

    private static SpatialWindow RandomWindow(Random random)
    {
        while (true)
        {
            var axes = new WindowAxis[random.Next(1, 4)];
            for (var i = 0; i < axes.Length; i++)
            {
                axes[i] = new WindowAxis(random.Next(1, axes.Length == 3 ? 10 : 40), random.Next(1, 5), random.Next(1, 4), random.Next(1, 3), random.Next(0, 3), random.Next(0, 3), random.Next(2) == 0);
            }
            if (!Array.Exists(axes, a => a.Extent > a.Input + a.PadBegin + a.PadEnd)) return new SpatialWindow(axes);
        }
    }
}

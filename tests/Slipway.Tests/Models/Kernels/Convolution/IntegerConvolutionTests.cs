using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public class IntegerConvolutionTests
{
    private static IEnumerable<IntegerKernel> Kernels => Enum.GetValues<IntegerKernel>().Where(k => k != IntegerKernel.Automatic && IntegerSelection.IsSupported(k));

    [Fact]
    public void Sums_are_those_of_the_definition_in_every_mixture_of_types()
    {
        var random = new Random(31);
        for (var round = 0; round < 60; round++) CompareAll(random, ConvolutionTests.RandomShape(random));
    }

    [Fact]
    public void Large_outputs_are_computed_block_by_block()
    {
        WindowAxis Axis(int input, int stride) => new(input, 3, stride, PadBegin: 1, PadEnd: 1);
        CompareAll(new Random(32), new ConvolutionShape(70, 5, 1, Axis(40, 1), Axis(31, 1)));
        CompareAll(new Random(33), new ConvolutionShape(9, 14, 1, Axis(60, 2), Axis(63, 2)));
        CompareAll(new Random(34), new ConvolutionShape(20, 13, 1, new WindowAxis(19, 1), new WindowAxis(31, 1)));
        CompareAll(new Random(35), new ConvolutionShape(3, 600, 1, new WindowAxis(7, 1), new WindowAxis(1, 1)));
    }

    [Fact]
    public void Groups_of_one_channel_are_those_of_the_definition_for_every_stride_and_width()
    {
        var random = new Random(33);
        for (var round = 0; round < 80; round++)
        {
            WindowAxis Axis() => new(random.Next(9, 65), random.Next(1, 6), random.Next(1, 4), random.Next(1, 3), random.Next(0, 3), random.Next(0, 3));
            var channels = random.Next(1, 4);
            var filters = channels * random.Next(1, 3);
            CompareAll(random, random.Next(3) == 0 ? new ConvolutionShape(channels, filters, channels, Axis()) : new ConvolutionShape(channels, filters, channels, Axis(), Axis()));
        }
    }

    [Fact]
    public void Windows_over_the_whole_input_are_products_of_items()
    {
        CompareAll(new Random(36), new ConvolutionShape(37, 21, 1, new WindowAxis(1, 1), new WindowAxis(1, 1)));
        CompareAll(new Random(37), new ConvolutionShape(5, 3, 1, new WindowAxis(4, 4), new WindowAxis(3, 3, PadEnd: 2, Stride: 4)));
    }

    [Fact]
    public void Padding_far_beyond_the_input_counts_as_its_zero_point()
    {
        CompareAll(new Random(38), new ConvolutionShape(4, 4, 4, new WindowAxis(3, 2, 5, 1, 17, 9), new WindowAxis(2, 3, 4, 1, 11, 20)));
        CompareAll(new Random(39), new ConvolutionShape(4, 6, 2, new WindowAxis(3, 2, 5, 1, 17, 9), new WindowAxis(2, 3, 1, 3, 6, 20)));
    }

    [Fact]
    public void Scaled_sums_are_rounded_half_to_even_and_saturated()
    {
        var shape = new ConvolutionShape(1, 2, 1, new WindowAxis(5, 1));
        var convolution = new IntegerConvolution(shape);
        var filters = IntegerFilters.Pack<sbyte>(shape, [1, -1], default, true);
        var output = new sbyte[10];
        convolution.RunScaled<byte, sbyte>(1, [0, 1, 3, 255, 10], 0, filters, [0, 2], [0.5f, 1], output, 1, new byte[convolution.ScratchBytes(1, filters.Form, 1)], 1);
        Assert.Equal([1, 1, 3, 127, 6, 3, 2, 0, -128, -7], output);
    }

    [Fact]
    public void Filters_of_one_convolution_serve_others_of_their_window_only()
    {
        WindowAxis Axis(int input, int stride = 1) => new(input, 3, stride);
        var filters = IntegerFilters.Pack<sbyte>(new ConvolutionShape(1, 2, 1, Axis(9)), new sbyte[6], default, false);
        Assert.True(filters.Fit(new ConvolutionShape(1, 2, 1, Axis(20))));
        Assert.False(filters.Fit(new ConvolutionShape(1, 2, 1, Axis(9, 2))));
        var other = new IntegerConvolution(new ConvolutionShape(1, 3, 1, Axis(9)));
        Assert.Throws<ArgumentException>(() => other.Run<byte>(1, new byte[9], 0, filters, new int[21], new byte[1 << 16], 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_run_allocates_nothing(int groups)
    {
        var shape = new ConvolutionShape(8, 8, groups, new WindowAxis(16, 3, PadBegin: 1, PadEnd: 1), new WindowAxis(16, 3, PadBegin: 1, PadEnd: 1));
        var convolution = new IntegerConvolution(shape);
        var filters = IntegerFilters.Pack<sbyte>(shape, new sbyte[shape.WeightsLength], default, true);
        var (input, output, scratch) = (new byte[shape.InputLength], new byte[shape.OutputLength], new byte[convolution.ScratchBytes(1, filters.Form, 1)]);
        var scales = new float[8];
        Assert.Equal(0, Allocations.Of(() => convolution.RunScaled<byte, byte>(1, input, 3, filters, default, scales, output, 5, scratch, 1)));
    }

    /// <summary>By all kernels of this machine, in all mixtures of types.</summary>
    private static void CompareAll(Random random, ConvolutionShape shape)
    {
        foreach (var kernel in Kernels)
        {
            Compare<byte, byte>(random, shape, (byte)random.Next(256), x => x, x => x, kernel);
            Compare<byte, sbyte>(random, shape, (byte)random.Next(256), x => x, x => x, kernel);
            Compare<sbyte, byte>(random, shape, (sbyte)random.Next(-128, 128), x => x, x => x, kernel);
            Compare<sbyte, sbyte>(random, shape, (sbyte)random.Next(-128, 128), x => x, x => x, kernel);
        }
    }

    private static void Compare<TInput, TWeight>(Random random, ConvolutionShape shape, TInput zero, Func<TInput, int> inputNumber, Func<TWeight, int> weightNumber, IntegerKernel kernel)
        where TInput : unmanaged
        where TWeight : unmanaged
    {
        const int Batch = 2;
        var input = Numbers<TInput>(random, Batch * shape.InputLength);
        var weights = Numbers<TWeight>(random, shape.WeightsLength);
        // Without zero points of their own uint8 weights count from 128 as often as from others: that is what int8 counts from.
        TWeight[] middle = typeof(TWeight) == typeof(byte) ? [(TWeight)(object)(byte)128] : [];
        var zeros = random.Next(4) switch { 0 => [], 1 => middle, 2 => Numbers<TWeight>(random, 1), _ => Numbers<TWeight>(random, shape.Filters) };
        // Every sum is a whole number below 2²⁴: the definition in float32 is exact.
        var floats = Array.ConvertAll(input, x => (float)(inputNumber(x) - inputNumber(zero)));
        var floatWeights = new float[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var filter = i / shape.WeightsPerFilter;
            floatWeights[i] = weightNumber(weights[i]) - (zeros.Length == 0 ? 0 : weightNumber(zeros[zeros.Length == 1 ? 0 : filter]));
        }
        var expected = new float[Batch * shape.OutputLength];
        for (var item = 0; item < Batch; item++) ConvolutionReference.Run(shape, floatWeights, floats.AsSpan(item * shape.InputLength, shape.InputLength), expected.AsSpan(item * shape.OutputLength, shape.OutputLength));
        var convolution = new IntegerConvolution(shape, leastPart: 1);
        var filters = IntegerFilters.Pack<TWeight>(shape, weights, zeros, random.Next(2) == 0, kernel);
        var threads = random.Next(1, 4);
        var scratch = Numbers<byte>(random, (int)convolution.ScratchBytes(Batch, filters.Form, threads));
        var output = new int[expected.Length];
        convolution.Run<TInput>(Batch, input, zero, filters, output, scratch, threads);
        Assert.Equal(Array.ConvertAll(expected, x => (int)x), output);
        if (random.Next(2) == 0) CompareScaled<TInput, byte>(random, shape, zero, input, filters, convolution, output, scratch, threads, 0, x => (byte)x);
        else CompareScaled<TInput, sbyte>(random, shape, zero, input, filters, convolution, output, scratch, threads, 128, x => (sbyte)x);
    }

    private static void CompareScaled<TInput, TOutput>(
        Random random, ConvolutionShape shape, TInput zero, TInput[] input, IntegerFilters filters, IntegerConvolution convolution, int[] sums, byte[] scratch, int threads, int below, Func<int, TOutput> element)
        where TInput : unmanaged
        where TOutput : unmanaged
    {
        int[] bias = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, shape.Filters).Select(_ => random.Next(-9999, 9999))];
        float[] scales = [.. Enumerable.Range(0, shape.Filters).Select(_ => random.NextSingle() * 0.02f)];
        var outputZero = random.Next(256) - below;
        var expected = new TOutput[sums.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            var filter = i / shape.OutputPixels % shape.Filters;
            expected[i] = element(Math.Clamp((int)MathF.Round((sums[i] + (bias.Length == 0 ? 0 : bias[filter])) * scales[filter]) + outputZero, -below, 255 - below));
        }
        var output = new TOutput[sums.Length];
        convolution.RunScaled<TInput, TOutput>(sums.Length / shape.OutputLength, input, zero, filters, bias, scales, output, element(outputZero), scratch, threads);
        Assert.Equal(expected, output);
    }

    private static T[] Numbers<T>(Random random, int count)
        where T : unmanaged
    {
        var numbers = new T[count];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}

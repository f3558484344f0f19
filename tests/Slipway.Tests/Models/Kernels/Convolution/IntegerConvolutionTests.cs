using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public class IntegerConvolutionTests
{
    [Fact]
    public void Sums_are_those_of_the_definition_in_every_mixture_of_types()
    {
        var random = new Random(31);
        for (var round = 0; round < 40; round++)
        {
            var shape = ConvolutionTests.RandomShape(random);
            Compare<byte, byte>(random, shape, (byte)random.Next(256), x => x, x => x);
            Compare<byte, sbyte>(random, shape, (byte)random.Next(256), x => x, x => x);
            Compare<sbyte, byte>(random, shape, (sbyte)random.Next(-128, 128), x => x, x => x);
            Compare<sbyte, sbyte>(random, shape, (sbyte)random.Next(-128, 128), x => x, x => x);
        }
    }

    [Fact]
    public void Large_outputs_are_computed_block_by_block()
    {
        var shape = new ConvolutionShape(70, 5, 1, new WindowAxis(40, 3, PadBegin: 1, PadEnd: 1), new WindowAxis(31, 3, PadBegin: 1, PadEnd: 1));
        Compare<byte, sbyte>(new Random(32), shape, 7, x => x, x => x);
    }

    [Fact]
    public void Groups_of_one_channel_are_those_of_the_definition_for_every_stride_and_width()
    {
        var random = new Random(33);
        for (var round = 0; round < 60; round++)
        {
            WindowAxis Axis() => new(random.Next(5, 45), random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), random.Next(0, 3), random.Next(0, 3));
            var channels = random.Next(1, 4);
            var filters = channels * random.Next(1, 3);
            var shape = random.Next(3) == 0 ? new ConvolutionShape(channels, filters, channels, Axis()) : new ConvolutionShape(channels, filters, channels, Axis(), Axis());
            Compare<byte, sbyte>(random, shape, (byte)random.Next(256), x => x, x => x);
            Compare<sbyte, byte>(random, shape, (sbyte)random.Next(-128, 128), x => x, x => x);
        }
    }

    [Fact]
    public void Scaled_sums_are_rounded_half_to_even_and_saturated()
    {
        var shape = new ConvolutionShape(1, 2, 1, new WindowAxis(5, 1));
        var convolution = new IntegerConvolution(shape);
        var output = new sbyte[10];
        convolution.RunScaled<byte, sbyte, sbyte>(1, [0, 1, 3, 255, 10], 0, [1, -1], default, [0, 2], [0.5f, 1], output, 1, new byte[convolution.ScratchBytes], 1);
        Assert.Equal([1, 1, 3, 127, 6, 3, 2, 0, -128, -7], output);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        var shape = new ConvolutionShape(8, 8, 1, new WindowAxis(16, 3, PadBegin: 1, PadEnd: 1), new WindowAxis(16, 3, PadBegin: 1, PadEnd: 1));
        var convolution = new IntegerConvolution(shape);
        var (input, weights, output, scratch) = (new byte[shape.InputLength], new sbyte[shape.WeightsLength], new byte[shape.OutputLength], new byte[convolution.ScratchBytes]);
        float[] scales = [0.25f];
        Assert.Equal(0, Allocations.Of(() => convolution.RunScaled<byte, sbyte, byte>(1, input, 3, weights, default, default, scales, output, 5, scratch, 1)));
    }

    private static void Compare<TInput, TWeight>(Random random, ConvolutionShape shape, TInput zero, Func<TInput, int> inputNumber, Func<TWeight, int> weightNumber)
        where TInput : unmanaged
        where TWeight : unmanaged
    {
        const int Batch = 2;
        var input = Numbers<TInput>(random, Batch * shape.InputLength);
        var weights = Numbers<TWeight>(random, shape.WeightsLength);
        var zeros = random.Next(3) switch { 0 => [], 1 => Numbers<TWeight>(random, 1), _ => Numbers<TWeight>(random, shape.Filters) };
        // Every sum is a whole number below 2²⁴: the definition in float32 is exact.
        var floats = Array.ConvertAll(input, x => (float)(inputNumber(x) - inputNumber(zero)));
        var floatWeights = new float[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var filter = i / shape.WeightsPerFilter;
            floatWeights[i] = weightNumber(weights[i]) - (zeros.Length == 0 ? 0 : weightNumber(zeros[zeros.Length == 1 ? 0 : filter]));
        }
        var expected = new float[shape.OutputLength];
        var output = new int[Batch * shape.OutputLength];
        var convolution = new IntegerConvolution(shape);
        convolution.Run<TInput, TWeight>(Batch, input, zero, weights, zeros, output, new byte[convolution.ScratchBytes], random.Next(1, 4));
        for (var item = 0; item < Batch; item++)
        {
            ConvolutionReference.Run(shape, floatWeights, floats.AsSpan(item * shape.InputLength, shape.InputLength), expected);
            Assert.Equal(Array.ConvertAll(expected, x => (int)x), output[(item * shape.OutputLength)..((item + 1) * shape.OutputLength)]);
        }
    }

    private static T[] Numbers<T>(Random random, int count)
        where T : unmanaged
    {
        var numbers = new T[count];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}

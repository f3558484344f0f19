using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public class ConvolutionTests
{
    private static readonly GemmKernel[] Vectors = [.. Enum.GetValues<GemmKernel>().Where(GemmSelection.IsSupported)];

    /// <summary>Shapes of known networks, cut down, and edges: rows around a vector's length, windows as large as the input, uneven padding.</summary>
    public static TheoryData<int, int, int, int[], int[], int[], int[], int[], int[]> Shapes => new()
    {
        // channels, filters, groups, input, kernel, strides, dilations, pads before, pads after
        { 3, 13, 1, [20, 37], [7, 7], [2, 2], [1, 1], [3, 3], [3, 3] },
        { 5, 24, 1, [14, 14], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1] },
        { 40, 17, 1, [7, 7], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1] },
        { 9, 24, 1, [7, 7], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1] },
        { 37, 16, 1, [7, 7], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 6, 32, 2, [14, 13], [3, 3], [2, 2], [1, 1], [1, 1], [0, 1] },
        { 5, 8, 1, [52], [4], [1], [1], [0], [0] },
        { 50, 70, 1, [1, 1], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 7, 3, 1, [1], [1], [1], [1], [0], [0] },
        { 33, 40, 1, [9, 11], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 19, 12, 1, [15, 16], [1, 1], [2, 2], [1, 1], [0, 0], [0, 0] },
        { 3, 5, 1, [8, 8], [1, 1], [2, 2], [1, 1], [4, 4], [4, 4] },
        { 64, 5, 1, [24, 40], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1] },
        { 64, 3, 1, [32, 17], [3, 3], [1, 1], [1, 1], [1, 1], [0, 0] },
        { 16, 2, 2, [2, 70, 61], [2, 3, 3], [1, 1, 1], [1, 1, 1], [0, 1, 1], [1, 1, 1] },
        { 64, 3, 1, [41, 40], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 1400, 61, 1, [4, 9], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 300, 25, 1, [5, 5], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 4, 6, 2, [8, 9], [3, 3], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 6, 9, 3, [13, 10], [3, 2], [2, 3], [2, 1], [1, 0], [0, 2] },
        { 2, 3, 1, [6, 5], [6, 5], [1, 1], [1, 1], [0, 0], [0, 0] },
        { 2, 3, 1, [1, 1], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1] },
        { 2, 3, 1, [2, 3], [3, 5], [4, 3], [3, 2], [5, 7], [6, 2] },
        { 3, 5, 1, [40], [5], [1], [1], [2], [2] },
        { 3, 5, 1, [33], [3], [2], [4], [0], [5] },
        { 2, 4, 1, [5, 6, 7], [3, 3, 3], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1] },
        { 4, 4, 2, [7, 6, 9], [2, 3, 2], [2, 1, 3], [1, 2, 1], [1, 0, 2], [0, 1, 1] },
        { 7, 7, 7, [28, 28], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1] },
        { 5, 5, 5, [14, 14], [5, 5], [1, 1], [1, 1], [2, 2], [2, 2] },
        { 3, 3, 3, [7, 7], [5, 5], [1, 1], [1, 1], [2, 2], [2, 2] },
        { 5, 5, 5, [33, 56], [3, 3], [2, 2], [1, 1], [1, 1], [1, 1] },
        { 3, 3, 3, [14, 14], [5, 5], [2, 2], [1, 1], [1, 2], [2, 1] },
        { 20, 40, 20, [7, 9], [3, 5], [1, 1], [1, 2], [0, 4], [2, 4] },
        { 3, 9, 3, [17, 19], [3, 3], [1, 1], [2, 2], [2, 2], [2, 2] },
        { 2, 2, 2, [50], [4], [1], [1], [0], [3] },
        { 2, 4, 2, [4, 5, 20], [3, 2, 3], [1, 2, 1], [1, 1, 2], [1, 0, 0], [1, 0, 1] },
        { 4, 4, 4, [12, 17], [1, 1], [1, 1], [1, 1], [0, 0], [0, 0] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_gives_the_bits_of_the_definition(int channels, int filters, int groups, int[] input, int[] kernel, int[] strides, int[] dilations, int[] before, int[] after)
    {
        var shape = Shape(channels, filters, groups, input, kernel, strides, dilations, before, after);
        var problem = new ConvolutionCase(shape, batch: 2, seed: 1, hasResidual: true, activation: Activation.Relu);
        foreach (var variant in Enum.GetValues<ConvolutionKernel>())
        {
            foreach (var vectors in Vectors.Where(v => Convolution.Supports(shape, variant, v)))
            {
                for (var threads = 1; threads <= 3; threads++) Assert.Equal(problem.Expected, problem.Run(variant, vectors, threads));
                if (variant is not ConvolutionKernel.Automatic) Assert.Equal(problem.Expected, problem.Run(ConvolutionKernel.Automatic, vectors, 1, constantWeights: false));
            }
        }
    }

    [Fact]
    public void Random_shapes_give_the_bits_of_the_definition()
    {
        var random = new Random(7);
        for (var round = 0; round < 120; round++)
        {
            var shape = RandomShape(random);
            var activation = random.Next(6) switch { 0 => Activation.None, 1 => Activation.Relu, 2 => Activation.Clip(-0.5, 0.75), 3 => Activation.HardSwish, 4 => Activation.HardSigmoid(0.2, 0.5), _ => Activation.LeakyRelu(0.125) };
            var problem = new ConvolutionCase(shape, random.Next(1, 4), round, random.Next(2) == 0, random.Next(2) == 0, activation);
            var vectors = Vectors[random.Next(Vectors.Length)];
            foreach (var kernel in Kernels(shape, vectors))
            {
                var threads = random.Next(1, 4);
                Assert.True(problem.Expected.AsSpan().SequenceEqual(problem.Run(kernel, vectors, threads)), $"round {round}: {shape} by {kernel}, {vectors}, {threads} threads");
                if (kernel == ConvolutionKernel.Panels) Assert.Equal(problem.Expected, problem.Run(kernel, vectors, threads, constantWeights: false));
            }
        }
    }

    /// <summary>Windows and strides of mobile networks over planes narrower and wider than vectors, in the midst of NaNs that nobody may read or write.</summary>
    [Fact]
    public void Depthwise_kernels_give_the_bits_of_the_definition_and_touch_nothing_else()
    {
        const int Margin = 80;
        var random = new Random(11);
        for (var round = 0; round < 150; round++)
        {
            var (size, stride, channels) = (random.Next(2) == 0 ? 3 : 5, random.Next(1, 3), random.Next(1, 7));
            var axes = new WindowAxis[2];
            for (var i = 0; i < axes.Length; i++) axes[i] = new WindowAxis(random.Next(size, 45), size, stride, 1, random.Next(0, 6), random.Next(0, 6));
            var shape = new ConvolutionShape(channels, channels * random.Next(1, 3), channels, axes);
            var activation = random.Next(4) switch { 0 => Activation.None, 1 => Activation.Relu, 2 => Activation.HardSwish, _ => Activation.Clip(-0.5, 0.75) };
            var problem = new ConvolutionCase(shape, random.Next(1, 4), round, random.Next(2) == 0, random.Next(4) == 0, activation);
            var input = new float[problem.Input.Length + (2 * Margin)];
            Array.Fill(input, float.NaN);
            problem.Input.CopyTo(input, Margin);
            foreach (var vectors in Vectors)
            {
                foreach (var kernel in Kernels(shape, vectors).Where(k => k is ConvolutionKernel.Depthwise or ConvolutionKernel.DepthwiseRows))
                {
                    var convolution = Convolution.Create(shape, problem.Weights, problem.Bias, activation, kernel, vectors);
                    var output = new float[problem.Expected.Length + (2 * Margin)];
                    Array.Fill(output, float.NaN);
                    var threads = random.Next(1, 4);
                    convolution.Run(problem.Batch, input.AsSpan(Margin, problem.Input.Length), output.AsSpan(Margin, problem.Expected.Length), problem.Residual, new byte[convolution.ScratchBytes(threads)], threads);
                    Assert.True(problem.Expected.AsSpan().SequenceEqual(output.AsSpan(Margin, problem.Expected.Length)), $"round {round}: {shape} by {kernel}, {vectors}, {threads} threads");
                    Assert.All(output[..Margin].Concat(output[^Margin..]), value => Assert.True(float.IsNaN(value)));
                }
            }
        }
    }

    [Fact]
    public void An_item_gives_the_same_bits_wherever_it_is_in_a_batch()
    {
        var shape = new ConvolutionShape(6, 10, 1, new WindowAxis(9, 3, PadBegin: 1, PadEnd: 1), new WindowAxis(12, 3, PadBegin: 1, PadEnd: 1));
        var problem = new ConvolutionCase(shape, batch: 4, seed: 3);
        var convolution = Convolution.Create(shape, problem.Weights, problem.Bias);
        var output = new float[shape.OutputLength];
        for (var item = 0; item < problem.Batch; item++)
        {
            convolution.Run(1, problem.Input.AsSpan(item * shape.InputLength, shape.InputLength), output, default, new byte[convolution.ScratchBytes(1)], 1);
            Assert.Equal(problem.Expected.AsSpan(item * shape.OutputLength, shape.OutputLength).ToArray(), output);
        }
    }

    [Theory]
    [InlineData(8, 12, 1)]
    [InlineData(8, 8, 8)]
    [InlineData(8, 8, 1, 7)]
    public void A_run_allocates_nothing(int channels, int filters, int groups, int size = 16)
    {
        var shape = new ConvolutionShape(channels, filters, groups, new WindowAxis(size, 3, PadBegin: 1, PadEnd: 1), new WindowAxis(size, 3, PadBegin: 1, PadEnd: 1));
        var problem = new ConvolutionCase(shape, batch: 2, seed: 5, hasResidual: true);
        foreach (var kernel in Kernels(shape))
        {
            var convolution = Convolution.Create(shape, problem.Weights, problem.Bias, Activation.Relu, kernel);
            var output = new float[problem.Expected.Length];
            var scratch = new byte[convolution.ScratchBytes(2)];
            Assert.Equal(0, Allocations.Of(() => convolution.Run(problem.Batch, problem.Input, output, problem.Residual, scratch, 1)));
            Assert.Equal(0, Allocations.Of(() => convolution.Run(problem.Batch, problem.Input, output, problem.Residual, scratch, 2)));
        }
    }

    [Fact]
    public void A_run_refuses_spans_of_other_lengths()
    {
        var shape = new ConvolutionShape(1, 1, 1, new WindowAxis(5, 3, PadBegin: 1));
        var convolution = Convolution.Create(shape, new float[3], default);
        var scratch = new byte[convolution.ScratchBytes(1)];
        Assert.Contains("input", Assert.Throws<ArgumentException>(() => convolution.Run(1, new float[4], new float[4], default, scratch, 1)).Message);
        Assert.Contains("output", Assert.Throws<ArgumentException>(() => convolution.Run(1, new float[5], new float[5], default, scratch, 1)).Message);
        Assert.Contains("residual", Assert.Throws<ArgumentException>(() => convolution.Run(1, new float[5], new float[4], new float[3], scratch, 1)).Message);
        Assert.Contains("scratch", Assert.Throws<ArgumentException>(() => convolution.Run(1, new float[5], new float[4], default, scratch.AsSpan(1), 1)).Message);
        Assert.Throws<InvalidOperationException>(() => convolution.RunWith(new float[3], default, 1, new float[5], new float[4], default, scratch, 1));
        Assert.Throws<ModelException>(() => Convolution.Create(shape, new float[2], default));
        Assert.Throws<ModelException>(() => Convolution.Create(shape, new float[3], new float[2]));
    }

    internal static ConvolutionShape Shape(int channels, int filters, int groups, int[] input, int[] kernel, int[] strides, int[] dilations, int[] before, int[] after)
    {
        var axes = new WindowAxis[input.Length];
        for (var i = 0; i < axes.Length; i++) axes[i] = new WindowAxis(input[i], kernel[i], strides[i], dilations[i], before[i], after[i]);
        return new ConvolutionShape(channels, filters, groups, axes);
    }

    internal static ConvolutionShape RandomShape(Random random)
    {
        while (true)
        {
            var groups = random.Next(4) == 0 ? random.Next(2, 5) : 1;
            var axes = new WindowAxis[random.Next(1, 4)];
            for (var i = 0; i < axes.Length; i++)
            {
                axes[i] = new WindowAxis(random.Next(1, axes.Length == 3 ? 10 : 40), random.Next(1, 6), random.Next(1, 4), random.Next(1, 3), random.Next(0, 4), random.Next(0, 4));
            }
            if (Array.Exists(axes, a => a.Extent > a.Input + a.PadBegin + a.PadEnd)) continue;
            return new ConvolutionShape(groups * random.Next(1, 6), groups * random.Next(1, 14), groups, axes);
        }
    }

    private static IEnumerable<ConvolutionKernel> Kernels(ConvolutionShape shape, GemmKernel vectors = GemmKernel.Automatic) =>
        Enum.GetValues<ConvolutionKernel>().Where(k => Convolution.Supports(shape, k, vectors));
}

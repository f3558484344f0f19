using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public class DeformableConvolutionTests
{
    [Fact]
    public void Without_offsets_it_is_a_convolution()
    {
        var random = new Random(41);
        var shape = new ConvolutionShape(4, 6, 2, new WindowAxis(9, 3, 2, 1, 1, 1), new WindowAxis(8, 2, 1, 2, 0, 1));
        var problem = new ConvolutionCase(shape, batch: 2, seed: 41);
        var deformable = new DeformableConvolution(shape, 2);
        var output = new float[problem.Expected.Length];
        deformable.Run<float>(2, problem.Input, problem.Weights, new float[2 * deformable.OffsetsLength], problem.Bias, default, output);
        Assert.Equal(problem.Expected, output);
        var halves = new float[2 * deformable.MaskLength];
        Array.Fill(halves, 0.5f);
        deformable.Run<float>(2, problem.Input, problem.Weights, new float[2 * deformable.OffsetsLength], default, halves, output);
        for (var i = 0; i < output.Length; i++) Assert.Equal((problem.Expected[i] - problem.Bias[i / shape.OutputPixels % shape.Filters]) / 2, output[i], 1e-5f);
    }

    [Fact]
    public void Offsets_read_between_pixels_and_zero_outside()
    {
        var shape = new ConvolutionShape(1, 1, 1, new WindowAxis(2, 1), new WindowAxis(3, 1));
        var deformable = new DeformableConvolution(shape, 1);
        var output = new double[6];
        double[] down = [0, 0.5, 0, -0.5, 5, double.NaN];
        double[] right = [0.25, 0, 0.5, 0, 0, 0];
        deformable.Run(1, [1, 2, 3, 10, 20, 30], [2], [.. down, .. right], default, default, output);
        Assert.Equal([2.5, 22, 3, 11, 0, 0], output);
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Assert.Throws<ModelException>(() => new DeformableConvolution(new ConvolutionShape(2, 2, 1, new WindowAxis(4, 2)), 1));
        var shape = new ConvolutionShape(2, 2, 1, new WindowAxis(4, 2), new WindowAxis(4, 2));
        Assert.Throws<ModelException>(() => new DeformableConvolution(shape, 3));
        Assert.Throws<ArgumentException>(() => new DeformableConvolution(shape, 1).Run<float>(1, new float[32], new float[16], new float[3], default, default, new float[18]));
    }
}

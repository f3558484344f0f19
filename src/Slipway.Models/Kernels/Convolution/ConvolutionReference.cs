namespace Slipway.Models.Kernels;

/// <summary>
/// Convolution as it is defined, one multiplication at a time: what the other kernels are compared with. Each sum starts at zero and takes its terms by fused
/// multiply-add in the order channel, depth, height, width of the window; taps over the padding count as zeros.
/// </summary>
internal static class ConvolutionReference
{
    /// <summary>One item, without bias or activation.</summary>
    public static void Run(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Span<float> output)
    {
        for (var filter = 0; filter < shape.Filters; filter++)
        {
            var group = filter / shape.FiltersPerGroup;
            var own = weights.Slice(filter * shape.WeightsPerFilter, shape.WeightsPerFilter);
            var channels = input.Slice(group * shape.ChannelsPerGroup * shape.InputPixels, shape.ChannelsPerGroup * shape.InputPixels);
            var pixel = filter * shape.OutputPixels;
            for (var z = 0; z < shape.Depth.Output; z++)
            {
                for (var y = 0; y < shape.Height.Output; y++)
                {
                    for (var x = 0; x < shape.Width.Output; x++) output[pixel++] = Sum(shape, own, channels, z, y, x);
                }
            }
        }
    }

    private static float Sum(ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> channels, int z, int y, int x)
    {
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        var sum = 0f;
        var weight = 0;
        for (var channel = 0; channel < shape.ChannelsPerGroup; channel++)
        {
            for (var kz = 0; kz < depth.Kernel; kz++)
            {
                var iz = z * depth.Stride + kz * depth.Dilation - depth.PadBegin;
                for (var ky = 0; ky < height.Kernel; ky++)
                {
                    var iy = y * height.Stride + ky * height.Dilation - height.PadBegin;
                    for (var kx = 0; kx < width.Kernel; kx++, weight++)
                    {
                        var ix = x * width.Stride + kx * width.Dilation - width.PadBegin;
                        if ((uint)iz >= (uint)depth.Input || (uint)iy >= (uint)height.Input || (uint)ix >= (uint)width.Input) continue;
                        sum = MathF.FusedMultiplyAdd(channels[((channel * depth.Input + iz) * height.Input + iy) * width.Input + ix], weights[weight], sum);
                    }
                }
            }
        }
        return sum;
    }
}

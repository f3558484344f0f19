using Slipway.Models.Kernels;

namespace Slipway.Benchmarks;

/// <summary>One distinct convolution of a network, and how often it occurs.</summary>
internal sealed record ConvolutionLayer(string Network, int Times, int Channels, int Filters, int Size, int Kernel, int Stride, int Pad, int Groups)
{
    public ConvolutionShape Shape { get; } = new(Channels, Filters, Groups, new WindowAxis(Size, Kernel, Stride, 1, Pad, Pad), new WindowAxis(Size, Kernel, Stride, 1, Pad, Pad));

    public string Name => $"{Channels}x{Size}x{Size} {Kernel}x{Kernel}{(Stride > 1 ? $"/{Stride}" : "")} {Filters}{(Groups > 1 ? $" g{Groups}" : "")}";
}

/// <summary>The convolutions of known networks at 224 by 224 pixels.</summary>
internal static class ConvolutionLayers
{
    public static IEnumerable<ConvolutionLayer> All() => [.. ResNet50(), .. SqueezeNet(), .. MobileNetV3()];

    /// <summary>He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2015; the stride in the 3x3 convolution.</summary>
    private static IEnumerable<ConvolutionLayer> ResNet50()
    {
        const string Network = "ResNet-50";
        yield return new(Network, 1, 3, 64, 224, 7, 2, 3, 1);
        (int Width, int Size, int Blocks)[] stages = [(64, 56, 3), (128, 28, 4), (256, 14, 6), (512, 7, 3)];
        var channels = 64;
        foreach (var (width, size, blocks) in stages)
        {
            var stride = width == 64 ? 1 : 2;
            yield return new(Network, 1, channels, width, size * stride, 1, 1, 0, 1);
            if (stride > 1) yield return new(Network, 1, width, width, size * stride, 3, stride, 1, 1);
            yield return new(Network, 1, channels, 4 * width, size * stride, 1, stride, 0, 1);
            yield return new(Network, stride > 1 ? blocks - 1 : blocks, width, width, size, 3, 1, 1, 1);
            yield return new(Network, blocks, width, 4 * width, size, 1, 1, 0, 1);
            yield return new(Network, blocks - 1, 4 * width, width, size, 1, 1, 0, 1);
            channels = 4 * width;
        }
    }

    /// <summary>Version 1.1: Iandola and others, SqueezeNet, 2016.</summary>
    private static IEnumerable<ConvolutionLayer> SqueezeNet()
    {
        const string Network = "SqueezeNet";
        yield return new(Network, 1, 3, 64, 224, 3, 2, 0, 1);
        (int Channels, int Squeeze, int Expand, int Size)[] fires =
        [
            (64, 16, 64, 55), (128, 16, 64, 55), (128, 32, 128, 27), (256, 32, 128, 27), (256, 48, 192, 13), (384, 48, 192, 13), (384, 64, 256, 13), (512, 64, 256, 13),
        ];
        foreach (var (channels, squeeze, expand, size) in fires)
        {
            yield return new(Network, 1, channels, squeeze, size, 1, 1, 0, 1);
            yield return new(Network, 1, squeeze, expand, size, 1, 1, 0, 1);
            yield return new(Network, 1, squeeze, expand, size, 3, 1, 1, 1);
        }
        yield return new(Network, 1, 512, 1000, 13, 1, 1, 0, 1);
    }

    /// <summary>Large: Howard and others, Searching for MobileNetV3, 2019; without the squeeze-and-excite layers, which are products of one row.</summary>
    private static IEnumerable<ConvolutionLayer> MobileNetV3()
    {
        const string Network = "MobileNetV3";
        yield return new(Network, 1, 3, 16, 224, 3, 2, 1, 1);
        (int Channels, int Expanded, int Filters, int Size, int Kernel, int Stride)[] blocks =
        [
            (16, 16, 16, 112, 3, 1), (16, 64, 24, 112, 3, 2), (24, 72, 24, 56, 3, 1), (24, 72, 40, 56, 5, 2), (40, 120, 40, 28, 5, 1), (40, 120, 40, 28, 5, 1),
            (40, 240, 80, 28, 3, 2), (80, 200, 80, 14, 3, 1), (80, 184, 80, 14, 3, 1), (80, 184, 80, 14, 3, 1), (80, 480, 112, 14, 3, 1), (112, 672, 112, 14, 3, 1),
            (112, 672, 160, 14, 5, 2), (160, 960, 160, 7, 5, 1), (160, 960, 160, 7, 5, 1),
        ];
        foreach (var (channels, expanded, filters, size, kernel, stride) in blocks)
        {
            if (expanded != channels) yield return new(Network, 1, channels, expanded, size, 1, 1, 0, 1);
            yield return new(Network, 1, expanded, expanded, size, kernel, stride, kernel / 2, expanded);
            yield return new(Network, 1, expanded, filters, size / stride, 1, 1, 0, 1);
        }
        yield return new(Network, 1, 160, 960, 7, 1, 1, 0, 1);
    }
}

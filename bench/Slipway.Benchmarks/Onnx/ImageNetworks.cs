using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Networks of images with the layers that were published; batch normalization is a node of its own, as in exports that keep it.</summary>
internal static class ImageNetworks
{
    private const int Classes = 1000;

    /// <summary>Two convolutions and two layers on 28 by 28 pixels: the MNIST example of PyTorch.</summary>
    public static ModelDefinition Mnist()
    {
        var n = new NetworkBuilder("mnist");
        var x = n.Input("x", DataType.Float32, NetworkBuilder.Rows, 1, 28, 28);
        x = n.Node("Relu", [Pool(n, Convolve(n, x, 1, 10, 5, pad: 0), 2, 2, 0)]);
        x = n.Node("Relu", [Pool(n, Convolve(n, x, 10, 20, 5, pad: 0), 2, 2, 0)]);
        x = n.Node("Reshape", [x, n.Integers(-1, 320)]);
        x = n.Node("Relu", [Dense(n, x, 320, 50)]);
        n.Output(n.Node("LogSoftmax", [Dense(n, x, 50, 10)], ("axis", 1L)));
        return n.Build();
    }

    /// <summary>Version 1.1: Iandola and others, SqueezeNet, 2016.</summary>
    public static ModelDefinition SqueezeNet()
    {
        var n = new NetworkBuilder("squeezenet");
        var x = n.Node("Relu", [Convolve(n, Pixels(n), 3, 64, 3, stride: 2, pad: 0)]);
        (int Channels, int Squeeze, int Expand, bool Pooled)[] fires =
        [
            (64, 16, 64, true), (128, 16, 64, false), (128, 32, 128, true), (256, 32, 128, false), (256, 48, 192, true), (384, 48, 192, false), (384, 64, 256, false), (512, 64, 256, false),
        ];
        foreach (var (channels, squeeze, expand, pooled) in fires)
        {
            if (pooled) x = Pool(n, x, 3, 2, 0);
            x = n.Node("Relu", [Convolve(n, x, channels, squeeze, 1)]);
            x = n.Node("Concat", [n.Node("Relu", [Convolve(n, x, squeeze, expand, 1)]), n.Node("Relu", [Convolve(n, x, squeeze, expand, 3)])], ("axis", 1L));
        }
        x = n.Node("GlobalAveragePool", [n.Node("Relu", [Convolve(n, x, 512, Classes, 1)])]);
        n.Output(n.Node("Softmax", [n.Node("Flatten", [x], ("axis", 1L))], ("axis", -1L)));
        return n.Build();
    }

    /// <summary>Small: Howard and others, Searching for MobileNetV3, 2019.</summary>
    public static ModelDefinition MobileNetV3Small()
    {
        var n = new NetworkBuilder("mobilenet-v3-small");
        var x = n.Node("HardSwish", [Normalize(n, Convolve(n, Pixels(n), 3, 16, 3, stride: 2, bias: false), 16)]);
        var channels = 16;
        (int Kernel, int Expanded, int Filters, bool Excite, string Activation, int Stride)[] blocks =
        [
            (3, 16, 16, true, "Relu", 2), (3, 72, 24, false, "Relu", 2), (3, 88, 24, false, "Relu", 1), (5, 96, 40, true, "HardSwish", 2), (5, 240, 40, true, "HardSwish", 1),
            (5, 240, 40, true, "HardSwish", 1), (5, 120, 48, true, "HardSwish", 1), (5, 144, 48, true, "HardSwish", 1), (5, 288, 96, true, "HardSwish", 2),
            (5, 576, 96, true, "HardSwish", 1), (5, 576, 96, true, "HardSwish", 1),
        ];
        foreach (var (kernel, expanded, filters, excite, activation, stride) in blocks)
        {
            var y = x;
            if (expanded != channels) y = n.Node(activation, [Normalize(n, Convolve(n, y, channels, expanded, 1, bias: false), expanded)]);
            y = n.Node(activation, [Normalize(n, Convolve(n, y, expanded, expanded, kernel, stride, groups: expanded, bias: false), expanded)]);
            if (excite) y = Excite(n, y, expanded);
            y = Normalize(n, Convolve(n, y, expanded, filters, 1, bias: false), filters);
            x = stride == 1 && filters == channels ? n.Node("Add", [y, x]) : y;
            channels = filters;
        }
        x = n.Node("HardSwish", [Normalize(n, Convolve(n, x, channels, 576, 1, bias: false), 576)]);
        x = n.Node("Flatten", [n.Node("GlobalAveragePool", [x])], ("axis", 1L));
        n.Output(Dense(n, n.Node("HardSwish", [Dense(n, x, 576, 1024)]), 1024, Classes));
        return n.Build();
    }

    /// <summary>He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2015; the stride in the 3x3 convolution.</summary>
    public static ModelDefinition ResNet50()
    {
        var n = new NetworkBuilder("resnet-50");
        var x = n.Node("Relu", [Normalize(n, Convolve(n, Pixels(n), 3, 64, 7, stride: 2, bias: false), 64)]);
        x = Pool(n, x, 3, 2, 1);
        var channels = 64;
        foreach (var (width, blocks) in new[] { (64, 3), (128, 4), (256, 6), (512, 3) })
        {
            for (var block = 0; block < blocks; block++)
            {
                var stride = block == 0 && width > 64 ? 2 : 1;
                var y = n.Node("Relu", [Normalize(n, Convolve(n, x, channels, width, 1, bias: false), width)]);
                y = n.Node("Relu", [Normalize(n, Convolve(n, y, width, width, 3, stride, bias: false), width)]);
                y = Normalize(n, Convolve(n, y, width, 4 * width, 1, bias: false), 4 * width, scale: 0.3f);
                if (block == 0) x = Normalize(n, Convolve(n, x, channels, 4 * width, 1, stride, bias: false), 4 * width, scale: 0.7f);
                x = n.Node("Relu", [n.Node("Add", [y, x])]);
                channels = 4 * width;
            }
        }
        x = n.Node("Flatten", [n.Node("GlobalAveragePool", [x])], ("axis", 1L));
        n.Output(Dense(n, x, channels, Classes));
        return n.Build();
    }

    /// <summary>Huang, Liu, van der Maaten and Weinberger, Densely Connected Convolutional Networks, 2016.</summary>
    public static ModelDefinition DenseNet121()
    {
        const int Growth = 32;
        var n = new NetworkBuilder("densenet-121");
        var x = n.Node("Relu", [Normalize(n, Convolve(n, Pixels(n), 3, 64, 7, stride: 2, bias: false), 64)]);
        x = Pool(n, x, 3, 2, 1);
        var channels = 64;
        foreach (var layers in new[] { 6, 12, 24, 16 })
        {
            for (var layer = 0; layer < layers; layer++)
            {
                var y = n.Node("Relu", [Normalize(n, x, channels)]);
                y = n.Node("Relu", [Normalize(n, Convolve(n, y, channels, 4 * Growth, 1, bias: false), 4 * Growth)]);
                x = n.Node("Concat", [x, Convolve(n, y, 4 * Growth, Growth, 3, bias: false)], ("axis", 1L));
                channels += Growth;
            }
            x = n.Node("Relu", [Normalize(n, x, channels)]);
            if (layers == 16) break;
            x = n.Node("AveragePool", [Convolve(n, x, channels, channels / 2, 1, bias: false)], ("kernel_shape", Pair(2)), ("strides", Pair(2)));
            channels /= 2;
        }
        x = n.Node("Flatten", [n.Node("GlobalAveragePool", [x])], ("axis", 1L));
        n.Output(Dense(n, x, channels, Classes));
        return n.Build();
    }

    private static string Pixels(NetworkBuilder n) => n.Input("x", DataType.Float32, NetworkBuilder.Rows, 3, 224, 224);

    /// <param name="pad">On every side; half the kernel when it is not given.</param>
    private static string Convolve(NetworkBuilder n, string x, int channels, int filters, int kernel, int stride = 1, int? pad = null, int groups = 1, bool bias = true)
    {
        var fanIn = channels / groups * kernel * kernel;
        var weights = n.Weights(fanIn, filters, channels / groups, kernel, kernel);
        var around = pad ?? kernel / 2;
        return n.Node("Conv", bias ? [x, weights, n.Uniform(0, 0.1f, filters)] : [x, weights],
            ("dilations", Pair(1)), ("group", (long)groups), ("kernel_shape", Pair(kernel)), ("pads", ImmutableArray.Create<long>(around, around, around, around)), ("strides", Pair(stride)));
    }

    /// <summary>With the statistics of what it normalizes near those that the weights give.</summary>
    private static string Normalize(NetworkBuilder n, string x, int channels, float scale = 1) => n.Node(
        "BatchNormalization",
        [x, n.Uniform(scale, scale / 4, channels), n.Uniform(0, 0.1f, channels), n.Uniform(0, 0.1f, channels), n.Uniform(1.5f, 0.5f, channels)],
        ("epsilon", 1e-5f), ("momentum", 0.9f));

    /// <summary>Squeeze and excite: a quarter of the channels, rounded to eight.</summary>
    private static string Excite(NetworkBuilder n, string x, int channels)
    {
        var narrow = Math.Max(8, (channels / 4 + 4) / 8 * 8);
        var y = n.Node("Relu", [Convolve(n, n.Node("GlobalAveragePool", [x]), channels, narrow, 1)]);
        return n.Node("Mul", [n.Node("HardSigmoid", [Convolve(n, y, narrow, channels, 1)], ("alpha", 1f / 6)), x]);
    }

    private static string Pool(NetworkBuilder n, string x, int kernel, int stride, int pad) => n.Node(
        "MaxPool", [x], ("kernel_shape", Pair(kernel)), ("pads", ImmutableArray.Create<long>(pad, pad, pad, pad)), ("strides", Pair(stride)));

    private static string Dense(NetworkBuilder n, string x, int from, int to) => n.Node("Gemm", [x, n.Weights(from, to, from), n.Uniform(0, 0.1f, to)], ("transB", 1L));

    private static ImmutableArray<long> Pair(long value) => [value, value];
}

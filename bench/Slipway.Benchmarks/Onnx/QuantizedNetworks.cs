using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Networks of int8 as quantizers write them: pairs of QuantizeLinear and DequantizeLinear around float operators, or products of what is quantized while it runs.</summary>
internal static class QuantizedNetworks
{
    private const float ActivationScale = 0.02f;
    private const float WeightScale = 1 / 127f;

    /// <summary>ResNet-50 (<see cref="ImageNetworks.ResNet50"/>) after normalizations were folded: activations uint8, weights int8 with a scale for each filter.</summary>
    public static ModelDefinition ResNet50()
    {
        var n = new NetworkBuilder("resnet-50-int8");
        var x = Convolve(n, Pair(n, n.Input("x", DataType.Float32, NetworkBuilder.Rows, 3, 224, 224), 128), 3, 64, 7, 2, isPositive: true);
        x = Pair(n, n.Node("MaxPool", [x], ("kernel_shape", Both(3)), ("pads", ImmutableArray.Create<long>(1, 1, 1, 1)), ("strides", Both(2))), 0);
        var channels = 64;
        foreach (var (width, blocks) in new[] { (64, 3), (128, 4), (256, 6), (512, 3) })
        {
            for (var block = 0; block < blocks; block++)
            {
                var stride = block == 0 && width > 64 ? 2 : 1;
                var y = Convolve(n, x, channels, width, 1, 1, isPositive: true);
                y = Convolve(n, Convolve(n, y, width, width, 3, stride, isPositive: true), width, 4 * width, 1, 1, isPositive: false);
                if (block == 0) x = Convolve(n, x, channels, 4 * width, 1, stride, isPositive: false);
                x = Pair(n, n.Node("Relu", [n.Node("Add", [y, x])]), 0);
                channels = 4 * width;
            }
        }
        x = n.Node("Flatten", [Pair(n, n.Node("GlobalAveragePool", [x]), 0)], ("axis", 1L));
        n.Output(n.Node("Gemm", [Pair(n, x, 0), Weights(n, 1000, channels), n.Uniform(0, 0.1f, 1000)], ("transB", 1L)));
        return n.Build();
    }

    /// <summary>A dense layer with a bias: its input is quantized while it runs, its weights are int8 with one scale.</summary>
    public static string Dense(NetworkBuilder n, string x, int from, int to)
    {
        var quantized = n.Nodes("", "DynamicQuantizeLinear", [x], 3, []);
        var weights = Integers(n, from, to);
        var scale = n.Node("Mul", [quantized[1], n.Scalar(MathF.Sqrt(3f / from) / 127)]);
        var product = n.Node("MatMulInteger", [quantized[0], weights, quantized[2], n.Constant(TensorValue.Of<sbyte>(DataType.Int8, [0], []))]);
        return n.Node("Add", [n.Uniform(0, 0.1f, to), n.Node("Mul", [n.Node("Cast", [product], ("to", 1L)), scale])]);
    }

    private static string Convolve(NetworkBuilder n, string x, int channels, int filters, int kernel, int stride, bool isPositive)
    {
        var pad = kernel / 2;
        var y = n.Node("Conv", [x, Weights(n, filters, channels, kernel, kernel), n.Uniform(0, 0.1f, filters)],
            ("dilations", Both(1)), ("group", 1L), ("kernel_shape", Both(kernel)), ("pads", ImmutableArray.Create<long>(pad, pad, pad, pad)), ("strides", Both(stride)));
        return isPositive ? Pair(n, n.Node("Relu", [y]), 0) : Pair(n, y, 128);
    }

    private static string Pair(NetworkBuilder n, string x, byte zero)
    {
        var (scale, point) = (n.Constant(TensorValue.Of([ActivationScale], [])), n.Constant(TensorValue.Of<byte>(DataType.UInt8, [zero], [])));
        return n.Node("DequantizeLinear", [n.Node("QuantizeLinear", [x, scale, point]), scale, point]);
    }

    /// <summary>Whose products keep the size of what goes in.</summary>
    private static string Weights(NetworkBuilder n, params int[] shape)
    {
        var fanIn = shape[1..].Aggregate((a, b) => a * b);
        var scales = new TensorValue(DataType.Float32, [shape[0]]);
        scales.Values<float>().Fill(MathF.Sqrt(6f / fanIn) * WeightScale);
        var zeros = new TensorValue(DataType.Int8, [shape[0]]);
        return n.Node("DequantizeLinear", [Integers(n, shape), n.Constant(scales), n.Constant(zeros)], ("axis", 0L));
    }

    private static string Integers(NetworkBuilder n, params int[] shape)
    {
        var tensor = new TensorValue(DataType.Int8, Array.ConvertAll(shape, d => (long)d));
        foreach (ref var value in tensor.Values<sbyte>()) value = (sbyte)(n.Next(255) - 127);
        return n.Constant(tensor);
    }

    private static ImmutableArray<long> Both(long value) => [value, value];
}

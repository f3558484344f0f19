using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Kernels;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Benchmarks;

/// <summary>
/// Every distinct convolution of known networks by every kernel that computes it, with bias and Relu at batch 1 on one thread, as parts of the time that ONNX Runtime takes
/// for a model of that one node (or, without its library, of the automatic choice): what <see cref="ConvolutionKernel.Automatic"/> should choose. Measured in turns, the
/// best of each.
/// </summary>
internal static class ConvolutionKernelSpeed
{
    private const int Rounds = 25;
    private const double SecondsPerRound = 0.002;
    private const double WarmupSeconds = 0.3;

    public static int Run(string only)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-convolution-");
        try
        {
            var kernels = Enum.GetValues<ConvolutionKernel>();
            Console.WriteLine($"{"network",-12}{"layer",-28}{"native µs",10}{string.Concat(kernels.Select(k => $"{k,16}"))}   of peak");
            foreach (var layer in ConvolutionLayers.All().Select(l => l with { Times = 1 }).Distinct())
            {
                if (only.Length == 0 || $"{layer.Network} {layer.Name}".Contains(only, StringComparison.Ordinal)) Measure(layer, kernels, Path.Combine(folder.FullName, "model.onnx"));
            }
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(ConvolutionLayer layer, ConvolutionKernel[] kernels, string path)
    {
        var shape = layer.Shape;
        var random = new Random(1);
        float[] weights = Values(random, shape.WeightsLength), bias = Values(random, shape.Filters), input = Values(random, shape.InputLength), output = new float[shape.OutputLength];
        var actions = kernels.Select(kernel => Own(shape, kernel, weights, bias, input, output)).ToList();
        IModel? model = null;
        if (OnnxRuntimeRuntime.IsAvailable)
        {
            ConvolutionModelFile.Write(path, layer, weights, bias);
            model = new OnnxRuntimeRuntime().Open(path, RuntimeOptions.Default);
            var batch = new Batch(Tensor.Of<float>("x", input, 1, shape.Channels, layer.Size, layer.Size));
            actions.Add(() => model.Run(batch).Dispose());
        }
        var calls = actions.Select(action => action is null ? 0 : Calls(action)).ToArray();
        var best = Enumerable.Repeat(double.MaxValue, actions.Count).ToArray();
        var peak = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            peak = Math.Min(peak, GemmPeak.Single(0.5f));
            for (var i = 0; i < best.Length; i++)
            {
                if (actions[i] is { } action) best[i] = Math.Min(best[i], Seconds(action, calls[i]));
            }
        }
        model?.Dispose();
        var least = best[..kernels.Length].Min();
        var ratios = string.Concat(best[..kernels.Length].Select(b => b == double.MaxValue ? $"{"-",16}" : string.Create(CultureInfo.InvariantCulture, $"{b / best[model is null ? 0 : ^1],16:F2}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{layer.Network,-12}{layer.Name,-28}{best[^1] * 1e6,10:F1}{ratios}{shape.Operations / least / (GemmPeak.Operations<float>() / peak),10:P1}"));
    }

    private static Action? Own(ConvolutionShape shape, ConvolutionKernel kernel, float[] weights, float[] bias, float[] input, float[] output)
    {
        if (!Convolution.Supports(shape, kernel)) return null;
        var convolution = Convolution.Create(shape, weights, bias, Activation.Relu, kernel);
        var scratch = new byte[convolution.ScratchBytes(1)];
        return () => convolution.Run(1, input, output, default, scratch, 1);
    }

    private static int Calls(Action action)
    {
        // Until the code is compiled for good.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < WarmupSeconds;) action();
        return (int)Math.Clamp(SecondsPerRound / Seconds(action, 1), 1, 1 << 12);
    }

    private static double Seconds(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}

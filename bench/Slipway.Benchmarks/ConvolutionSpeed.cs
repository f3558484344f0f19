using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Kernels;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Benchmarks;

/// <summary>
/// Every distinct convolution of known networks with bias and Relu at batch 1 on one thread: how near it comes to what the core can do, and how long ONNX Runtime takes for
/// a model of that one node, where its library is. Peak and both engines are measured in turns, round after round, and the best of each is compared.
/// </summary>
internal static class ConvolutionSpeed
{
    private const int Rounds = 15;
    private const double SecondsPerRound = 0.003;
    private const double WarmupSeconds = 0.4;

    public static int Run(string only)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-convolution-");
        try
        {
            Console.WriteLine($"{"network",-12}{"layer",-28}{"times",6}{"µs",10}{"GFLOP/s",9}{"of peak",9}{"native µs",11}{"ratio",7}");
            foreach (var network in ConvolutionLayers.All().GroupBy(l => l.Network))
            {
                double own = 0, native = 0, operations = 0, most = 0;
                foreach (var layers in network.GroupBy(l => l with { Times = 1 }))
                {
                    if (only.Length > 0 && !$"{network.Key} {layers.Key.Name}".Contains(only, StringComparison.Ordinal)) continue;
                    var times = layers.Sum(l => l.Times);
                    var result = Measure(layers.Key, Path.Combine(folder.FullName, "model.onnx"));
                    Print(network.Key, layers.Key.Name, times, result.Own, result.Native, layers.Key.Shape.Operations, result.Peak);
                    own += times * result.Own;
                    native += times * result.Native;
                    operations += times * (double)layers.Key.Shape.Operations;
                    most = Math.Max(most, result.Peak);
                }
                if (own > 0) Print(network.Key, "all", 1, own, native, operations, most);
            }
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (double Own, double Native, double Peak) Measure(ConvolutionLayer layer, string path)
    {
        var shape = layer.Shape;
        var random = new Random(1);
        float[] weights = Values(random, shape.WeightsLength), bias = Values(random, shape.Filters), input = Values(random, shape.InputLength), output = new float[shape.OutputLength];
        var convolution = Convolution.Create(shape, weights, bias, Activation.Relu);
        var scratch = new byte[convolution.ScratchBytes(1)];
        Action own = () => convolution.Run(1, input, output, default, scratch, 1);
        Action? native = null;
        IModel? model = null;
        if (OnnxRuntimeRuntime.IsAvailable)
        {
            ConvolutionModelFile.Write(path, layer, weights, bias);
            model = new OnnxRuntimeRuntime().Open(path, RuntimeOptions.Default);
            var batch = new Batch(Tensor.Of<float>("x", input, 1, shape.Channels, layer.Size, layer.Size));
            native = () => model.Run(batch).Dispose();
        }
        double bestOwn = double.MaxValue, bestNative = native is null ? 0 : double.MaxValue, peak = double.MaxValue;
        var calls = (Own: Calls(own), Native: native is null ? 0 : Calls(native));
        for (var round = 0; round < Rounds; round++)
        {
            peak = Math.Min(peak, GemmPeak.Single(0.5f));
            bestOwn = Math.Min(bestOwn, Seconds(own, calls.Own));
            if (native is not null) bestNative = Math.Min(bestNative, Seconds(native, calls.Native));
        }
        model?.Dispose();
        return (bestOwn, bestNative, GemmPeak.Operations<float>() / peak);
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

    private static void Print(string network, string layer, int times, double own, double native, double operations, double peak) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{network,-12}{layer,-28}{times,6}{own * 1e6,10:F1}{operations / own / 1e9,9:F1}{operations / own / peak,9:P1}{(native > 0 ? (native * 1e6).ToString("F1", CultureInfo.InvariantCulture) : "-"),11}{(native > 0 ? (own / native).ToString("F2", CultureInfo.InvariantCulture) : "-"),7}"));
}

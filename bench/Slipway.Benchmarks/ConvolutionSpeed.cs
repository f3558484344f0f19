using System.Globalization;
using Slipway.Models.Kernels;

namespace Slipway.Benchmarks;

/// <summary>
/// Every distinct convolution of known networks with bias and Relu at batch 1 on one thread: how near it comes to what the core can do, and how long ONNX Runtime takes for
/// a model of that one node, where its library is. Peak and both engines are measured in turns, round after round, and the best of each is compared.
/// </summary>
internal static class ConvolutionSpeed
{
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
                    var result = ConvolutionTimes.Measure(layers.Key, [ConvolutionKernel.Automatic], Path.Combine(folder.FullName, "model.onnx"));
                    var (ours, theirs) = (result.Own[0]!.Value, result.Native ?? 0);
                    Print(network.Key, layers.Key.Name, times, ours, theirs, layers.Key.Shape.Operations, result.Peak);
                    own += times * ours;
                    native += times * theirs;
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

    private static void Print(string network, string layer, int times, double own, double native, double operations, double peak) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{network,-12}{layer,-28}{times,6}{own * 1e6,10:F1}{operations / own / 1e9,9:F1}{operations / own / peak,9:P1}{(native > 0 ? (native * 1e6).ToString("F1", CultureInfo.InvariantCulture) : "-"),11}{(native > 0 ? (own / native).ToString("F2", CultureInfo.InvariantCulture) : "-"),7}"));
}

using System.Globalization;
using Slipway.Models.Kernels;

namespace Slipway.Benchmarks;

/// <summary>
/// Every distinct convolution of known networks by every kernel that computes it, with bias and Relu at batch 1 on one thread, as parts of the time that ONNX Runtime takes
/// for a model of that one node (or, without its library, of the automatic choice): what <see cref="ConvolutionKernel.Automatic"/> should choose.
/// </summary>
internal static class ConvolutionKernelSpeed
{
    public static int Run(string only)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-convolution-");
        try
        {
            var kernels = Enum.GetValues<ConvolutionKernel>();
            Console.WriteLine($"{"network",-12}{"layer",-28}{"native µs",10}{string.Concat(kernels.Select(k => $"{k,16}"))}   of peak");
            foreach (var layer in ConvolutionLayers.All().Select(l => l with { Times = 1 }).Distinct())
            {
                if (only.Length == 0 || $"{layer.Network} {layer.Name}".Contains(only, StringComparison.Ordinal)) Print(layer, ConvolutionTimes.Measure(layer, kernels, Path.Combine(folder.FullName, "model.onnx")));
            }
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(ConvolutionLayer layer, ConvolutionTimes times)
    {
        var whole = times.Native ?? times.Own[0]!.Value;
        var ratios = string.Concat(times.Own.Select(own => own is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds / whole,16:F2}") : $"{"-",16}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{layer.Network,-12}{layer.Name,-28}{whole * 1e6,10:F1}{ratios}{layer.Shape.Operations / times.Own.Min()!.Value / times.Peak,10:P1}"));
    }
}

using System.Globalization;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>How long a model of 100 MB takes to load, from the file to a compiled graph in a fresh process; then what it and other models keep.</summary>
internal static class OnnxLoad
{
    /// <summary>The hidden argument of the fresh processes.</summary>
    public const string Child = "--onnx-load-child";

    private const int Megabytes = 100;
    private const int Processes = 5;

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-onnx-");
        try
        {
            var path = Path.Combine(folder.FullName, "products.onnx");
            using (var stream = File.Create(path)) OnnxWriter.Write(SequenceNetworks.Products(Megabytes), stream);
            var weights = new FileInfo(path).Length;
            Console.WriteLine(Format($"{weights / 1e6:F1} MB in the file, {FreshProcess.Describe(typeof(GraphModel).Assembly)}"));
            var costs = Enumerable.Range(0, Processes).Select(_ => FreshProcess.CostOf([Child, path])).ToArray();
            var best = Cost.Least(costs);
            Console.WriteLine(Format($"load: {best.Milliseconds:F0} ms, {best.CpuMilliseconds:F0} ms of processor; the best of {Processes} processes (bar 500 ms)"));
            return OnnxMemory.Run(folder.FullName, Megabytes) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static int Measure(string path) => FreshProcess.Report(() => GraphModel.Compile(OnnxReader.Read(path), GraphOptions.Default));

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

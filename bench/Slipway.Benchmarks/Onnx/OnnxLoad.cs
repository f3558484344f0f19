using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>How long a model of 100 MB takes to load and what it keeps, in fresh processes: from the file to a compiled graph, then with one run.</summary>
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
            var costs = Enumerable.Range(0, Processes).Select(_ => FreshProcess.CostOf([Child, "time", path])).ToArray();
            var best = Cost.Least(costs);
            Console.WriteLine(Format($"load: {best.Milliseconds:F0} ms, {best.CpuMilliseconds:F0} ms of processor; the best of {Processes} processes (bar 500 ms)"));
            var kept = FreshProcess.Measure([Child, "kept", path]);
            var arena = FreshProcess.Measure([Child, "arena", path]);
            Console.WriteLine(Format($"kept after a run: {kept / 1e6:F1} MB of memory of the process's own and of the file, {kept / (weights + arena):F2} times weights and arena of {arena / 1e6:F1} MB (bar 1.2)"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static int Measure(string what, string path)
    {
        if (what == "time") return FreshProcess.Report(() => Open(path));
        var before = Resident();
        var model = Open(path);
        using var input = new Batch(NetworkCase.Uniform("x", 1, 1024));
        using var run = model.Run(GraphCost.Values(model, input));
        // Twice: mapped files go with finalizers.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        FreshProcess.Report(what == "kept" ? Resident() - before : run.Plan.ArenaBytes);
        GC.KeepAlive(model);
        return 0;
    }

    private static GraphModel Open(string path) => GraphModel.Compile(OnnxReader.Read(path), GraphOptions.Default);

    /// <summary>The memory that the process occupies, with the pages of files that it has mapped and touched.</summary>
    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Benchmarks.Trees;

/// <summary>
/// How fast tree models of every format load: from the file (in the page cache) to a model that can score. In fresh processes, by the clock, by all
/// threads' processor time and by the memory the process takes; in a process that loaded before, by the clock and by what is allocated and kept.
/// </summary>
internal static class TreeLoad
{
    public const string Child = "--trees-load-of";

    private const int DefaultMegabytes = 60;
    private const int Rounds = 3;
    private const int BinaryBar = 100;
    private const int TextBar = 40;

    /// <param name="arguments">Megabytes (60), and a folder of models that are measured with the generated ones, which are kept there.</param>
    public static int Run(string[] arguments)
    {
        var bytes = 1_000_000L * (arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : DefaultMegabytes);
        var folder = arguments.Length > 1 ? Directory.CreateDirectory(arguments[1]) : Directory.CreateTempSubdirectory("slipway-trees-");
        try
        {
            Write(folder.FullName, bytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}; {FreshProcess.Describe(typeof(TreesRuntime).Assembly)}"));
            Console.WriteLine("| file | format | MB | nodes | bar, MB/s | first load, MB/s | by processor time | warm, MB/s | by processor time | allocated, B/node | kept, B/node | most memory / file |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            foreach (var file in folder.EnumerateFiles().Where(f => f.Extension is not ".tsv").OrderBy(f => f.Name, StringComparer.Ordinal)) Report(file);
        }
        finally
        {
            if (arguments.Length < 2) folder.Delete(recursive: true);
        }
        return 0;
    }

    /// <summary>The fresh process.</summary>
    /// <param name="measure">wall: seconds; processor: seconds of all threads; memory: bytes at most in use above those before.</param>
    public static int Measure(string measure, string path)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var (wall, processor) = Load(path, out var model);
        process.Refresh();
        FreshProcess.Report(measure switch { "wall" => wall, "processor" => processor, _ => process.PeakWorkingSet64 - before });
        model.Dispose();
        return 0;
    }

    /// <summary>Those that are not there yet.</summary>
    private static void Write(string folder, long bytes)
    {
        var isThere = XGBoostLibrary.IsThere;
        if (!isThere) Console.WriteLine("libxgboost is absent (Debian's python3-xgboost brings it): its own UBJSON and binary files are left out");
        Make("xgboost.json", TreeLoadXGBoost.Write);
        foreach (var name in isThere ? new[] { "xgboost.ubj", "xgboost.model" } : []) Make(name, (path, _) => TreeLoadXGBoost.Save(Path.Combine(folder, "xgboost.json"), path));
        Make("lightgbm.txt", TreeLoadLightGbm.WriteText);
        Make("lightgbm.json", TreeLoadLightGbm.WriteJson);
        Make("catboost.cbm", TreeLoadCatBoost.WriteBinary);
        Make("catboost.json", TreeLoadCatBoost.WriteJson);
        Make("h2o.zip", TreeLoadH2O.Write);
        Make("onnx-ml.onnx", TreeLoadOnnx.Write);
        Make("sklearn.json", TreeLoadSklearn.Write);
        Make("treelite.tl", TreeLoadTreelite.Write);

        void Make(string name, Action<string, long> write)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) write(path, bytes);
        }
    }

    private static void Report(FileInfo file)
    {
        var description = new TreesRuntime().Describe(file.FullName);
        var nodes = double.Parse(description.Facts.Single(f => f.Key == "nodes").Value, CultureInfo.InvariantCulture);
        var megabytes = file.Length / 1e6;
        var isText = description.Format.EndsWith("json", StringComparison.Ordinal) || description.Format.EndsWith("text", StringComparison.Ordinal);
        var (first, firstProcessor, memory) = (Fresh("wall"), Fresh("processor"), Fresh("memory"));
        var (warm, warmProcessor, allocated, kept) = Warm(file.FullName);
        string[] cells =
        [
            file.Name, description.Format, Number(megabytes, "0.0"), Number(nodes, "0"), Number(isText ? TextBar : BinaryBar, "0"), Number(megabytes / first, "0"), Number(megabytes / firstProcessor, "0"),
            Number(megabytes / warm, "0"), Number(megabytes / warmProcessor, "0"), Number(allocated / nodes, "0.0"), Number(kept / nodes, "0.0"), Number(memory / file.Length, "0.0"),
        ];
        Console.WriteLine($"| {string.Join(" | ", cells)} |");

        // Other processes only ever slow it down: the best is what it takes.
        double Fresh(string measure) => Enumerable.Range(0, Rounds).Min(_ => FreshProcess.Measure([Child, measure, file.FullName]));
    }

    private static (double Wall, double Processor, double Allocated, double Kept) Warm(string path)
    {
        var (wall, processor) = (double.PositiveInfinity, double.PositiveInfinity);
        var (allocated, kept) = (0L, 0L);
        for (var round = 0; round <= Rounds; round++)
        {
            var (allocatedBefore, keptBefore) = (GC.GetTotalAllocatedBytes(precise: true), InUse());
            var (seconds, processorSeconds) = Load(path, out var model);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
            // The model of an earlier round may still be there.
            if (round == 0) kept = InUse() - keptBefore;
            model.Dispose();
            if (round > 0) (wall, processor) = (Math.Min(wall, seconds), Math.Min(processor, processorSeconds));
        }
        return (wall, processor, allocated, kept);
    }

    private static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static (double Wall, double Processor) Load(string path, out IModel model)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        model = new TreesRuntime().Open(path, RuntimeOptions.Default);
        var wall = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>What an open model keeps after runs, in a fresh process for each figure: weights and arena, and what the process occupies because of them.</summary>
internal static class OnnxMemory
{
    /// <summary>The hidden argument of the fresh processes.</summary>
    public const string Child = "--onnx-memory-child";

    private const int Runs = 3;
    private const double Bar = 1.2;

    private static readonly string[] Names = ["products", "resnet-50", "densenet-121", "transformer 128"];

    /// <summary>Writes a line for each of some networks; true when all keep within the bar.</summary>
    public static bool Run(string folder, int megabytes)
    {
        Console.WriteLine(Format($"| model | weights MB | arena MB | heap MB | resident MB | before a collection | heap/(weights + arena) | resident/(weights + arena), bar {Bar:F1} |"));
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        var met = true;
        foreach (var name in Names)
        {
            var path = CaseOf(name, megabytes).WriteTo(folder);
            double Of(string what) => FreshProcess.Measure([Child, what, path, name]);
            var (weights, arena, heap, resident, uncollected) = (Of("weights"), Of("arena"), Of("heap"), Of("resident"), Of("uncollected"));
            met &= resident <= Bar * (weights + arena);
            Console.WriteLine(Format($"| {name} | {weights / 1e6:F1} | {arena / 1e6:F1} | {heap / 1e6:F1} | {resident / 1e6:F1} | {uncollected / 1e6:F1} | {heap / (weights + arena):F2} | {resident / (weights + arena):F2} |"));
        }
        return met;
    }

    public static int Measure(string what, string path, string name)
    {
        using var input = CaseOf(name, megabytes: 0).Inputs(1);
        if (what == "weights")
        {
            FreshProcess.Report(GraphCost.Of(path, input).WeightBytes);
            return 0;
        }
        WarmUp(Path.GetDirectoryName(path)!);
        Collect();
        var (heap, resident) = (GC.GetTotalMemory(forceFullCollection: true), Resident());
        var model = Open(path, input);
        if (what != "uncollected") Collect();
        FreshProcess.Report(what switch { "heap" => GC.GetTotalMemory(forceFullCollection: true) - heap, "resident" or "uncollected" => Resident() - resident, _ => model.Arena });
        model.Dispose();
        return 0;
    }

    /// <summary>Brings the code that most models run, and what a process keeps whatever the model. In a method of its own: nothing on the stack may hold the models.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WarmUp(string folder)
    {
        foreach (var small in (string[])["mlp 30-64-2", "mnist cnn"])
        {
            var network = CaseOf(small, megabytes: 0);
            using var input = network.Inputs(1);
            Open(network.WriteTo(folder), input).Dispose();
        }
    }

    private static Opened Open(string path, Batch input)
    {
        var model = GraphModel.Compile(OnnxReader.Read(path), GraphOptions.Default);
        var values = GraphCost.Values(model, input);
        for (var i = 1; i < Runs; i++) model.Run(values).Dispose();
        using var run = model.Run(values);
        return new Opened(model, run.Plan.ArenaBytes);
    }

    /// <summary>Twice: mapped files go with finalizers.</summary>
    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>The memory that the process occupies, with the pages of files that it has mapped and touched.</summary>
    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static NetworkCase CaseOf(string name, int megabytes) => name == "products"
        ? new NetworkCase(name, "products.onnx", () => SequenceNetworks.Products(megabytes), rows => new Batch(NetworkCase.Uniform("x", rows, 1024)), [1], 0)
        : NetworkCase.All("").Single(c => c.Name == name);

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps a model until it was measured.</summary>
    private sealed record Opened(GraphModel Model, long Arena) : IDisposable
    {
        public void Dispose() => GC.KeepAlive(Model);
    }
}

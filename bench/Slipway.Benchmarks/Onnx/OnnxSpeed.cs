using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.Onnx;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Benchmarks.Onnx;

/// <summary>
/// Slipway's own ONNX engine and the native runtime in one process on the same tensors, in turns: both from a batch to a batch, as a C# program calls them.
/// The best of several rounds, because other processes only ever slow a round down. Where the answers differ, the run fails.
/// </summary>
internal static class OnnxSpeed
{
    private const int Rounds = 7;
    private const int FewestRounds = 3;
    private const double SecondsOfRounds = 6;
    private const int Opens = 3;
    private const int AllocationRuns = 10;
    private const double SecondsPerRound = 0.03;
    private const double SecondsOfWarmup = 0.5;
    private const double LongestRun = 2;

    /// <param name="corpus">A folder of downloaded models to measure too, or "".</param>
    /// <param name="only">Measures the models with this in their name.</param>
    /// <returns>1 when an answer is wrong.</returns>
    public static int Run(string corpus, string only)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Console.WriteLine("the native runtime is absent (npm ci --ignore-scripts in native/ brings it): its columns stay empty");
        Console.WriteLine("| model | rows | threads | native µs | ours µs | native/ours | bar | inner µs | inner B/run | GFLOP/s | of peak | load ms | native load ms | weights MB | arena MB | heap MB | worst difference |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var folder = Directory.CreateTempSubdirectory("slipway-onnx-");
        try
        {
            var wrong = 0;
            foreach (var network in NetworkCase.All(corpus).Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
            {
                foreach (var threads in new[] { 1, 2 }) wrong += Measure(network, network.WriteTo(folder.FullName), threads);
            }
            return wrong == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Measure(NetworkCase network, string path, int threads)
    {
        var options = new RuntimeOptions(threads);
        try
        {
            var wrong = 0;
            var (ours, load) = Open(new GraphRuntime(), path, options);
            using var _ = ours;
            var (native, nativeLoad) = OnnxRuntimeRuntime.IsAvailable ? Open(new OnnxRuntimeRuntime(), path, options) : (null, double.NaN);
            using var __ = native;
            double last = 0;
            foreach (var rows in network.Rows)
            {
                if (last * rows > LongestRun) continue;
                using var input = network.Inputs(rows);
                var row = Measure(ours, native, path, input, threads);
                last = Math.Max(row.Ours, double.IsNaN(row.Native) ? 0 : row.Native) / rows;
                if (!row.Answer.Agrees) wrong++;
                var bar = rows == 1 && threads == 1 && network.Bar > 0 ? Bar(row.Native / row.Ours, network.Bar) : "";
                Console.WriteLine(Format(
                    $"| {network.Name} | {rows} | {threads} | {Micro(row.Native)} | {Micro(row.Ours)} | {row.Native / row.Ours:F2} | {bar} | {Micro(row.Inner)} | {row.Allocated} | {row.Cost.Operations / row.Inner / 1e9:F1} | {row.Cost.Operations / row.Inner / row.Peak:P0} | {load * 1e3:F1} | {nativeLoad * 1e3:F1} | {Megabytes(row.Cost.WeightBytes)} | {Megabytes(row.Arena)} | {Megabytes(row.Heap)} | {row.Answer} |"));
            }
            return wrong;
        }
        catch (ModelException e) when (e.IsUnsupported)
        {
            Console.WriteLine($"{network.Name} is left out: {e.Message}");
            return 0;
        }
    }

    private readonly record struct Result(double Ours, double Native, double Inner, double Peak, long Allocated, long Arena, long Heap, GraphCost Cost, Agreement Answer);

    private static Result Measure(IModel ours, IModel? native, string path, Batch input, int threads)
    {
        var cost = GraphCost.Of(path, input);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var model = GraphModel.Compile(OnnxReader.Read(path), new GraphOptions(threads));
        var values = GraphCost.Values(model, input);
        var arena = ArenaOf(model, values);
        var heap = GC.GetTotalMemory(forceFullCollection: true) - before;

        var answer = Agreement.None;
        if (native is not null)
        {
            using Batch given = ours.Run(input), expected = native.Run(input), moved = Moved(input), others = native.Run(moved);
            answer = Agreement.Of(given, expected, 2 * Agreement.Of(others, expected).Worst);
        }

        Action[] works = [() => native?.Run(input).Dispose(), () => ours.Run(input).Dispose(), () => model.Run(values).Dispose()];
        var calls = Array.ConvertAll(works, Calls);
        double[] best = [double.MaxValue, double.MaxValue, double.MaxValue];
        var peak = double.MaxValue;
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || (round < Rounds && Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfRounds); round++)
        {
            for (var i = 0; i < works.Length; i++)
            {
                best[i] = Math.Min(best[i], Seconds(works[i], calls[i]));
                // Between the engines, so that threads of the one that wait for more work have gone to sleep.
                peak = Math.Min(peak, GemmPeak.Single(0.5f));
            }
        }
        return new Result(best[1], native is null ? double.NaN : best[0], best[2], GemmPeak.Operations<float>() / peak * threads, Allocated(model, values), arena, heap, cost, answer);
    }

    /// <summary>
    /// The inputs, one unit of the last place away. No engine's answers are more certain than how far the native ones move with them: nearly nothing, but for networks
    /// that quantize while they run, where a number that lies between two integers becomes either.
    /// </summary>
    private static Batch Moved(Batch inputs)
    {
        var moved = new Batch();
        foreach (var input in inputs)
        {
            var tensor = input.Copy();
            if (tensor.Type == ElementType.Float32) foreach (ref var value in tensor.Values<float>()) value = MathF.BitIncrement(value);
            moved.Add(tensor);
        }
        return moved;
    }

    private static long ArenaOf(GraphModel model, Value[] values)
    {
        using var run = model.Run(values);
        return run.Plan.ArenaBytes;
    }

    private static long Allocated(GraphModel model, Value[] values)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < AllocationRuns; i++) model.Run(values).Dispose();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / AllocationRuns;
    }

    private static (IModel Model, double Seconds) Open(IRuntime runtime, string path, RuntimeOptions options)
    {
        var best = double.MaxValue;
        for (var i = 1; ; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var model = runtime.Open(path, options);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (i == Opens) return (model, best);
            model.Dispose();
        }
    }

    private static int Calls(Action work)
    {
        // Until the code is compiled for good.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfWarmup;) work();
        return (int)Math.Clamp(SecondsPerRound / Seconds(work, 1), 1, 1 << 14);
    }

    private static double Seconds(Action work, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private static string Bar(double ratio, double bar) => Format($"{(ratio >= bar ? "met" : "missed")} ({bar:F2})");

    private static string Micro(double seconds) => double.IsNaN(seconds) ? "" : Format($"{seconds * 1e6:F1}");

    private static string Megabytes(long bytes) => Format($"{bytes / 1e6:F2}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

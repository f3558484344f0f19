using System.Diagnostics;
using System.Globalization;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>
/// What a second thread gains in Slipway's own engine, in a process where the native runtime is never loaded: its threads look for work for a while after each of its runs, and
/// take the processor that ours would run on. One thread and two in turns, the best of several rounds.
/// </summary>
internal static class OnnxAlone
{
    private const int Rounds = 2000;
    private const int FewestRounds = 3;
    private const double SecondsOfRounds = 5;
    private const double SecondsPerRound = 0.001;
    private const double SecondsOfWarmup = 0.5;
    private const double LongestRun = 1;

    /// <param name="only">Measures the models with this in their name.</param>
    public static int Run(string only)
    {
        Console.WriteLine("| model | rows | one thread µs | two threads µs | gain | B/run, one | B/run, two |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        var folder = Directory.CreateTempSubdirectory("slipway-onnx-");
        try
        {
            foreach (var network in NetworkCase.All("").Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
            {
                var definition = OnnxReader.Read(network.WriteTo(folder.FullName));
                double last = 0;
                foreach (var rows in network.Rows)
                {
                    if (last * rows > LongestRun) continue;
                    last = Measure(network, definition, rows) / rows;
                }
            }
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Measure(NetworkCase network, ModelDefinition definition, int rows)
    {
        using var input = network.Inputs(rows);
        var works = new Action[2];
        var bytes = new long[2];
        for (var i = 0; i < works.Length; i++)
        {
            var model = GraphModel.Compile(definition, new GraphOptions(i + 1));
            var values = GraphCost.Values(model, input);
            works[i] = () => model.Run(values).Dispose();
            works[i]();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var runs = 0;
            // Until the code is compiled for good.
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfWarmup; runs++) works[i]();
            bytes[i] = (GC.GetTotalAllocatedBytes(precise: true) - before) / runs;
        }
        var calls = (int)Math.Clamp(SecondsPerRound / Seconds(works[0], 1), 1, 1 << 14);
        double[] best = [double.MaxValue, double.MaxValue];
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || (round < Rounds && Stopwatch.GetElapsedTime(began).TotalSeconds < SecondsOfRounds); round++)
        {
            for (var i = 0; i < works.Length; i++) best[i] = Math.Min(best[i], Seconds(works[i], calls));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {network.Name} | {rows} | {best[0] * 1e6:F1} | {best[1] * 1e6:F1} | {best[0] / best[1]:F2} | {bytes[0]} | {bytes[1]} |"));
        return best[0];
    }

    private static double Seconds(Action work, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}

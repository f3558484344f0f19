using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models;

namespace Slipway.Benchmarks.Trees;

/// <summary>
/// The same trees in Slipway, in ONNX Runtime and in XGBoost's own library, in turns in one process: time per row, and how many times faster Slipway is.
/// The best of several rounds, because other processes only ever slow a round down.
/// </summary>
internal static class TreeSpeed
{
    private const int Rounds = 7;
    private const double RoundSeconds = 0.04;

    /// <summary>A look at the clock takes as long as some trees: calls between two looks double until so much time has passed.</summary>
    private const double LookSeconds = 0.001;

    private const int MaxWarmCalls = 30;
    private const double MaxWarmSeconds = 0.5;

    /// <summary>Rows of a batch, and how many batches are passed in turn: from the same row again and again, processors learn its ways through the trees.</summary>
    private static readonly (int Rows, int Batches)[] Loads = [(1, 1), (1, 256), (100, 1), (10_000, 1)];

    /// <param name="folder">Of the models of make_tree_models.py.</param>
    /// <param name="only">Part of the names of the models to compare, as in <c>1000-6</c>; all when empty, and scikit-learn's too.</param>
    public static int Run(string folder, string only)
    {
        if (!XGBoostLibrary.IsThere) Console.WriteLine("libxgboost is absent (Debian's python3-xgboost brings it): its columns stay empty");
        Console.WriteLine("| trees | depth | features | rows | threads | Slipway, µs/row | ONNX Runtime | XGBoost in place | XGBoost predict | times ONNX Runtime | times in place | times predict |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var json in Directory.EnumerateFiles(folder, "trees-*.json").Where(f => Path.GetFileName(f).Contains(only, StringComparison.Ordinal)).OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal))
        {
            foreach (var threads in new[] { 1, 2 }) Compare(json, threads);
        }
        if (only.Length == 0) CompareScikitLearn(folder);
        return 0;
    }

    private static unsafe void Compare(string json, int threads)
    {
        var shape = Path.GetFileNameWithoutExtension(json).Split('-');
        var features = int.Parse(shape[3], CultureInfo.InvariantCulture);
        var onnx = Path.ChangeExtension(json, ".onnx");
        var options = new RuntimeOptions(threads);
        using var ours = Runtimes.Default.Detect(json).Open(json, options);
        using var theirs = Runtimes.Default.Find("onnxruntime").Open(onnx, options);
        using var library = XGBoostLibrary.IsThere ? new XGBoostLibrary(json, features, threads) : null;
        foreach (var (count, batches) in Loads)
        {
            var rows = Rows(count * batches, features);
            var inputs = new Batch[batches];
            for (var i = 0; i < batches; i++) inputs[i] = new Batch(Tensor.Of<float>("input", rows.AsSpan(i * count * features, count * features).ToArray(), count, features));
            fixed (float* values = rows)
            {
                var (at, next) = ((nint)values, 0);
                int Next() => next = (next + 1) % batches;
                var times = Measure(
                    () => ours.Run(inputs[Next()]).Dispose(),
                    () => theirs.Run(inputs[Next()]).Dispose(),
                    library is null ? null : () => library.PredictInPlace((float*)at + ((long)Next() * count * features), count),
                    library is null ? null : () => library.Predict((float*)at + ((long)Next() * count * features), count));
                string[] cells = [shape[1], shape[2], shape[3], batches == 1 ? Text(count) : $"{count}, others", Text(threads), .. times.Select(t => Micro(t / count)), .. times.Skip(1).Select(t => double.IsNaN(t) ? "" : Ratio(t / times[0]))];
                Console.WriteLine($"| {string.Join(" | ", cells)} |");
            }
            foreach (var input in inputs) input.Dispose();
        }
    }

    /// <summary>scikit-learn's models of the same size (other trees), timed in Python by make_tree_models.py in the same run.</summary>
    private static void CompareScikitLearn(string folder)
    {
        Console.WriteLine();
        Console.WriteLine("| scikit-learn 1.2.1 | trees | depth | features | rows | scikit-learn, µs/row | Slipway, µs/row | times |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var line in File.ReadLines(Path.Combine(folder, "sklearn.tsv")))
        {
            var cells = line.Split('\t');
            var json = Path.Combine(folder, $"trees-{cells[1]}-{cells[2]}-{cells[3]}.json");
            var (features, count) = (int.Parse(cells[3], CultureInfo.InvariantCulture), int.Parse(cells[4], CultureInfo.InvariantCulture));
            using var model = Runtimes.Default.Detect(json).Open(json, RuntimeOptions.Default);
            using var input = new Batch(Tensor.Of<float>("input", Rows(count, features), count, features));
            var ours = Measure(() => model.Run(input).Dispose())[0] / count;
            var theirs = double.Parse(cells[5], CultureInfo.InvariantCulture);
            Console.WriteLine($"| {string.Join(" | ", cells[..5])} | {Micro(theirs)} | {Micro(ours)} | {Ratio(theirs / ours)} |");
        }
    }

    private static float[] Rows(int count, int features)
    {
        var random = new Random(1);
        var rows = new float[count * features];
        foreach (ref var value in rows.AsSpan()) value = (float)((random.NextDouble() * 4) - 2);
        return rows;
    }

    /// <returns>Seconds per call of each; NaN for those that are absent.</returns>
    private static double[] Measure(params Action?[] works)
    {
        var best = new double[works.Length];
        best.AsSpan().Fill(double.NaN);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < works.Length; i++)
            {
                if (works[i] is not { } work) continue;
                var (calls, perLook, start) = (0, 1, Stopwatch.GetTimestamp());
                for (var warm = 0; warm == 0 || (round == 0 && warm < MaxWarmCalls && Stopwatch.GetElapsedTime(start).TotalSeconds < MaxWarmSeconds); warm++) work();
                start = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(start) is var passed && passed.TotalSeconds < RoundSeconds)
                {
                    if (calls > 0 && passed.TotalSeconds < LookSeconds) perLook *= 2;
                    for (var call = 0; call < perLook; call++) work();
                    calls += perLook;
                }
                var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
                best[i] = double.IsNaN(best[i]) ? seconds : Math.Min(best[i], seconds);
            }
        }
        return best;
    }

    private static string Micro(double seconds) => double.IsNaN(seconds) ? "" : (seconds * 1e6).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Ratio(double ratio) => ratio.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

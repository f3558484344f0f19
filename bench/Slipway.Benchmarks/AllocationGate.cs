using System.Diagnostics;
using System.Text.Json;
using Slipway.Benchmarks.Onnx;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Benchmarks;

/// <summary>
/// Counts the bytes each operation allocates, on its thread and on those of the kernels, and fails when one allocates more than <c>bench/allocations.json</c> allows. Time depends on the
/// machine; allocations do not, so they can gate every commit.
/// </summary>
internal static class AllocationGate
{
    private const int FewestOperations = 20;
    private const int Operations = 2000;
    private const double SecondsOfOperations = 1;

    private static readonly KernelThreadBytes Bytes = new();
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <returns>0 when every operation stays within its limit, else 1.</returns>
    public static int Run(bool update)
    {
        var measured = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, operation) in TreeOperations().Concat(PmmlOperations()).Concat(OnnxAllocations.Operations())) measured[name] = BytesPerOperation(operation);
        var path = LimitsPath();
        if (update)
        {
            File.WriteAllText(path, JsonSerializer.Serialize(measured, Indented) + "\n");
            Console.WriteLine($"{measured.Count} limits written");
            return 0;
        }
        var limits = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(path))!;
        var failed = 0;
        foreach (var (name, bytes) in measured)
        {
            var within = limits.TryGetValue(name, out var limit) && bytes <= limit;
            if (!within) failed++;
            Console.WriteLine($"{(within ? "ok  " : "FAIL")} {name}: {bytes} bytes per operation, limit {(limits.ContainsKey(name) ? limit.ToString(System.Globalization.CultureInfo.InvariantCulture) : "absent")}");
        }
        Console.WriteLine($"{measured.Count - failed} within their limits, {failed} over");
        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Name, Action Operation)> TreeOperations()
    {
        var rows = SyntheticTrees.Rows(256);
        var margins = new float[256];
        foreach (var kind in new[] { KernelKind.Reference, KernelKind.Interleaved, KernelKind.Vector256, KernelKind.Vector512 })
        {
            var kernel = KernelSelection.For<float>(SyntheticTrees.Forest(), kind);
            yield return ($"trees/kernel/{kind}/1 row", () => kernel.Score(rows.AsSpan(0, SyntheticTrees.Features), margins.AsSpan(0, 1)));
            yield return ($"trees/kernel/{kind}/256 rows", () => kernel.Score(rows, margins));
        }
        var symmetric = KernelSelection.For<float>(SyntheticTrees.SymmetricForest(), KernelKind.Symmetric);
        yield return ("trees/kernel/Symmetric/1 row", () => symmetric.Score(rows.AsSpan(0, SyntheticTrees.Features), margins.AsSpan(0, 1)));
        yield return ("trees/kernel/Symmetric/256 rows", () => symmetric.Score(rows, margins));
        var cells = SyntheticTrees.Cells(256);
        var sums = new double[256];
        foreach (var kind in new[] { KernelKind.Reference, KernelKind.Interleaved, KernelKind.Vector256, KernelKind.Vector512 })
        {
            var kernel = KernelSelection.For<double>(SyntheticTrees.CategoricalForest(), kind);
            var leaves = new int[kernel.Trees];
            yield return ($"trees/cells/{kind}/1 row", () => kernel.Score(cells.AsSpan(0, SyntheticTrees.CellsPerRow), SyntheticTrees.CellsPerRow, sums.AsSpan(0, 1)));
            yield return ($"trees/cells/{kind}/256 rows", () => kernel.Score(cells, SyntheticTrees.CellsPerRow, sums));
            yield return ($"trees/cells/{kind}/leaves", () => kernel.FindLeaves(cells, leaves));
        }
        var model = SyntheticTrees.Model();
        foreach (var count in new[] { 1, 256 })
        {
            var inputs = new Batch(Tensor.Of<float>("input", rows.AsSpan(0, count * SyntheticTrees.Features), count, SyntheticTrees.Features));
            yield return ($"trees/run/{count} rows", () => model.Run(inputs).Dispose());
        }
    }

    private static IEnumerable<(string Name, Action Operation)> PmmlOperations()
    {
        foreach (var (name, model) in new[] { ("forest", SyntheticPmml.Forest()), ("regression", SyntheticPmml.Regression()) })
        {
            var scorer = model.CreateScorer();
            string?[][] texts = [["0.25", "1", "b"], ["0.75", null, "a"]];
            yield return ($"pmml/{name}/texts of 2 rows", () => PmmlSpeed.ScoreSingly(scorer, texts));
            foreach (var count in new[] { 1, 4096 })
            {
                var rows = SyntheticPmml.Rows(count);
                yield return ($"pmml/{name}/run {count} rows", () => model.Run(rows).Dispose());
            }
        }
    }

    /// <summary>What all these threads allocate, rounded up, after the first operation: workspaces included that one needs when it first has a share.</summary>
    private static long BytesPerOperation(Action operation)
    {
        operation();
        var operations = 0;
        var start = Stopwatch.GetTimestamp();
        var before = Bytes.Read();
        for (; operations < FewestOperations || (operations < Operations && Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfOperations); operations++) operation();
        return (Bytes.Read() - before + operations - 1) / operations;
    }

    private static string LimitsPath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Slipway.slnx"))) return Path.Combine(folder.FullName, "bench", "allocations.json");
        }
        throw new FileNotFoundException("Slipway.slnx is in none of the folders above the benchmark: run it from the repository");
    }
}

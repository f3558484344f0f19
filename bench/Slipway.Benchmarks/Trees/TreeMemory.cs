using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Trees;

namespace Slipway.Benchmarks.Trees;

/// <summary>
/// What an open model keeps in memory, against the least that plain arrays of its trees take: for every node, split or leaf, its threshold or value in the
/// model's arithmetic (4 bytes in float32, 8 in float64), and 4 bytes for its feature, its default way and its child; linear leaves add their constants, and a
/// coefficient with its feature for each term. Names of features and of categories are on top of that, and shown apart. Counted is the managed heap after full
/// collections, pinned arrays included: after opening, after single rows, and after a batch, for which kernels may make more of small trees.
/// </summary>
internal static class TreeMemory
{
    private const int BatchRows = 1000;

    /// <param name="folder">Of models in any format of the trees runtime.</param>
    public static int Run(string folder)
    {
        Console.WriteLine("| model | trees | nodes | arrays, bytes | names, bytes | open | times | after single rows | times | after a batch | times |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var file in Directory.EnumerateFiles(folder).OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is ".onnx" or ".tsv") continue;
            if (Shape(file) is not var (trees, nodes, theory)) continue;
            Measure(file); // Fills the pools that all models share.
            var (names, open, single, batch) = Measure(file);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(file)} | {trees} | {nodes} | {theory} | {names} | {open} | {Ratio(open)} | {single} | {Ratio(single)} | {batch} | {Ratio(batch)} |"));

            string Ratio(long bytes) => ((bytes - names) / (double)theory).ToString("0.00", CultureInfo.InvariantCulture);
        }
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (int Trees, int Nodes, long Bytes)? Shape(string file)
    {
        if (TreesRuntime.Read(file).Trees is not { } trees) return null;
        var bytes = (trees.Arithmetic == TreeArithmetic.Float32 ? 4 : 8) + 4;
        var linear = trees.LinearLeaves;
        return (trees.TreeCount, trees.NodeCount, ((long)trees.NodeCount * bytes) + ((long)trees.LeafVectors.Length * (bytes - 4)) + (linear.Count * (bytes - 4L)) + ((long)linear.Coefficients.Length * bytes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (long Names, long Open, long Single, long Batch) Measure(string file)
    {
        var before = Heap();
        using var model = new TreesRuntime().Open(file, new RuntimeOptions(Threads: 1));
        var open = Heap() - before;
        Score(model, 1);
        var single = Heap() - before;
        Score(model, BatchRows);
        return (Names(model.Signature), open, single, Heap() - before);
    }

    /// <summary>Of the texts, each with its reference: a header of 22 bytes and two for each letter, in steps of eight.</summary>
    private static long Names(Signature signature) =>
        signature.Inputs.Concat(signature.Outputs).SelectMany(t => t.Columns.Concat(t.AllowedValues).Append(t.Name)).Distinct(ReferenceEqualityComparer.Instance).Cast<string>().Sum(n => 8L + ((22 + (2 * n.Length) + 7) / 8 * 8));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Score(IModel model, int rows)
    {
        using var inputs = new Batch();
        foreach (var input in model.Signature.Inputs)
        {
            long[] shape = input.Shape.Length == 2 ? [rows, input.Shape[1]] : [rows];
            var tensor = new Tensor(input.Name, input.Type, shape);
            for (var i = 0; i < tensor.Count && input.Type == ElementType.Bytes; i++) tensor.AppendMissing();
            inputs.Add(tensor);
        }
        model.Run(inputs).Dispose();
    }

    private static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

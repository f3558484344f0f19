using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;

namespace Slipway.Benchmarks;

/// <summary>
/// How long each model of a PMML suite takes from opening its file to the first score of its first row, each time in a fresh process whose runtime is up.
/// The best of several processes, because others on the machine only ever slow one down.
/// </summary>
internal static class PmmlFirstScore
{
    public const string Child = "--pmml-first-score-of";

    private const double Goal = 150;
    private const int Rounds = 3;
    private const char Between = '\u001f';
    private const string Missing = "\u0018";

    /// <param name="directory">Holds <c>manifest.tsv</c>.</param>
    /// <param name="only">A part of the names of the cases to measure; empty: all.</param>
    /// <returns>1 when a model could not be measured.</returns>
    public static int Run(string directory, string only)
    {
        var suite = new PmmlSuiteFiles(directory);
        var costs = new List<(Cost Cost, string Case, long Bytes)>();
        var failures = 0;
        foreach (var name in suite.Cases.Where(n => n.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            try
            {
                using var document = suite.PlainModel(name);
                var row = FirstRow(suite, name);
                var rounds = Enumerable.Range(0, Rounds).Select(_ => FreshProcess.CostOf([Child, document.Path], row)).ToArray();
                costs.Add((Cost.Least(rounds), name, new FileInfo(document.Path).Length));
            }
            catch (Exception e) when (e is InvalidOperationException or SlipwayException or IOException or FormatException)
            {
                Console.WriteLine($"not measured: {name}: {e.Message}");
                failures++;
            }
        }
        Print(costs);
        return failures == 0 ? 0 : 1;
    }

    /// <summary>The fresh process: the row's texts come by standard input.</summary>
    public static int Measure(string path)
    {
        var row = Console.In.ReadToEnd().Split(Between);
        return FreshProcess.Report(() => Score(path, row));
    }

    private static void Score(string path, string[] row)
    {
        using var model = PmmlRuntime.Open(path);
        var scorer = model.CreateScorer();
        for (var i = 0; i < scorer.InputCount; i++)
        {
            if (row[i] == Missing) scorer.SetMissing(i);
            else scorer.Set(i, row[i]);
        }
        try
        {
            scorer.Score();
        }
        catch (RecordException)
        {
            // Some cases begin with a row that their model refuses; that is an answer, too.
        }
    }

    private static string FirstRow(PmmlSuiteFiles suite, string name)
    {
        using var model = suite.OpenModel(name);
        using var table = suite.ReadRows(name, model.Signature);
        // A table without rows, of a model without active inputs: a row of nothing.
        var row = PmmlSuiteFiles.Texts(model, table) is [var first, ..] ? first : new string?[model.Signature.Inputs.Length];
        return string.Join(Between, row.Select(t => t ?? Missing));
    }

    private static void Print(List<(Cost Cost, string Case, long Bytes)> costs)
    {
        foreach (var (cost, name, bytes) in costs.OrderByDescending(c => c.Cost.Milliseconds))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cost.Milliseconds,8:0.0} ms  {cost.CpuMilliseconds,8:0.0} ms CPU  {cost.Methods,4} methods jitted  {bytes / 1e6,6:0.00} MB  {name}"));
        }
        if (costs.Count == 0) return;
        Console.WriteLine($"Fresh processes, the least time by the clock and the least of the CPU of {Rounds} each; {FreshProcess.Describe(typeof(PmmlRuntime).Assembly)}.");
        Summarize("clock", [.. costs.Select(c => c.Cost.Milliseconds)]);
        Summarize("CPU", [.. costs.Select(c => c.Cost.CpuMilliseconds)]);
    }

    private static void Summarize(string what, double[] milliseconds)
    {
        Array.Sort(milliseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {milliseconds.Count(t => t <= Goal)} of {milliseconds.Length} models score within {Goal} ms; median {milliseconds[milliseconds.Length / 2]:0.0} ms, worst {milliseconds[^1]:0.0} ms"));
    }
}

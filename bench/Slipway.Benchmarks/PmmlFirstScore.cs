using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
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
    public static int Run(string directory, string only)
    {
        var suite = new PmmlSuiteFiles(directory);
        var times = new List<(double Milliseconds, string Case, long Bytes)>();
        foreach (var name in suite.Cases.Where(n => n.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            var (path, row) = (suite.PathOf(name), FirstRow(suite, name));
            times.Add((Enumerable.Range(0, Rounds).Min(_ => FreshProcess.Measure([Child, path], row)), name, new FileInfo(path).Length));
        }
        foreach (var (milliseconds, name, bytes) in times.OrderDescending())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds,8:0.0} ms  {bytes / 1e6,6:0.00} MB  {name}"));
        }
        if (times.Count == 0) return 0;
        Console.WriteLine($"Fresh processes; {FreshProcess.Describe(typeof(PmmlRuntime).Assembly)}.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{times.Count(t => t.Milliseconds <= Goal)} of {times.Count} models score within {Goal} ms; median {times.Order().ElementAt(times.Count / 2).Milliseconds:0.0} ms, worst {times.Max().Milliseconds:0.0} ms"));
        return 0;
    }

    /// <summary>The fresh process: the row's texts come by standard input.</summary>
    public static int Measure(string path)
    {
        var row = Console.In.ReadToEnd().Split(Between);
        var watch = Stopwatch.StartNew();
        Stream stream = File.OpenRead(path);
        if (path.EndsWith(".gz", StringComparison.Ordinal)) stream = new GZipStream(stream, CompressionMode.Decompress);
        using var model = PmmlRuntime.Open(stream);
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
        FreshProcess.Report(watch.Elapsed.TotalMilliseconds);
        return 0;
    }

    private static string FirstRow(PmmlSuiteFiles suite, string name)
    {
        using var model = suite.OpenModel(name);
        using var table = suite.ReadRows(name, model.Signature);
        // A table without rows, of a model without active inputs: a row of nothing.
        var row = PmmlSuiteFiles.Texts(model, table) is [var first, ..] ? first : new string?[model.Signature.Inputs.Length];
        return string.Join(Between, row.Select(t => t ?? Missing));
    }
}

using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;

namespace Slipway.Benchmarks;

/// <summary>How long each model of a PMML suite takes from its bytes to the first score, in a process that has opened a model before.</summary>
internal static class PmmlLoad
{
    private const double Goal = 150;
    private const int Shown = 10;
    private const int Rounds = 3;

    /// <param name="directory">Holds <c>manifest.tsv</c>.</param>
    public static int Run(string directory)
    {
        var suite = new PmmlSuiteFiles(directory);
        var times = new List<(double Milliseconds, string Case, long Bytes)>();
        foreach (var name in suite.Cases)
        {
            var document = new MemoryStream();
            using (var file = suite.OpenStream(name)) file.CopyTo(document);
            times.Add((Enumerable.Range(0, Rounds).Min(_ => Open(document.ToArray())), name, document.Length));
        }
        foreach (var (milliseconds, name, bytes) in times.OrderDescending().Take(Shown))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds,8:0.0} ms  {bytes / 1e6,6:0.0} MB  {name}"));
        }
        var within = times.Count(t => t.Milliseconds <= Goal);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{within} of {times.Count} models score within {Goal} ms; median {times.Order().ElementAt(times.Count / 2).Milliseconds:0.0} ms"));
        return 0;
    }

    private static double Open(byte[] document)
    {
        var watch = Stopwatch.StartNew();
        using var model = PmmlRuntime.Open(new MemoryStream(document));
        var scorer = model.CreateScorer();
        for (var i = 0; i < scorer.InputCount; i++) scorer.SetMissing(i);
        try
        {
            scorer.Score();
        }
        catch (RecordException)
        {
            // A row of nothing is refused by some models; that is a score, too.
        }
        return watch.Elapsed.TotalMilliseconds;
    }
}

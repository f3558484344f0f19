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
        var costs = new List<(Cost Cost, string Case, long Bytes)>();
        foreach (var name in suite.Cases)
        {
            var document = new MemoryStream();
            using (var file = suite.OpenStream(name)) file.CopyTo(document);
            var bytes = document.ToArray();
            costs.Add((Enumerable.Range(0, Rounds).Select(_ => FreshProcess.CostOf(() => Open(bytes))).MinBy(c => c.Milliseconds), name, document.Length));
        }
        foreach (var (cost, name, bytes) in costs.OrderByDescending(c => c.Cost.Milliseconds).Take(Shown))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cost.Milliseconds,8:0.0} ms  {cost.CpuMilliseconds,8:0.0} ms CPU  {bytes / 1e6,6:0.0} MB  {name}"));
        }
        var within = costs.Count(t => t.Cost.Milliseconds <= Goal);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"One process, the best of {Rounds} each: {within} of {costs.Count} models score within {Goal} ms; median {costs.Select(c => c.Cost.Milliseconds).Order().ElementAt(costs.Count / 2):0.0} ms"));
        return 0;
    }

    private static void Open(byte[] document)
    {
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
    }
}

using System.Globalization;
using Slipway.Models.Formats.Pmml;

namespace Slipway.Benchmarks;

/// <summary>How fast a generated forest of some hundred megabytes loads: in a fresh process, and in one that has loaded it before.</summary>
internal static class PmmlForestLoad
{
    public const string Child = "--pmml-forest-load-of";

    private const int DefaultMegabytes = 200;
    private const int Rounds = 3;

    /// <param name="size">Megabytes; empty: 200.</param>
    public static int Run(string size)
    {
        var megabytes = size.Length == 0 ? DefaultMegabytes : int.Parse(size, CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("slipway-forest-");
        try
        {
            var path = Path.Combine(folder.FullName, "forest.pmml");
            var trees = SyntheticForestFile.Write(path, megabytes * 1_000_000L);
            var bytes = new FileInfo(path).Length;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB, {trees} trees; {FreshProcess.Describe(typeof(PmmlRuntime).Assembly)}"));
            // The file is in the page cache, by having been written: the disk is not what is measured.
            Print("fresh process", bytes, Enumerable.Range(0, Rounds).Select(_ => FreshProcess.CostOf([Child, path])));
            Load(path);
            Print("warm process", bytes, Enumerable.Range(0, Rounds).Select(_ => FreshProcess.CostOf(() => Load(path))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    /// <summary>The fresh process.</summary>
    public static int Measure(string path) => FreshProcess.Report(() => Load(path));

    private static void Load(string path)
    {
        using var model = PmmlRuntime.Open(path);
        var scorer = model.CreateScorer();
        for (var i = 0; i < scorer.InputCount; i++) scorer.Set(i, 0.5);
        scorer.Score();
    }

    private static void Print(string where, long bytes, IEnumerable<Cost> costs)
    {
        var byTime = costs.OrderBy(c => c.Milliseconds).ToArray();
        double Rate(double milliseconds) => bytes / 1e3 / milliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{where}: {Rate(byTime[0].Milliseconds):0} MB/s to the first score, the best of {byTime.Length} ({Rate(byTime[^1].Milliseconds):0} the slowest); {Rate(byTime[0].CpuMilliseconds):0} MB per second of CPU"));
    }
}

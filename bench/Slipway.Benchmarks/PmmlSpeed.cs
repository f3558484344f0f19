using System.Globalization;
using Slipway.Models.Rows;

namespace Slipway.Benchmarks;

/// <summary>
/// Rows per CPU second of one thread on models of a PMML suite: from typed columns in batches, and from texts one row at a time. The best of several
/// rounds, because other processes only ever slow a round down.
/// </summary>
internal static class PmmlSpeed
{
    private const int Rows = 65_536;
    private const int Rounds = 9;
    private const double RoundSeconds = 0.25;

    /// <summary>The models of the published comparison, with its best figure in rows per CPU second: JPMML interpreting, JPMML transpiled or cPMML; 0 where there is none.</summary>
    public static (string Case, string What, double Best, double BatchGoal)[] Models { get; } =
    [
        ("jpmml-r/RPartIris", "small decision tree (Iris)", 3.0e6, 20e6),
        ("jpmml-h2o/DecisionTreeIris", "three trees and a softmax (Iris)", 0, 0),
        ("jpmml-sklearn/DecisionTreeIris", "decision tree of logarithms and squares (Iris)", 0, 0),
        ("cpmml/AuditTree", "decision tree (Audit)", 3.9e6, 0),
        ("jpmml-transpiler/LogisticRegressionAudit", "logistic regression (Audit)", 1.6e6, 8e6),
        ("jpmml-transpiler/RandomForestAuto", "random forest (Auto)", 841e3, 3e6),
        ("legacy-rattle/RandomForestAudit", "random forest (Audit, old R export)", 276e3, 0),
        ("jpmml-h2o/XGBoostAudit", "XGBoost (Audit)", 301e3, 1.5e6),
        ("jpmml-transpiler/LightGBMAuditNA", "LightGBM (Audit)", 228e3, 1e6),
        ("cpmml/HousingGBTRegressor", "gradient boosting (Housing)", 200e3, 1e6),
    ];

    /// <param name="directory">Holds <c>manifest.tsv</c>.</param>
    public static int Run(string directory)
    {
        var suite = new PmmlSuiteFiles(directory);
        Console.WriteLine("| model | batch, typed columns (rows/s) | goal | one row, texts (rows/s) | best of the others | ratio | bytes/row, batch | bytes/row, texts |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, what, best, goal) in Models)
        {
            using var model = suite.OpenModel(name);
            using var table = suite.ReadRows(name, model.Signature);
            using var rows = table.Take([.. Enumerable.Range(0, Rows).Select(i => i % table.Rows)]);
            var (batch, batchBytes) = Measure(rows.Rows, () => model.Run(rows).Dispose());
            var texts = PmmlSuiteFiles.Texts(model, table);
            var scorer = model.CreateScorer();
            var (single, singleBytes) = Measure(texts.Length, () => ScoreSingly(scorer, texts));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {what} `{name}` | {batch:N0} | {(goal == 0 ? "" : $"{goal:N0}")} | {single:N0} | {(best == 0 ? "" : $"{best:N0}")} | {(best == 0 ? "" : $"{single / best:0.0}")} | {batchBytes:0.##} | {singleBytes:0.##} |"));
        }
        return 0;
    }

    public static double ScoreSingly(RowScorer scorer, string?[][] rows)
    {
        double sum = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } text) scorer.Set(i, text);
                else scorer.SetMissing(i);
            }
            scorer.Score();
            for (var o = 0; o < scorer.OutputCount; o++)
            {
                if (scorer.TryGetNumber(o, out var number)) sum += number;
            }
        }
        return sum;
    }

    private static (double RowsPerSecond, double BytesPerRow) Measure(int rows, Action work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 30; i++) work();
        long bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (calls, allocated, start) = (0, GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            TimeSpan used;
            do
            {
                work();
                calls++;
                used = Environment.CpuUsage.TotalTime - start;
            }
            while (used.TotalSeconds < RoundSeconds);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / calls;
            best = Math.Min(best, used.TotalSeconds / calls);
        }
        return (rows / best, (double)bytes / rows);
    }
}

using Slipway.Core;

namespace Slipway.Conformance.Pmml;

/// <summary>Runs one case: a model's answers to a table against the expected ones. Whatever goes wrong is the case's failure.</summary>
internal static class PmmlSuite
{
    public static CaseResult Run(SuiteCase suiteCase, ModelOpener open)
    {
        var rows = 0;
        RowComparison? comparison = null;
        string? reason = null;
        try
        {
            RequireFiles(suiteCase.Model, suiteCase.Input, suiteCase.Expected);
            var expected = TextTable.Read(suiteCase.Expected);
            using var model = open(suiteCase.Model);
            comparison = new RowComparison(suiteCase, expected, model.Outputs);
            foreach (var answer in model.Score(TextTable.Read(suiteCase.Input)))
            {
                var difference = rows < expected.Rows.Count ? comparison.Difference(rows, answer) : null;
                reason ??= difference;
                rows++;
            }
            if (rows != expected.Rows.Count) reason ??= $"{expected.Rows.Count} rows were expected, the model gave {rows}";
            else if (rows == 0) reason = "the expected table has no rows";
        }
        catch (Exception e)
        {
            reason = Describe(e);
        }
        var details = $"{rows}\t{CaseResult.Number(comparison?.MaxAbsolute ?? 0)}\t{CaseResult.Number(comparison?.MaxRelative ?? 0)}";
        return new CaseResult(suiteCase.Id, reason is null ? new Tally(1, 0, 0) : new Tally(0, 1, 0), details, reason ?? "");
    }

    internal static void RequireFiles(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (!File.Exists(path)) throw new ConformanceException($"the file {path} is absent");
        }
    }

    // An exception that is not one of the engine's own is a defect of the engine, which its type tells best.
    internal static string Describe(Exception e) => e is SlipwayException or ConformanceException ? e.Message : $"{e.GetType().Name}: {e.Message}";
}

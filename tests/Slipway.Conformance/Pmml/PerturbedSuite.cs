namespace Slipway.Conformance.Pmml;

/// <summary>
/// Runs one perturbed table, row by row. Where the reference engine refused the value of a field
/// (<c>#ERR ValueCheckException</c>), refusing is the right answer; its other errors are advisory, and those rows are skipped.
/// </summary>
internal static class PerturbedSuite
{
    private const string ErrorMark = "#ERR ";
    private const string InvalidValue = "#ERR ValueCheckException";

    public static CaseResult Run(PerturbedCase perturbed, ModelOpener open)
    {
        int passed = 0, failed = 0, advisory = 0, row = 0;
        string? reason = null;
        TextTable? expected = null;
        RowComparison? comparison = null;
        try
        {
            expected = ReadExpected(perturbed);
            var suiteCase = perturbed.Case ?? throw new ConformanceException($"{SuiteManifest.FileName} has no case of this id");
            PmmlSuite.RequireFiles(suiteCase.Model, perturbed.Input);
            using var model = open(suiteCase.Model);
            comparison = new RowComparison(suiteCase, expected, model.Outputs);
            foreach (var answer in model.Score(TextTable.Read(perturbed.Input)))
            {
                if (row == expected.Rows.Count) throw new ConformanceException($"{row} rows were expected, the model gave more");
                if (IsAdvisory(expected.Rows[row]))
                {
                    advisory++;
                }
                else if (Difference(row, expected.Rows[row], answer, comparison) is { } difference)
                {
                    failed++;
                    reason ??= difference;
                }
                else
                {
                    passed++;
                }
                row++;
            }
            if (row < expected.Rows.Count) reason ??= $"{expected.Rows.Count} rows were expected, the model gave {row}";
        }
        catch (Exception e)
        {
            reason ??= PmmlSuite.Describe(e);
            if (expected is null) failed = Math.Max(1, perturbed.Rows ?? 0);
            else if (row == expected.Rows.Count) failed++;
        }
        for (; row < expected?.Rows.Count; row++) _ = IsAdvisory(expected.Rows[row]) ? advisory++ : failed++;
        var details = $"{passed + failed + advisory}\t{passed}\t{failed}\t{advisory}\t{CaseResult.Number(comparison?.MaxRelative ?? 0)}";
        return new CaseResult(perturbed.Id, new Tally(passed, failed, advisory), details, reason ?? "");
    }

    private static TextTable ReadExpected(PerturbedCase perturbed)
    {
        PmmlSuite.RequireFiles(perturbed.Expected);
        var expected = TextTable.Read(perturbed.Expected);
        return perturbed.Rows is null || expected.Rows.Count == perturbed.Rows ? expected : throw new ConformanceException($"the expected table has {expected.Rows.Count} rows, the manifest promises {perturbed.Rows}");
    }

    private static string? Difference(int row, string?[] expected, Answer answer, RowComparison comparison) => expected.FirstOrDefault() switch
    {
        InvalidValue when answer.Error is null => $"row {row + 1}: expected the error of an invalid value, found an answer",
        InvalidValue => null,
        _ => comparison.Difference(row, answer),
    };

    private static bool IsAdvisory(string?[] expected) =>
        expected.FirstOrDefault() is { } first && first.StartsWith(ErrorMark, StringComparison.Ordinal) && first != InvalidValue;
}

using System.Globalization;

namespace Slipway.Conformance.Pmml;

/// <summary>What running one case gave.</summary>
/// <param name="Count">What the case adds to the totals: itself, or its rows.</param>
/// <param name="Details">The report's columns between status and reason.</param>
/// <param name="Reason">The first difference, or why the case could not run; empty when it passed.</param>
internal sealed record CaseResult(string Id, Tally Count, string Details, string Reason)
{
    public string Status => Count.Failed > 0 ? "failed" : Count.Passed > 0 ? "passed" : "skipped";

    /// <summary>The case's line in a report, of tab-separated cells: id, status, details, reason.</summary>
    public string ReportLine => $"{Id}\t{Status}\t{Details}\t{OneLine(Reason)}";

    public string FailureLine => $"FAILED {Id}: {OneLine(Reason)}";

    public static string Number(double value) => value.ToString("g3", CultureInfo.InvariantCulture);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}

/// <summary>How many passed, failed and were skipped.</summary>
internal readonly record struct Tally(int Passed, int Failed, int Skipped)
{
    public static Tally operator +(Tally a, Tally b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped");
}

using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

/// <summary>The peer suite of the corpus <c>pmml</c>, run as the conformance program runs it.</summary>
public class PmmlSuiteTests(ITestOutputHelper output)
{
    [Fact]
    public void The_open_suite_passes()
    {
        var total = Run(SuiteManifest.Read(Corpora.Find("pmml")), c => PmmlSuite.Run(c, PmmlEngine.Open));
        Assert.True(total.Passed >= 552, $"{total}; at least 552 cases must pass");
    }

    [Fact]
    public void Rows_with_missing_and_invalid_cells_pass()
    {
        var total = Run(SuiteManifest.ReadPerturbed(Corpora.Find("pmml")), c => PerturbedSuite.Run(c, PmmlEngine.Open));
        var judged = total.Passed + total.Failed;
        Assert.True(judged > 20_000, $"{total}; the suite is not whole");
        Assert.True(total.Passed >= 0.995 * judged, $"{total}; at least 99.5 % of the rows must pass");
    }

    private Tally Run<T>(IReadOnlyList<T> cases, Func<T, CaseResult> run)
    {
        var total = new Tally();
        foreach (var result in SuiteRun.Run(cases, Environment.ProcessorCount, run))
        {
            total += result.Count;
            if (result.Status == "failed") output.WriteLine(result.FailureLine);
        }
        return total;
    }
}

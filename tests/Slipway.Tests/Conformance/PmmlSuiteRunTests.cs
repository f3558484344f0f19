using Slipway.Conformance;
using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

public class PmmlSuiteRunTests
{
    [Fact]
    public void A_case_passes_when_every_compared_value_is_equivalent()
    {
        using var suite = new SuiteFolder();
        suite.WithManifest(suite.Case("a", "b,unused,a\n1,x,2\nN/A,x,2\n", "note,sum\nnot compared,3.0\n,N/A\n"));
        Assert.Equal("a\tpassed\t2\t0\t0\t", Single(suite).ReportLine);
    }

    [Fact]
    public void A_column_that_the_input_lacks_is_missing()
    {
        using var suite = new SuiteFolder();
        suite.WithManifest(suite.Case("a", "a\n1\n", "sum\nNA\n"));
        Assert.Equal("passed", Single(suite).Status);
    }

    [Theory]
    [InlineData("a,b\n1,1\n1,2\n1,3\n", "sum\n2\n4\n5\n", "row 2, column sum: expected 4, found 3")]
    [InlineData("a,b\n1,1\n", "sum\nN/A\n", "row 1, column sum: expected a missing value, found 2")]
    [InlineData("a,b\nNA,1\n", "sum\n1\n", "row 1, column sum: expected 1, found a missing value")]
    [InlineData("a,b\n1,x\n", "sum\n1\n", "row 1: expected a value, found the error: 'x' is no number")]
    [InlineData("a,b\n1,1\n1,2\n", "sum\n2\n", "1 rows were expected, the model gave 2")]
    [InlineData("a,b\n1,1\n", "sum\n2\n3\n", "2 rows were expected, the model gave 1")]
    [InlineData("a,b\n", "sum\n", "the expected table has no rows")]
    [InlineData("a,b\n1,1\n", "total\n2\n", "the expected table has no column 'sum'")]
    [InlineData("a,b\n1\n", "sum\n2\n", "a.input.csv: row 1 has 1 cells, 2 were expected")]
    public void A_case_fails_with_its_first_difference(string input, string expected, string reason)
    {
        using var suite = new SuiteFolder();
        suite.WithManifest(suite.Case("a", input, expected));
        var result = Single(suite);
        Assert.Equal("failed", result.Status);
        Assert.Equal(reason, result.Reason);
        Assert.Equal(new Tally(0, 1, 0), result.Count);
    }

    [Fact]
    public void The_report_has_the_greatest_distances_of_all_rows()
    {
        using var suite = new SuiteFolder();
        suite.WithManifest(suite.Case("a", "a,b\n1,1\n50,50\n1,3\n", "sum\n2\n96\n3\n"));
        Assert.Equal("a\tfailed\t3\t4\t0.25\trow 2, column sum: expected 96, found 100", Single(suite).ReportLine);
    }

    [Fact]
    public void A_compared_column_that_the_model_does_not_produce_must_be_missing()
    {
        using var suite = new SuiteFolder();
        var line = suite.Case("a", "a,b\n1,1\n1,1\n", "sum,extra\n2,N/A\n2,7\n").Replace("\tsum\t", "\tsum|extra\t", StringComparison.Ordinal);
        suite.WithManifest(line);
        Assert.Equal("row 2, column extra: expected 7, found no such output", Single(suite).Reason);
    }

    [Theory]
    [InlineData("a.model")]
    [InlineData("a.input.csv")]
    [InlineData("a.expected.csv")]
    public void A_case_whose_file_is_absent_fails(string name)
    {
        using var suite = new SuiteFolder();
        suite.WithManifest(suite.Case("a", "a,b\n1,1\n", "sum\n2\n"));
        File.Delete(Path.Combine(suite.Path, name));
        Assert.Equal($"the file {Path.Combine(suite.Path, name)} is absent", Single(suite).Reason);
    }

    [Fact]
    public void A_model_that_cannot_be_opened_fails_its_case_with_the_kind_of_the_error()
    {
        using var suite = new SuiteFolder();
        suite.WithManifest(suite.Case("a", "a,b\n1,1\n", "sum\n2\n")).With("a.model", "divider");
        Assert.Equal("InvalidDataException: it is no adder", Single(suite).Reason);
    }

    [Fact]
    public void Files_may_be_gzip()
    {
        using var suite = new SuiteFolder().With("m.gz", "adder").With("i.csv.gz", "a,b\n1,1\n").With("e.csv.gz", "sum\n2\n")
            .WithManifest("z\tm.gz\ti.csv.gz\te.csv.gz\tsum\tRealNumberEquivalence(0)");
        Assert.Equal("passed", Single(suite).Status);
    }

    [Fact]
    public void Results_come_in_the_order_of_the_suite_whatever_the_threads()
    {
        var cases = Enumerable.Range(0, 200).ToArray();
        using var last = new ManualResetEventSlim();
        var results = SuiteRun.Run(cases, 3, i =>
        {
            if (i == 0) last.Wait();
            if (i == 199) last.Set();
            return new CaseResult($"{i}", new Tally(1, 0, 0), "", "");
        });
        Assert.Equal(cases.Select(i => $"{i}"), results.Select(r => r.Id));
    }

    private static CaseResult Single(SuiteFolder suite) => PmmlSuite.Run(Assert.Single(SuiteManifest.Read(suite.Path)), Adder.Open);
}

using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

public class PerturbedSuiteRunTests
{
    [Fact]
    public void Rows_are_judged_one_by_one()
    {
        using var suite = Suite("a,b\n1,1\n1,N/A\n1,x\n1,x\n1,1\n1,1\n", "sum\n2\nN/A\n#ERR ValueCheckException\n#ERR MissingFieldException\n\"#ERR EvaluationException\"\n4\n", 6);
        var result = Single(suite);
        Assert.Equal(new Tally(3, 1, 2), result.Count);
        Assert.Equal("a\tfailed\t6\t3\t1\t2\t0.5\trow 6, column sum: expected 4, found 2", result.ReportLine);
    }

    [Fact]
    public void An_answer_to_an_invalid_value_is_wrong()
    {
        using var suite = Suite("a,b\n1,1\n", "sum\n#ERR ValueCheckException\n", 1);
        Assert.Equal("row 1: expected the error of an invalid value, found an answer", Single(suite).Reason);
    }

    [Fact]
    public void An_error_where_there_is_an_answer_is_wrong()
    {
        using var suite = Suite("a,b\n1,x\n", "sum\n2\n", 1);
        Assert.Equal("row 1: expected a value, found the error: 'x' is no number", Single(suite).Reason);
    }

    [Fact]
    public void A_case_of_advisory_rows_alone_is_skipped()
    {
        using var suite = Suite("a,b\n1,1\n", "sum\n#ERR MissingFieldException\n", 1);
        Assert.Equal("a\tskipped\t1\t0\t0\t1\t0\t", Single(suite).ReportLine);
    }

    [Fact]
    public void Rows_that_the_model_does_not_reach_fail_unless_they_are_advisory()
    {
        using var suite = Suite("a,b\n1,1\n", "sum\n2\n3\n#ERR MissingFieldException\n", 3);
        var result = Single(suite);
        Assert.Equal(new Tally(1, 1, 1), result.Count);
        Assert.Equal("3 rows were expected, the model gave 1", result.Reason);
    }

    [Fact]
    public void A_model_that_cannot_be_opened_fails_every_row_that_is_not_advisory()
    {
        using var suite = Suite("a,b\n1,1\n1,x\n", "sum\n2\n#ERR MissingFieldException\n", 2).With("a.model", "divider");
        var result = Single(suite);
        Assert.Equal(new Tally(0, 1, 1), result.Count);
        Assert.Equal("InvalidDataException: it is no adder", result.Reason);
    }

    [Theory]
    [InlineData("sum\n2\n", 2, 2)]
    [InlineData("sum\n2\n3\n", 1, 1)]
    public void A_table_with_other_rows_than_promised_fails_the_promised_rows(string expected, int rows, int failed)
    {
        using var suite = Suite("a,b\n1,1\n", expected, rows);
        Assert.Equal(new Tally(0, failed, 0), Single(suite).Count);
    }

    [Fact]
    public void Rows_of_a_case_that_the_suite_does_not_have_fail()
    {
        using var suite = Suite("a,b\n1,1\n1,1\n", "sum\n2\n2\n", 2).WithManifest(SuiteFolder.Line("other"));
        var result = Single(suite);
        Assert.Equal(new Tally(0, 2, 0), result.Count);
        Assert.Equal("a\tfailed\t2\t0\t2\t0\t0\tmanifest.tsv has no case of this id", result.ReportLine);
    }

    [Fact]
    public void Rows_that_no_manifest_promises_are_judged_too()
    {
        using var suite = Suite("a,b\n1,1\n1,1\n", "sum\n2\n3\n", 2);
        File.Delete(Path.Combine(suite.Path, "perturbed", "manifest.tsv"));
        Assert.Equal(new Tally(1, 1, 0), Single(suite).Count);
    }

    [Fact]
    public void More_answers_than_rows_fail_the_case()
    {
        using var suite = Suite("a,b\n1,1\n1,2\n", "sum\n2\n", 1);
        var result = Single(suite);
        Assert.Equal(new Tally(1, 1, 0), result.Count);
        Assert.Equal("1 rows were expected, the model gave more", result.Reason);
    }

    [Theory]
    [InlineData("a.input.csv")]
    [InlineData("a.jpmml.csv")]
    public void A_table_that_is_absent_fails_the_promised_rows(string name)
    {
        using var suite = Suite("a,b\n1,1\n1,1\n", "sum\n2\n2\n", 2);
        File.Delete(Path.Combine(suite.Path, "perturbed", name));
        var result = Single(suite);
        Assert.Equal(new Tally(0, 2, 0), result.Count);
        Assert.EndsWith($"{name} is absent", result.Reason, StringComparison.Ordinal);
    }

    private static SuiteFolder Suite(string input, string expected, int rows) =>
        new SuiteFolder().WithManifest(SuiteFolder.Line("a")).With("a.model", "adder").With("perturbed/manifest.tsv", $"id\trows\na\t{rows}\n")
            .With("perturbed/a.input.csv", input).With("perturbed/a.jpmml.csv", expected);

    private static CaseResult Single(SuiteFolder suite) => PerturbedSuite.Run(Assert.Single(SuiteManifest.ReadPerturbed(suite.Path)), Adder.Open);
}

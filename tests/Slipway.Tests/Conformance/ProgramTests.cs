namespace Slipway.Tests.Conformance;

public class ProgramTests
{
    [Theory]
    [InlineData("SUITE is missing")]
    [InlineData("there is no suite 'onnx'", "onnx", "DIR")]
    [InlineData("DIR is missing", "pmml")]
    [InlineData("one DIR was expected, found 'A' and 'B'", "pmml", "A", "B")]
    [InlineData("unknown option '--reprot'", "pmml", "A", "--reprot", "x")]
    [InlineData("--report needs a value", "pmml", "A", "--report")]
    [InlineData("--threads is '0', a number from 1 to 1024 was expected", "pmml", "A", "--threads", "0")]
    [InlineData("--threads is 'x', a number from 1 to 1024 was expected", "pmml-perturbed", "A", "--threads", "x")]
    [InlineData("holds no suite", "pmml", "/nonexistent")]
    public void A_wrong_call_gives_2_and_says_what_is_wrong(string message, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("pmml", "--help")]
    public void Help_names_every_suite_and_option(params string[] arguments)
    {
        var (code, output, _) = Run(arguments);
        Assert.Equal(0, code);
        Assert.All((string[])["pmml ", "pmml-perturbed ", "--report", "--only", "--threads"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_names_the_failed_cases_and_ends_with_the_totals()
    {
        using var suite = Suite();
        var report = Path.Combine(suite.Path, "report.tsv");
        var (code, output, _) = Run("pmml", suite.Path, "--report", report, "--threads", "2");
        Assert.Equal(1, code);
        Assert.Equal(["FAILED x/wrong: row 1, column sum: expected 3, found 2", $"FAILED x/absent: the file {Path.Combine(suite.Path, "x", "absent.model")} is absent", "2 passed, 2 failed, 0 skipped"], Lines(output));
        Assert.Equal(["x/right", "x/wrong", "x/absent", "y/right"], File.ReadLines(report).Select(line => line.Split('\t')[0]));
        Assert.All(File.ReadLines(report), line => Assert.Equal(6, line.Split('\t').Length));
    }

    [Theory]
    [InlineData("right", 0, "2 passed, 0 failed, 0 skipped")]
    [InlineData("x/*t", 1, "1 passed, 1 failed, 0 skipped")]
    [InlineData("y", 0, "1 passed, 0 failed, 0 skipped")]
    public void Only_runs_the_cases_whose_id_contains_the_pattern(string pattern, int code, string totals)
    {
        using var suite = Suite();
        var result = Run("pmml", suite.Path, "--only", pattern);
        Assert.Equal((code, totals), (result.Code, Lines(result.Output)[^1]));
    }

    [Fact]
    public void A_pattern_that_fits_no_case_is_a_wrong_call()
    {
        using var suite = Suite();
        Assert.Equal(2, Run("pmml", suite.Path, "--only", "z").Code);
    }

    [Fact]
    public void A_perturbed_run_counts_rows()
    {
        using var suite = Suite().With("perturbed/manifest.tsv", "id\trows\nx/right\t3\n")
            .With("perturbed/x/right.input.csv", "a,b\n1,1\n1,x\n1,x\n").With("perturbed/x/right.jpmml.csv", "sum\n2\n#ERR ValueCheckException\n#ERR EvaluationException\n");
        var (code, output, _) = Run("pmml-perturbed", suite.Path);
        Assert.Equal((0, "2 passed, 0 failed, 1 skipped"), (code, output.TrimEnd()));
    }

    private static SuiteFolder Suite()
    {
        var suite = new SuiteFolder();
        return suite.WithManifest(
            suite.Case("x/right", "a,b\n1,1\n", "sum\n2\n"), suite.Case("x/wrong", "a,b\n1,1\n", "sum\n3\n"), SuiteFolder.Line("x/absent"), suite.Case("y/right", "a,b\n1,1\n", "sum\n2\n"));
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        return (Slipway.Conformance.Program.Run(arguments, output, error, Adder.Open), output.ToString(), error.ToString());
    }
}

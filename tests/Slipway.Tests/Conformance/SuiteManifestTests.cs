using Slipway.Conformance;
using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

public class SuiteManifestTests
{
    [Fact]
    public void Read_gives_the_cases_in_order_with_paths_inside_the_folder()
    {
        using var suite = new SuiteFolder().WithManifest("r/b\tr/b.pmml.gz\tr/in.csv\tr/out.csv\ty|p(0)\tFloatEquivalence(4)", "r/a\tr/a.pmml\tr/in.csv\tr/out.csv\ty\tRealNumberEquivalence(1)");
        var cases = SuiteManifest.Read(suite.Path);
        Assert.Equal(["r/b", "r/a"], cases.Select(c => c.Id));
        Assert.Equal(["y", "p(0)"], cases[0].Columns);
        Assert.Equal(Path.Combine(suite.Path, "r", "b.pmml.gz"), cases[0].Model);
        Assert.Equal(new UlpEquivalence(4, AsFloat: true), cases[0].Equivalence);
        Assert.Equal(new UlpEquivalence(1, AsFloat: false), cases[1].Equivalence);
    }

    [Theory]
    [InlineData("a\ta.pmml\ti.csv\te.csv\ty", "line 2: 5 cells, 6 were expected")]
    [InlineData("\ta.pmml\ti.csv\te.csv\ty\tFloatEquivalence(4)", "line 2: the id is empty")]
    [InlineData("a\t../a.pmml\ti.csv\te.csv\ty\tFloatEquivalence(4)", "line 2: '../a.pmml' is no path inside the suite")]
    [InlineData("a\ta.pmml\t/etc/passwd\te.csv\ty\tFloatEquivalence(4)", "line 2: '/etc/passwd' is no path inside the suite")]
    [InlineData("a\ta.pmml\ti.csv\t\ty\tFloatEquivalence(4)", "line 2: '' is no path inside the suite")]
    [InlineData("a\ta.pmml\ti.csv\te.csv\ty||z\tFloatEquivalence(4)", "line 2: compare_columns has an empty name")]
    [InlineData("a\ta.pmml\ti.csv\te.csv\ty\tNear(4)", "line 2: 'Near(4)' is no equivalence")]
    public void Read_names_the_line_and_what_is_wrong(string line, string message)
    {
        using var suite = new SuiteFolder().WithManifest(line);
        Assert.Contains(message, Assert.Throws<ConformanceException>(() => SuiteManifest.Read(suite.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_refuses_an_id_that_is_there_twice()
    {
        using var suite = new SuiteFolder().WithManifest(SuiteFolder.Line("a"), SuiteFolder.Line("b"), SuiteFolder.Line("a"));
        Assert.Contains("line 4: the id 'a' is there twice", Assert.Throws<ConformanceException>(() => SuiteManifest.Read(suite.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_names_a_column_that_the_header_lacks()
    {
        using var suite = new SuiteFolder().With("manifest.tsv", "id\tpmml\na\ta.pmml\n");
        Assert.Contains("no column 'compare_columns'", Assert.Throws<ConformanceException>(() => SuiteManifest.Read(suite.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_says_when_the_folder_holds_no_suite()
    {
        using var suite = new SuiteFolder();
        Assert.Contains("holds no suite", Assert.Throws<ConformanceException>(() => SuiteManifest.Read(suite.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Perturbed_tables_take_their_case_from_the_suite()
    {
        using var suite = new SuiteFolder().WithManifest(SuiteFolder.Line("r/a"), SuiteFolder.Line("r/b")).With("perturbed/manifest.tsv", "id\trows\nr/b\t60\n");
        var perturbed = Assert.Single(SuiteManifest.ReadPerturbed(suite.Path));
        Assert.Equal("r/b", perturbed.Case?.Id);
        Assert.Equal(60, perturbed.Rows);
        Assert.Equal(Path.Combine(suite.Path, "perturbed", "r", "b.input.csv"), perturbed.Input);
        Assert.Equal(Path.Combine(suite.Path, "perturbed", "r", "b.jpmml.csv"), perturbed.Expected);
    }

    [Fact]
    public void Perturbed_tables_without_a_manifest_are_those_that_are_there()
    {
        using var suite = new SuiteFolder().WithManifest(SuiteFolder.Line("a"), SuiteFolder.Line("b"), SuiteFolder.Line("c")).With("perturbed/c.jpmml.csv", "x\n").With("perturbed/a.input.csv", "x\n");
        Assert.Equal([("a", null), ("c", null)], SuiteManifest.ReadPerturbed(suite.Path).Select(c => (c.Id, c.Rows)));
    }

    [Fact]
    public void A_suite_without_perturbed_tables_is_refused()
    {
        using var suite = new SuiteFolder().WithManifest(SuiteFolder.Line("a"));
        Assert.Contains("no perturbed rows", Assert.Throws<ConformanceException>(() => SuiteManifest.ReadPerturbed(suite.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Perturbed_tables_are_refused_when_their_rows_are_no_number()
    {
        using var suite = new SuiteFolder().WithManifest(SuiteFolder.Line("a")).With("perturbed/manifest.tsv", "id\trows\na\tmany\n");
        Assert.Contains("rows is 'many'", Assert.Throws<ConformanceException>(() => SuiteManifest.ReadPerturbed(suite.Path)).Message, StringComparison.Ordinal);
    }
}

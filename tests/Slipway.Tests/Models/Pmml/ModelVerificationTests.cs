using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Packages;
using Slipway.Models.Parity;

namespace Slipway.Tests.Models.Pmml;

/// <summary>The rows that a model file carries (PMML 4.4.1, ModelVerification) are replayed like those of its package.</summary>
public sealed class ModelVerificationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-verification-");

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    [Fact]
    public void Rows_with_the_models_own_answers_pass()
    {
        var report = Verify("<x>1</x><color>red</color><y>15</y>", "<x>2</x><color>green</color><y>8</y>", "<color>green</color>");
        Assert.Equal((true, 3), (report.Passed, report.Rows));
    }

    [Fact]
    public void Row_with_another_answer_fails_by_its_number_and_values()
    {
        var report = Verify("<x>1</x><color>red</color><y>15</y>", "<x>2</x><color>green</color><y>8.5</y>");
        Assert.False(report.Passed);
        Assert.Equal(0.5, report.MaxAbsolute);
        Assert.StartsWith("the rows in the model file: output 'y' row 1: expected 8.5, found 8", report.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "15.00001", true)]
    [InlineData("", "15.0001", false)]
    [InlineData("precision='0.01'", "15.1", true)]
    [InlineData("precision='0.01'", "15.2", false)]
    [InlineData("precision='0' zeroThreshold='0'", "15.000000000000002", false)]
    [InlineData("precision='0' zeroThreshold='0'", "15", true)]
    public void Tolerance_is_the_fields(string attributes, string expected, bool passes) =>
        Assert.Equal(passes, VerifyWith(attributes, null, $"<x>1</x><color>red</color><y>{expected}</y>").Passed);

    [Theory]
    [InlineData("0.0009", true)]
    [InlineData("-0.0009", true)]
    [InlineData("0.01", false)]
    public void Numbers_within_the_zero_threshold_are_equal(string expected, bool passes) =>
        Assert.Equal(passes, VerifyWith("precision='0' zeroThreshold='0.001'", null, $"<x>-0.6666666666666666</x><color>green</color><y>{expected}</y>").Passed);

    [Theory]
    [InlineData("a", "0.7500001", true)]
    [InlineData("b", "0.75", false)]
    [InlineData("a", "0.751", false)]
    public void Category_and_probability_are_compared_each_in_its_own_way(string category, string probability, bool passes)
    {
        File.WriteAllText(PathOf("model.pmml"), PmmlTest.Document("x *y=a,b", $"""
            <RegressionModel functionName='classification'><MiningSchema/><Output><OutputField name='p' feature='probability' value='a'/></Output>
            <ModelVerification><VerificationFields><VerificationField field='x'/><VerificationField field='y'/><VerificationField field='p' precision='0.00001'/></VerificationFields>
            <InlineTable><row><x>0.75</x><y>{category}</y><p>{probability}</p></row></InlineTable></ModelVerification>
            <RegressionTable targetCategory='a' intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable><RegressionTable targetCategory='b' intercept='0'/></RegressionModel>
            """));
        var package = ModelPackage.Open(PathOf("model.pmml"), new RuntimeCatalog(new PmmlRuntime()));
        using var model = package.Load();
        Assert.Equal(passes, package.Verify(model).Passed);
    }

    [Fact]
    public void Tolerance_of_the_call_replaces_the_fields() =>
        Assert.False(VerifyWith("precision='0.01'", Tolerance.Exact, "<x>1</x><color>red</color><y>15.1</y>").Passed);

    /// <summary>For a residual the rows may bring the target, too.</summary>
    [Fact]
    public void Target_is_compared_where_rows_may_bring_it()
    {
        File.WriteAllText(PathOf("model.pmml"), PmmlTest.Document("x *y", """
            <RegressionModel functionName='regression'><MiningSchema/><Output><OutputField name='r' feature='residual'/></Output>
            <ModelVerification><VerificationFields><VerificationField field='x'/><VerificationField field='y'/></VerificationFields>
            <InlineTable><row><x>2</x><y>5</y></row></InlineTable></ModelVerification>
            <RegressionTable intercept='0'><NumericPredictor name='x' coefficient='2'/></RegressionTable></RegressionModel>
            """));
        var package = ModelPackage.Open(PathOf("model.pmml"), new RuntimeCatalog(new PmmlRuntime()));
        using var model = package.Load();
        Assert.Contains("expected 5, found 4", package.Verify(model).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_that_should_be_missing_fails() =>
        Assert.Contains("row 0: expected missing, found 15", Verify("<x>1</x><color>red</color>").Reason, StringComparison.Ordinal);

    [Fact]
    public void Rows_that_the_model_refuses_fail() =>
        Assert.StartsWith("the rows in the model file: the model refuses the recorded inputs: row 0: field 'color': 'violet'", Verify("<x>1</x><color>violet</color><y>15</y>").Reason, StringComparison.Ordinal);

    [Fact]
    public void Model_without_verification_has_nothing_to_replay()
    {
        File.WriteAllText(PathOf("model.pmml"), PmmlTest.Document("x color=red,green *y", Model("")));
        var package = ModelPackage.Open(PathOf("model.pmml"), new RuntimeCatalog(new PmmlRuntime()));
        using var model = package.Load();
        Assert.Equal(ParityReport.Nothing, package.Verify(model));
    }

    [Fact]
    public void Rows_are_replayed_under_a_refined_signature_too()
    {
        File.WriteAllText(PathOf("model.pmml"), Document("", "<x>1</x><color>red</color><y>99</y>"));
        File.WriteAllText(PathOf("model.yaml"), "signature: { inputs: [ { name: color, allowed: [red] } ] }");
        var package = ModelPackage.Open(_folder.FullName, new RuntimeCatalog(new PmmlRuntime()));
        using var model = package.Load();
        Assert.False(package.Verify(model).Passed);
    }

    [Fact]
    public void Number_of_recorded_rows_is_a_fact_of_the_model()
    {
        File.WriteAllText(PathOf("model.pmml"), Document("", "<x>1</x><y>5</y>", "<x>2</x><y>8</y>"));
        Assert.Contains(new("recorded rows", "2"), new PmmlRuntime().Describe(PathOf("model.pmml")).Facts);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ParityReport Verify(params string[] rows) => VerifyWith("", null, rows);

    private ParityReport VerifyWith(string attributes, Tolerance? tolerance, params string[] rows)
    {
        File.WriteAllText(PathOf("model.pmml"), Document(attributes, rows));
        var package = ModelPackage.Open(PathOf("model.pmml"), new RuntimeCatalog(new PmmlRuntime()));
        using var model = package.Load();
        return package.Verify(model, tolerance);
    }

    private static string Document(string attributes, params string[] rows) => PmmlTest.Document("x color=red,green *y", Model($"""
        <ModelVerification recordCount='{rows.Length}'><VerificationFields><VerificationField field='x' column='data:x'/><VerificationField field='color'/><VerificationField field='y' {attributes}/></VerificationFields>
        <InlineTable xmlns:data='http://example.com/data'>{string.Concat(rows.Select(r => $"<row>{r}</row>"))}</InlineTable></ModelVerification>
        """));

    private static string Model(string content) => $"""
        <RegressionModel functionName='regression'><MiningSchema/>{content}
        <RegressionTable intercept='2'><NumericPredictor name='x' coefficient='3'/><CategoricalPredictor name='color' value='red' coefficient='10'/></RegressionTable></RegressionModel>
        """;
}

using Slipway.Conformance.Pmml;
using Slipway.Tests.Models.XGBoost;
using Xunit;

namespace Slipway.Tests.Conformance;

/// <summary>The suite of tree models, over folders that are made here of golden models.</summary>
public sealed class TreesSuiteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-trees-suite-");

    [Fact]
    public void What_the_library_predicted_passes_and_a_wrong_expectation_fails_with_its_place()
    {
        Case("right", "binary-logistic", File.ReadAllLines(GoldenFiles.PathOf("binary-logistic.expected.csv")), "probabilities", "1e-6");
        Case("wrong", "binary-logistic", [.. File.ReadAllLines(GoldenFiles.PathOf("binary-logistic.expected.csv")).Select((line, i) => i == 2 ? "0.5" : line)], "probabilities", "1e-6");
        Case("margin", "binary-logistic", File.ReadAllLines(GoldenFiles.PathOf("binary-logistic.margin.csv")), "raw margin", "FloatEquivalence 0..0 ULP");
        Case("leaf", "binary-logistic", [.. File.ReadAllLines(GoldenFiles.PathOf("binary-logistic.leaf.csv")).Select(l => l.Replace(',', ' '))], "leaf indices per tree", "exact");
        WriteManifest("right", "wrong", "margin", "leaf", "absent");

        var (code, output) = Run();

        Assert.Equal(1, code);
        Assert.Contains("FAILED wrong: binary-logistic.json: expected.txt, row 3, value 1: expected 0.5, found", output, StringComparison.Ordinal);
        Assert.Contains("FAILED absent: the folder", output, StringComparison.Ordinal);
        Assert.EndsWith("3 passed, 2 failed, 0 skipped", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_that_expects_nothing_is_skipped_and_says_whether_its_model_opens()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "suite", "bare")).FullName;
        File.Copy(GoldenFiles.PathOf("stump.json"), Path.Combine(folder, "stump.json"));
        WriteManifest("bare");
        var report = Path.Combine(_folder.FullName, "report.tsv");

        var (code, output) = Run("--report", report);

        Assert.Equal(0, code);
        Assert.EndsWith("0 passed, 0 failed, 1 skipped", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("bare\tskipped\t0\t0\t0\tno expectation (none); stump.json opens", File.ReadAllText(report).TrimEnd());
    }

    [Fact]
    public void Paths_out_of_the_suite_are_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "suite"));
        File.WriteAllText(Path.Combine(_folder.FullName, "suite", "manifest.tsv"), "id\tlocal\texpected\nx\topen/../../etc\tnone\n");

        var (code, output) = Run();

        Assert.Equal(2, code);
        Assert.Contains("is no path inside the suite", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FloatEquivalence 4..67 ULP of float32 (see jpmml-xgboost tests)", false, "1", "1.0000079", true)]
    [InlineData("FloatEquivalence 4..67 ULP of float32 (see jpmml-xgboost tests)", false, "1", "1.0000085", false)]
    [InlineData("RealNumberEquivalence(2) ULP of double", false, "1", "1.0000000000000004", true)]
    [InlineData("RealNumberEquivalence(2) ULP of double", false, "1", "1.0000000000000007", false)]
    [InlineData("1e-13 abs/rel (xgboost 1e-6..6e-6)", false, "1", "1.000001", false)]
    [InlineData("1e-13 abs/rel (xgboost 1e-6..6e-6)", true, "1", "1.000005", true)]
    [InlineData("1e-6 (leaves uses float64)", false, "1", "1.00001", false)]
    [InlineData("treelite: atol/rtol 1e-5..1e-6", false, "1", "1.000009", true)]
    public void Owners_tolerances_are_read_from_their_words(string words, bool containsXGBoost, string expected, string actual, bool holds) =>
        Assert.Equal(holds, Slipway.Conformance.Trees.OwnerTolerance.Parse(words, containsXGBoost).Compare(expected, double.Parse(actual, System.Globalization.CultureInfo.InvariantCulture)).Holds);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Case(string id, string model, string[] expected, string what, string tolerance)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "suite", id)).FullName;
        File.Copy(GoldenFiles.PathOf(model + ".json"), Path.Combine(folder, model + ".json"));
        File.Copy(GoldenFiles.PathOf(model + ".input.csv"), Path.Combine(folder, "input.csv"));
        File.WriteAllLines(Path.Combine(folder, "expected.txt"), expected);
        File.WriteAllText(Path.Combine(folder, "case.json"), $$"""
            {"family":"xgboost","model":["{{model}}.json"],"input":"input.csv","input_encoding":"CSV with header","expected":[{"file":"expected.txt","what":"{{what}}"}],"owner_tolerance":"{{tolerance}}"}
            """);
    }

    /// <summary>The manifest was written when the folder had another name.</summary>
    private void WriteManifest(params string[] ids) =>
        File.WriteAllText(Path.Combine(_folder.FullName, "suite", "manifest.tsv"), "id\tlocal\texpected\n" + string.Concat(ids.Select(id => $"{id}\topen/{id}\tnone\n")));

    private (int Code, string Output) Run(params string[] options)
    {
        using var output = new StringWriter();
        var code = Slipway.Conformance.Program.Run(["trees", Path.Combine(_folder.FullName, "suite"), .. options], output, output, PmmlEngine.Open);
        return (code, output.ToString());
    }
}

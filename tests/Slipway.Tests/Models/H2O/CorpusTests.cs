using System.Text.Json;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>Models of other projects with predictions of H2O itself (corpus <c>trees</c>).</summary>
public class CorpusTests(ITestOutputHelper output)
{
    public static TheoryData<string> JpmmlCases =>
    [
        "AutoMLAudit", "AutoMLAuto", "DecisionTreeAudit", "DecisionTreeAuditNA", "DecisionTreeAuto", "DecisionTreeAutoNA", "DecisionTreeIris", "ExtendedIsolationForestHousing",
        "GBMAudit", "GBMAuto", "GBMAutoNA", "GBMGammaVisitNA", "GBMIris", "GBMPoissonVisit", "GLMAudit", "GLMAuditNA", "GLMAuto", "GLMAutoNA", "GLMOrdinalAuto",
        "RandomForestAudit", "RandomForestAutoNA", "RandomForestBitSet", "StackedEnsembleAuditNA", "StackedEnsembleAutoNA", "StackedEnsembleIris", "XGBoostAuditNA", "XGBoostIris",
    ];

    [Theory]
    [MemberData(nameof(JpmmlCases))]
    public void Jpmml_h2o_models_predict_what_H2O_predicts(string name)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-h2o", name);
        var table = CorpusTable.Read(Directory.GetFiles(folder, "*.csv").Single());
        var expected = CorpusTable.Read(Path.Combine(folder, "expected", name + ".csv"));
        using var model = MojoFiles.Open(MojoFiles.Corpus("jpmml-h2o/" + name));
        using var outputs = MojoFiles.Run(model, table);
        var predictions = outputs[^1];
        var columns = PredictionColumns(expected.Header);
        Assert.Equal(columns.Count, predictions.Stride);
        var tolerance = name.StartsWith("XGBoost", StringComparison.Ordinal) ? 1e-6 : 1e-13;
        var worst = 0.0;
        for (var row = 0; row < table.Rows.Count; row++)
        {
            for (var c = 0; c < columns.Count; c++)
            {
                var wanted = MojoFiles.Number(expected.Rows[row][columns[c]]);
                worst = Math.Max(worst, Math.Abs(wanted - At(predictions, (row * columns.Count) + c)) / Math.Max(1, Math.Abs(wanted)));
            }
        }
        output.WriteLine($"{table.Rows.Count} rows of {columns.Count}, worst {worst}");
        Assert.InRange(worst, 0, tolerance);
        if (outputs.Count == 2) AssertLabels(expected, outputs[0]);
    }

    [Fact]
    public void Calibrated_model_predicts_the_values_of_H2Os_test()
    {
        using var @case = Case("algos_gbm_calibrated");
        var row = @case.RootElement.GetProperty("row");
        var expected = @case.RootElement.GetProperty("expected");
        using var outputs = Run("algos_gbm_calibrated", row);
        Assert.Equal("1", outputs["label"].GetText(0));
        double[] wanted = [.. Doubles(expected.GetProperty("p")), .. Doubles(expected.GetProperty("calibrated"))];
        Assert.Equal(wanted, outputs["probability"].Values<double>().ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5);
    }

    [Theory]
    [InlineData("binomial")]
    [InlineData("multinomial")]
    public void Stacked_ensembles_predict_the_values_of_H2Os_test(string name)
    {
        using var @case = Case(name);
        var expected = @case.RootElement.GetProperty("expected");
        using var outputs = Run(name, @case.RootElement.GetProperty("row"));
        Assert.Equal(expected.GetProperty("label").GetString(), outputs["label"].GetText(0));
        Assert.Equal(Doubles(expected.GetProperty("p")), outputs["probability"].Values<double>().ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5);
    }

    [Fact]
    public void Linear_model_predicts_the_values_of_H2Os_test()
    {
        using var @case = Case("algos_glm_prostate");
        double?[][] rows = [.. @case.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble()).ToArray())];
        double[][] expected = [.. @case.RootElement.GetProperty("expected").EnumerateArray().Select(Doubles)];
        // The rows of the case hold levels by their places.
        using var model = MojoFiles.Open(MojoFiles.Corpus("h2o-3/algos_glm_prostate"));
        string[] races = ["R1", "R2", "R3"];
        var table = new CorpusTable(["RACE", "AGE", "DPROS", "DCAPS", "PSA", "VOL", "GLEASON"],
            [.. rows.Select(r => r.Select((v, c) => v is not { } value ? "" : c == 0 ? races[(int)value] : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)).ToArray())]);
        using var outputs = MojoFiles.Run(model, table);
        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(expected[row][0].ToString("F0", System.Globalization.CultureInfo.InvariantCulture), outputs["label"].GetText(row));
            Assert.Equal(expected[row][1], outputs["probability"].Values<double>()[2 * row], 1e-7);
            Assert.Equal(expected[row][2], outputs["probability"].Values<double>()[(2 * row) + 1], 1e-7);
        }
    }

    [Fact]
    public void Support_vector_machine_labels_as_in_H2Os_test()
    {
        using var model = MojoFiles.Open(MojoFiles.Corpus("h2o-3/algos_svm"));
        var domains = new[] { "d000", "d001", "d002" }.Select(d => File.ReadAllLines(Path.Combine(Corpora.Find("trees"), "h2o-3", "algos_svm", "domains", d + ".txt"))).ToArray();
        var labels = File.ReadAllLines(Path.Combine(Corpora.Find("trees"), "h2o-3", "algos_svm", "domains", "d003.txt"));
        var table = new CorpusTable(["Month", "DayofMonth", "DayOfWeek", "UniqueCarrier", "Origin", "Dest"],
            [["0", "0", "0", domains[0][0], domains[1][0], domains[2][0]], ["1", "1", "1", domains[0][1], domains[1][1], domains[2][1]]]);
        using var outputs = MojoFiles.Run(model, table);
        Assert.Equal(labels[1], outputs["label"].GetText(0));
        Assert.Equal(labels[0], outputs["label"].GetText(1));
    }

    [Fact]
    public void Word_embeddings_are_those_of_H2Os_test()
    {
        using var model = MojoFiles.Open(MojoFiles.Corpus("h2o-3/algos_word2vec"));
        using var outputs = MojoFiles.Run(model, new CorpusTable(["word"], [["a"], ["b"], ["c"], [""]]));
        double[] expected = [0, 1, 0.2f, 1, 0, 0.8f, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN];
        Assert.Equal(expected, outputs["prediction"].Values<double>().ToArray());
    }

    [Theory]
    [InlineData("CoxPH_bc_all_3_42", true)]
    [InlineData("CoxPH_bc_catOnly_3_32", true)]
    [InlineData("CoxPH_bc_catOnly_3_42", true)]
    [InlineData("XGBoostWithOffset", true)]
    [InlineData("XGBoostWithoutOffset", true)]
    [InlineData("algos_glm", false)]
    [InlineData("algos_glrm", false)]
    [InlineData("algos_isofor", true)]
    [InlineData("gbm_variable_importance", true)]
    [InlineData("glm_model", true)]
    [InlineData("kmeans_model", true)]
    [InlineData("mojo", true)]
    [InlineData("mojo_modified_version", false)]
    [InlineData("xgboost", true)]
    public void Archives_of_H2Os_tests_load_or_say_what_is_not_supported(string name, bool runs)
    {
        var definition = MojoFiles.Read(MojoFiles.Corpus("h2o-3/" + name));
        foreach (var fact in definition.Facts) output.WriteLine($"{fact.Key}: {fact.Value}");
        foreach (var reason in definition.Unsupported) output.WriteLine($"unsupported: {reason}");
        Assert.Contains(definition.Facts, f => f.Key == "library" && f.Value.StartsWith("h2o 3.", StringComparison.Ordinal));
        Assert.Equal(runs, definition.Unsupported.IsEmpty);
        if (!runs) return;
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        var columns = model.Signature.InputColumns.ToList();
        using var outputs = MojoFiles.Run(model, new CorpusTable(columns, [[.. columns.Select(_ => "1")], [.. columns.Select(_ => "")]]));
        Assert.Equal(2, outputs[^1].Rows);
    }

    private static Batch Run(string name, JsonElement row)
    {
        using var model = MojoFiles.Open(MojoFiles.Corpus("h2o-3/" + name));
        List<string> header = [.. row.EnumerateObject().Select(p => p.Name)];
        return MojoFiles.Run(model, new CorpusTable(header, [[.. row.EnumerateObject().Select(p => p.Value.ToString())]]));
    }

    private static JsonDocument Case(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Find("trees"), "h2o-3", name, "case.json")));

    private static double[] Doubles(JsonElement values) => [.. values.EnumerateArray().Select(v => v.GetDouble())];

    private static double At(Tensor tensor, int index) => tensor.Type == ElementType.Float32 ? tensor.Values<float>()[index] : tensor.Values<double>()[index];

    private static List<int> PredictionColumns(List<string> header)
    {
        var probabilities = Enumerable.Range(0, header.Count).Where(i => header[i].StartsWith("probability(", StringComparison.Ordinal)).ToList();
        return probabilities.Count > 0 ? probabilities : [.. Enumerable.Range(0, header.Count)];
    }

    /// <summary>H2O's label, by the threshold of the greatest F1 where there are two classes, is in a column of its own.</summary>
    private static void AssertLabels(CorpusTable expected, Tensor labels)
    {
        var column = Math.Max(0, expected.Header.FindIndex(h => h.StartsWith("defaultCalibration(", StringComparison.Ordinal)));
        for (var row = 0; row < expected.Rows.Count; row++) Assert.Equal(expected.Rows[row][column], labels.GetText(row));
    }
}

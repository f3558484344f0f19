using System.Globalization;
using System.Text;
using Slipway.Conformance.Models;
using Slipway.Conformance.Trees;
using Slipway.Core;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>Models of other projects (corpus <c>trees</c>): with what their owners recorded, and with a second evaluation of the same files.</summary>
public class CorpusTests(ITestOutputHelper output)
{
    public static TheoryData<string> CasesWithExpectations =>
    [
        "jpmml-lightgbm/ClassificationAudit", "jpmml-lightgbm/ClassificationAuditNA", "jpmml-lightgbm/ClassificationIris", "jpmml-lightgbm/ClassificationIrisNA",
        "jpmml-lightgbm/ClassificationVersicolor", "jpmml-lightgbm/LinearTreeClassificationAuditNA", "jpmml-lightgbm/LinearTreeRegressionAutoNA",
        "jpmml-lightgbm/RFClassificationAudit", "jpmml-lightgbm/RFClassificationIris", "jpmml-lightgbm/RFRegressionAuto", "jpmml-lightgbm/RegressionAutoNA",
        "jpmml-lightgbm/RegressionHousing", "jpmml-lightgbm/RegressionVisit", "jpmml-lightgbm/RegressionVisitNA", "leaves/genlin_fmtp_gamma",
        "leaves/genlin_fmtp_poisson", "leaves/genlin_fmtp_tweedie", "leaves/lg_breast_cancer_leaves", "leaves/lgmulticlass", "treelite/toy_categorical",
    ];

    public static TheoryData<string> Models =>
    [
        "jpmml-lightgbm/ClassificationAudit/ClassificationAudit.txt", "jpmml-lightgbm/ClassificationAuditBinNA/ClassificationAuditBinNA.txt",
        "jpmml-lightgbm/ClassificationAuditNA/ClassificationAuditNA.txt", "jpmml-lightgbm/ClassificationIris/ClassificationIris.txt",
        "jpmml-lightgbm/LinearTreeClassificationAuditNA/LinearTreeClassificationAuditNA.txt", "jpmml-lightgbm/LinearTreeRegressionAutoNA/LinearTreeRegressionAutoNA.txt",
        "jpmml-lightgbm/RFClassificationIris/RFClassificationIris.txt", "jpmml-lightgbm/RFRegressionAuto/RFRegressionAuto.txt",
        "jpmml-lightgbm/RegressionVisitNA/RegressionVisitNA.txt", "leaves/lg_breast_cancer_leaves/lg_breast_cancer.txt", "leaves/lgmulticlass/lgmulticlass.model",
        "lleaves/boston_housing_model/model.txt", "lleaves/mixed_categorical_model/model.txt", "lleaves/multiclass_model/model.txt", "lleaves/single_tree_model/model.txt",
        "lleaves/tiniest_single_tree_model/model.txt", "served/kserve-lightgbm/model.bst", "treelite/toy_categorical/toy_categorical_model.txt",
    ];

    [Theory]
    [MemberData(nameof(CasesWithExpectations))]
    public void A_model_answers_what_its_owner_recorded(string id)
    {
        var result = TreesSuite.Run(TreesManifest.Read(Corpora.Find("trees")).Single(c => c.Id == id));
        output.WriteLine($"{result.Details}");
        Assert.Equal("", result.Reason);
        Assert.Equal(1, result.Count.Passed);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_decides_as_LightGBM_does_on_values_at_its_thresholds(string model)
    {
        var text = WithoutCategories(File.ReadAllText(Path.Combine(Corpora.Find("trees"), model)));
        var plain = new PlainLightGbm(text);
        Scored.ShouldBe(plain, LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text)), plain.Rows(25, new Random(1)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_keeps_the_model_contract(string model)
    {
        var path = Path.Combine(Corpora.Find("trees"), model);
        ModelChecks.Run(new TreesRuntime(), path, () => Scored.SampleInputs(new TreesRuntime().Describe(path).Signature!));
    }

    /// <summary>Its owner made a feature of each category: 1 where the column has it, and else 0, also where the column is missing.</summary>
    [Fact]
    public void Indicators_of_categories_predict_what_the_owner_recorded()
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-lightgbm", "ClassificationAuditBinNA");
        using var model = new TreesRuntime().Open(Path.Combine(folder, "ClassificationAuditBinNA.txt"), RuntimeOptions.Default);
        var table = Cells(Path.Combine(folder, "AuditNA.csv"), ',');
        var expected = Cells(Path.Combine(folder, "expected", "ClassificationAuditBinNA.csv"), ',');
        var names = model.Signature.Inputs[0].Columns;
        var rows = table.Skip(1).Select(row => names.Select(name => Indicator(table[0], row, name)).ToArray()).ToArray();
        using var outputs = model.Run(Scored.Matrix(rows));
        for (var row = 0; row < rows.Length; row++) Scored.Within(16, double.Parse(expected[row + 1][2], CultureInfo.InvariantCulture), outputs[0].Values<double>()[row]);
    }

    /// <summary>The rows have no label, other than the case says. The JSON is of a time when it had no objective: its predictions are margins.</summary>
    [Fact]
    public void Dart_model_and_its_dump_predict_what_the_owner_recorded()
    {
        var folder = Path.Combine(Corpora.Find("trees"), "leaves", "lg_dart_breast_cancer");
        var rows = Cells(Path.Combine(folder, "breast_cancer_test.tsv"), '\t').Select(r => r.Select(Number).ToArray()).ToArray();
        var expected = File.ReadAllLines(Path.Combine(folder, "lg_dart_breast_cancer_true_predictions.txt")).Select(Number).ToArray();
        using var text = new TreesRuntime().Open(Path.Combine(folder, "lg_dart_breast_cancer.model"), RuntimeOptions.Default);
        using var json = new TreesRuntime().Open(Path.Combine(folder, "lg_dart_breast_cancer.json"), RuntimeOptions.Default);
        using var probabilities = text.Run(Scored.Matrix(rows));
        using var margins = json.Run(Scored.Matrix(rows));
        Assert.Equal(expected.Length, rows.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            Scored.Within(2, expected[row], probabilities[0].Values<double>()[row]);
            Scored.Within(2, expected[row], 1 / (1 + Math.Exp(-margins[0].Values<double>()[row])));
        }
    }

    /// <summary>Treelite takes what a row leaves out as missing.</summary>
    [Fact]
    public void Sparse_rows_with_millions_of_categories_give_the_owners_margins()
    {
        var folder = Path.Combine(Corpora.Find("trees"), "treelite", "sparse_categorical");
        using var model = new TreesRuntime().Open(Path.Combine(folder, "sparse_categorical_model.txt"), new RuntimeOptions(Output: OutputKind.Margin));
        var features = (int)model.Signature.Inputs[0].Shape[1];
        var rows = File.ReadAllLines(Path.Combine(folder, "sparse_categorical.test")).Select(line => Sparse(line, features)).ToArray();
        using var outputs = model.Run(Scored.Matrix(rows));
        Assert.Equal(File.ReadAllLines(Path.Combine(folder, "sparse_categorical.test.margin")).Select(Number), outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void The_request_in_kserves_guide_is_a_setosa()
    {
        using var model = new TreesRuntime().Open(Path.Combine(Corpora.Find("trees"), "served", "kserve-lightgbm", "model.bst"), RuntimeOptions.Default);
        using var request = new Batch(Tensor.Of<double>("sepal_width_(cm)", [3.5]), Tensor.Of<double>("petal_length_(cm)", [1.4]), Tensor.Of<double>("petal_width_(cm)", [0.2]), Tensor.Of<double>("sepal_length_(cm)", [5.1]));
        using var inputs = InputBinding.Bind(model.Signature, request);
        using var outputs = model.Run(inputs);
        var probabilities = outputs[0].Values<double>();
        Assert.Equal(["class_0", "class_1", "class_2"], model.Signature.Outputs[0].Columns);
        Assert.True(probabilities[0] > 0.999);
        Assert.Equal(1, probabilities[0] + probabilities[1] + probabilities[2], 1e-15);
    }

    private static double Indicator(string[] header, string[] row, string name)
    {
        var column = Array.IndexOf(header, name);
        var underscore = name.IndexOf('_', StringComparison.Ordinal);
        var value = row[column >= 0 ? column : Array.IndexOf(header, name[..underscore])];
        return column < 0 ? (value == name[(underscore + 1)..] ? 1 : 0) : value == "N/A" ? double.NaN : Number(value);
    }

    private static double[] Sparse(string line, int features)
    {
        var row = new double[features];
        row.AsSpan().Fill(double.NaN);
        foreach (var entry in line.Split(' ').Skip(1).Select(e => e.Split(':')))
        {
            row[int.Parse(entry[0], CultureInfo.InvariantCulture)] = Number(entry[1]);
        }
        return row;
    }

    private static string WithoutCategories(string text) => text.IndexOf("\npandas_categorical:", StringComparison.Ordinal) is >= 0 and var at ? text[..(at + 1)] : text;

    private static string[][] Cells(string path, char separator) => [.. File.ReadAllLines(path).Select(l => l.Split(separator))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

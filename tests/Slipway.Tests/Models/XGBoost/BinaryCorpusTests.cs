using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>Binary models of other projects, of XGBoost 0.4 to 2.1, with their own expected predictions (corpus <c>trees</c>).</summary>
public class BinaryCorpusTests(ITestOutputHelper output)
{
    public static TheoryData<string> JpmmlCases =>
    [
        "BinomialClassificationAudit", "GammaRegressionVisit", "HingeClassificationAudit", "MultinomialClassificationAudit", "MultinomialClassificationIris", "PoissonRegressionVisit",
    ];

    [Theory]
    [MemberData(nameof(JpmmlCases))]
    public void Jpmml_xgboost_legacy_models_predict_what_their_owner_recorded(string name)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-xgboost-legacy", name);
        var table = CorpusTable.Read(Directory.GetFiles(folder, "*.csv").Single());
        var expected = CorpusTable.Read(Path.Combine(folder, "expected", name + ".csv"));
        using var predictions = Run(Path.Combine(folder, name + ".model"), Encode(File.ReadAllLines(Directory.GetFiles(folder, "*.fmap").Single()), table), table.Rows.Count);
        var width = predictions[0].Stride;
        // The owner writes the label, then the probability of each class; with one margin, that of the second class is ours.
        var first = expected.Header.Count - width;
        var worst = 0L;
        for (var row = 0; row < table.Rows.Count; row++)
        {
            for (var c = 0; c < width; c++) worst = Math.Max(worst, CorpusTests.Ulps(Number(expected.Rows[row][first + c]), predictions[0].Values<float>()[(row * width) + c]));
        }
        output.WriteLine($"{table.Rows.Count} rows of {width}, worst {worst} ULP");
        Assert.InRange(worst, 0, 2);
    }

    [Theory]
    [InlineData("leaves/xgagaricus", "xgagaricus.model", "agaricus_test.libsvm", "xgagaricus_true_predictions.txt", 1e-6f)]
    [InlineData("leaves/xgblin_agaricus", "xgblin_agaricus.model", "agaricus_test.libsvm", "xgblin_agaricus_true_predictions.txt", 1e-6f)]
    [InlineData("treelite/mushroom", "mushroom.model", "agaricus.txt.test", "reference_xgboost_1.7.4.txt", 1e-8f)]
    public void Mushroom_models_before_1_0_predict_what_is_recorded(string folder, string model, string rows, string recorded, float tolerance)
    {
        folder = Path.Combine(Corpora.Find("trees"), folder);
        var lines = File.ReadAllLines(Path.Combine(folder, rows));
        var expected = File.ReadLines(Path.Combine(folder, recorded)).Where(l => !l.StartsWith('#')).Select(l => Number(l.Split('\t')[0])).ToArray();
        using var predictions = Run(Path.Combine(folder, model), CorpusTests.Libsvm(lines, 127, float.NaN, firstIndex: 0), lines.Length);
        Assert.Equal(lines.Length, expected.Length);
        for (var row = 0; row < lines.Length; row++) Assert.Equal(expected[row], predictions[0].Values<float>()[row], tolerance);
    }

    [Theory]
    [InlineData("kserve-xgboost-bst")]
    [InlineData("mlserver-xgboost-iris")]
    public void Served_models_predict_what_XGBoost_predicts(string name)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "served", name);
        float[][] rows = [.. File.ReadLines(Path.Combine(folder, "reference_input.tsv")).Select(l => l.Split('\t').Select(Number).ToArray())];
        float[] expected = [.. File.ReadLines(Path.Combine(folder, "reference_xgboost_1.7.4.txt")).Select(Number)];
        using var predictions = Run(Path.Combine(folder, "model.bst"), [.. rows.SelectMany(r => r)], rows.Length);
        Assert.Equal(expected, predictions[0].Values<float>().ToArray());
    }

    [Fact]
    public void The_booster_of_an_H2O_archive_predicts_what_its_owner_recorded()
    {
        using var predictions = Run(Path.Combine(Corpora.Find("trees"), "h2o-xgb-predictor", "boosterBytesProstateDart", "model.bin"), [13.2f, 23.6f], 1);
        Assert.Equal(66.0059433f, predictions[0].Values<float>()[0]);
    }

    private static Batch Run(string path, float[] rows, int count)
    {
        using var model = new TreesRuntime().Open(path, RuntimeOptions.Default);
        using var inputs = new Batch(Tensor.Of<float>("input", rows, count, rows.Length / count));
        return model.Run(inputs);
    }

    /// <summary>Columns as the feature map says: <c>name=category</c> is an indicator (absent when it is another category), else the number.</summary>
    private static float[] Encode(string[] map, CorpusTable table)
    {
        var values = new float[table.Rows.Count * map.Length];
        for (var f = 0; f < map.Length; f++)
        {
            var parts = map[f].Split('\t')[1].Split('=', 2);
            var column = table.Header.IndexOf(parts[0]);
            for (var row = 0; row < table.Rows.Count; row++) values[(row * map.Length) + f] = Value(table.Rows[row][column], parts);
        }
        return values;
    }

    private static float Value(string cell, string[] feature) => feature switch
    {
        [_, var category] => cell == category ? 1 : float.NaN,
        _ when cell is "NA" or "N/A" or "" => float.NaN,
        _ => cell switch { "TRUE" => 1, "FALSE" => float.NaN, _ => Number(cell) },
    };

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}

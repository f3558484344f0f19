using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>Models of other projects with their own expected predictions (corpus <c>trees</c>).</summary>
public partial class CorpusTests(ITestOutputHelper output)
{
    /// <summary>The owners allow 4 to 67 ULP of float32; their expectations are float32 predictions of XGBoost itself.</summary>
    private const long MaxUlps = 2;

    public static TheoryData<string> JpmmlCases =>
    [
        "BinomialClassificationAudit", "BinomialClassificationAuditNA", "ExpectileRegressionAutoNA", "GammaRegressionVisit", "HingeClassificationAudit",
        "HingeClassificationAuditNA", "LinearRegressionAutoNA", "MultiBinomialClassificationAudit", "MultiLinearRegressionAuto", "MultiLinearRegressionAutoNA",
        "MultiRandomForestAuto", "MultinomialClassificationAudit", "MultinomialClassificationIris", "MultinomialClassificationIrisNA", "PoissonRegressionVisit",
        "QuantileRegressionAuto", "QuantileRegressionAutoNA", "TweedieRegressionVisitNA",
    ];

    [Theory]
    [MemberData(nameof(JpmmlCases))]
    public void Jpmml_xgboost_models_predict_what_their_owner_recorded(string name)
    {
        var folder = Path.Combine(Corpora.Find("trees"), "jpmml-xgboost", name);
        var table = CorpusTable.Read(Directory.GetFiles(folder, "*.csv").Single());
        foreach (var model in Directory.GetFiles(folder).Where(f => f.EndsWith(".ubj", StringComparison.Ordinal) || (f.EndsWith(".json", StringComparison.Ordinal) && !f.EndsWith("case.json", StringComparison.Ordinal))))
        {
            foreach (var expected in Directory.GetFiles(Path.Combine(folder, "expected")))
            {
                var document = Read(model);
                if (RoundsOf().Match(Path.GetFileName(expected)) is { Success: true } rounds)
                {
                    document.Attributes["best_iteration"] = (int.Parse(rounds.Groups[1].Value, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
                }
                var worst = Compare(document, table, CorpusTable.Read(expected));
                output.WriteLine($"{Path.GetFileName(model)} {Path.GetFileName(expected)}: {table.Rows.Count} rows, worst {worst} ULP");
                Assert.InRange(worst, 0, MaxUlps);
            }
        }
    }

    [Fact]
    public void Mlserver_mushroom_model_predicts_what_XGBoost_predicts()
    {
        var folder = Path.Combine(Corpora.Find("trees"), "served", "mlserver-xgboost-mushroom");
        using var model = new TreesRuntime().Open(Path.Combine(folder, "mushroom-xgboost.json"), RuntimeOptions.Default);
        var features = (int)model.Signature.Inputs[0].Shape[1];
        var lines = File.ReadAllLines(Path.Combine(folder, "agaricus.txt.test"));
        var expected = File.ReadLines(Path.Combine(folder, "reference_xgboost_1.7.4.txt")).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t').Select(Number).ToArray()).ToArray();
        Assert.Equal(lines.Length, expected.Length);
        foreach (var (column, absent) in new[] { (0, float.NaN), (1, 0f) })
        {
            using var inputs = new Batch(Tensor.Of<float>("input", Libsvm(lines, features, absent), lines.Length, features));
            using var outputs = model.Run(inputs);
            var predictions = outputs[0].Values<float>();
            for (var row = 0; row < lines.Length; row++) Assert.Equal(expected[row][column], predictions[row], 1e-8f);
        }
    }

    [Fact]
    public void Every_model_keeps_the_model_contract()
    {
        foreach (var model in Directory.EnumerateFiles(Path.Combine(Corpora.Find("trees"), "jpmml-xgboost"), "Multi*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".ubj", StringComparison.Ordinal)))
        {
            var signature = new TreesRuntime().Describe(model).Signature!;
            ModelChecks.Run(new TreesRuntime(), model, () => new Batch([.. signature.Inputs.Select(Rows)]));
        }
    }

    private static long Compare(XGBoostDocument document, CorpusTable table, CorpusTable expected)
    {
        var definition = XGBoostImport.Import(document);
        Assert.Empty(definition.Unsupported);
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        using var inputs = Encode(definition.Signature, table);
        using var outputs = model.Run(inputs);
        var columns = PredictionColumns(document, expected, outputs[0].Stride);
        var worst = 0L;
        for (var row = 0; row < table.Rows.Count; row++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                worst = Math.Max(worst, Ulps(Number(expected.Rows[row][columns[c]]), outputs[0].Values<float>()[(row * columns.Length) + c]));
            }
        }
        return worst;
    }

    /// <summary>Columns as the model asks for them; TRUE and FALSE are 1 and 0, NA is missing.</summary>
    private static Batch Encode(Signature signature, CorpusTable table)
    {
        using var columns = new Batch();
        foreach (var name in signature.InputColumns)
        {
            var column = table.Header.IndexOf(name);
            Assert.True(column >= 0, $"the table has no column {name}");
            var cells = table.Rows.Select(row => row[column] is "NA" or "N/A" or "" ? null : row[column]).ToArray();
            columns.Add(signature.Inputs.Any(i => i.Name == name && i.AnyType) ? Tensor.OfText(name, cells) : Tensor.Of<float>(name, cells.Select(Value).ToArray()));
        }
        return InputBinding.Bind(signature, columns);
    }

    private static Tensor Rows(TensorSpec input) =>
        input.Shape.Length == 2 ? Tensor.Of<float>(input.Name, Trees.RandomForests.Rows(1, 5, (int)input.Shape[1]), 5, input.Shape[1])
            : input.AnyType ? Tensor.OfText(input.Name, "1", "2", "4", null, "?")
            : Tensor.Of<double>(input.Name, [1, 2, 3, double.NaN, -1]);

    private static float Value(string? cell) => cell switch { null => float.NaN, "TRUE" => 1, "FALSE" => 0, _ => Number(cell) };

    private static int[] PredictionColumns(XGBoostDocument document, CorpusTable expected, int outputs)
    {
        var names = expected.Header;
        var probabilities = Enumerable.Range(0, names.Count).Where(i => names[i].StartsWith("probability", StringComparison.Ordinal)).ToArray();
        if (document.Objective.StartsWith("multi:", StringComparison.Ordinal)) return probabilities;
        var columns = probabilities.Length > 0 ? probabilities.Where(i => names[i].EndsWith("1)", StringComparison.Ordinal)) : Enumerable.Range(0, names.Count);
        int[] chosen = [.. columns];
        Assert.Equal(outputs, chosen.Length);
        return chosen;
    }

    private static XGBoostDocument Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (path.EndsWith(".ubj", StringComparison.Ordinal))
        {
            var ubj = new UbjDocumentReader(bytes);
            return XGBoostReader.Read(ref ubj);
        }
        var json = new JsonDocumentReader(bytes);
        return XGBoostReader.Read(ref json);
    }

    internal static float[] Libsvm(string[] lines, int features, float absent, int firstIndex = 1)
    {
        var values = new float[lines.Length * features];
        Array.Fill(values, absent);
        for (var row = 0; row < lines.Length; row++)
        {
            foreach (var cell in lines[row].Split(' ').Skip(1))
            {
                var parts = cell.Split(':');
                values[(row * features) + int.Parse(parts[0], CultureInfo.InvariantCulture) - firstIndex] = Number(parts[1]);
            }
        }
        return values;
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    internal static long Ulps(float a, float b) => Math.Abs((long)Ordered(a) - Ordered(b));

    private static int Ordered(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? int.MinValue - bits : bits;
    }

    [GeneratedRegex(@"@(\d+)\.csv$")]
    private static partial Regex RoundsOf();
}

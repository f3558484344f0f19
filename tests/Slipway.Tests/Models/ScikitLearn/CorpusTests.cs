using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.ScikitLearn;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.ScikitLearn;

/// <summary>Models of other projects (corpora <c>trees</c> and <c>sklearn-spark</c>).</summary>
public class CorpusTests
{
    /// <summary>A pickle of Python 3 in protocol 0 with a class layout of scikit-learn 0.19, and its owner's raw decisions.</summary>
    [Fact]
    public void Gradient_boosting_of_leaves_decides_as_its_owner_recorded()
    {
        var folder = Path.Combine(Corpora.Find("trees"), "leaves", "sk_gradient_boosting_classifier");
        using var model = new TreesRuntime().Open(Path.Combine(folder, "sk_gradient_boosting_classifier.model"), new RuntimeOptions(Output: OutputKind.Margin));
        var features = (int)model.Signature.Inputs[0].Shape[1];
        var rows = File.ReadAllLines(Path.Combine(folder, "sk_gradient_boosting_classifier_test.libsvm")).Select(line => Sparse(line, features)).ToArray();
        var expected = File.ReadAllLines(Path.Combine(folder, "sk_gradient_boosting_classifier_true_predictions.txt")).Select(Number).ToArray();
        using var outputs = model.Run(GoldenFiles.Inputs(model.Signature, rows));
        Assert.Equal(expected.Length, rows.Length);
        var margins = outputs[0].Values<double>();
        for (var row = 0; row < rows.Length; row++) Assert.Equal(expected[row], margins[row], 1e-12);
    }

    [Theory]
    [InlineData("kserve-sklearn-v2", "model.joblib", "sklearn.svm.")]
    [InlineData("mlserver-sklearn-mnist-svm", "mnist-svm.joblib", "sklearn.svm.")]
    public void Support_vector_machines_are_described_and_refused_by_name(string folder, string file, string name)
    {
        var path = Path.Combine(Corpora.Find("trees"), "served", folder, file);
        var description = new TreesRuntime().Describe(path);
        Assert.StartsWith(name, description.Facts.Single(f => f.Key == "estimator").Value, StringComparison.Ordinal);
        Assert.StartsWith(name, Assert.Single(description.Unsupported), StringComparison.Ordinal);
        Assert.Contains(name, Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipelines_are_described_and_not_read()
    {
        var files = Directory.GetFiles(Path.Combine(Corpora.Find("sklearn-spark"), "jpmml-sklearn"), "*.pkl", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var description = new TreesRuntime().Describe(file);
            Assert.EndsWith(" are read", Assert.Single(description.Unsupported), StringComparison.Ordinal);
        }
    }

    /// <summary>scikit-learn 1.9: shares instead of weights in leaves, ways for missing values, categories that the estimator encodes. What comes before it in the pipeline leaves values as they are.</summary>
    [Theory]
    [InlineData("RandomForestIrisNA", "Sepal.Length,Sepal.Width,Petal.Length,Petal.Width")]
    [InlineData("HistGradientBoostingAutoNA", "displacement,horsepower,weight,acceleration,cylinders,model_year,origin")]
    public void The_last_step_of_a_pipeline_of_today_predicts_what_its_owner_recorded(string name, string columns)
    {
        var folder = Path.Combine(Corpora.Find("sklearn-spark"), "jpmml-sklearn", name);
        var root = PickleMachine.Read(Bytes(Path.Combine(folder, name + ".pkl"))).Root;
        var pipeline = Estimator.Of(root, "pipeline", new ReadingScope(0), LibraryVersion.None)!;
        var definition = SklearnImport.Import(((ListDatum)pipeline.Items("steps")[^1]).Items[1], LibraryVersion.None, 1 << 24, "pickle");
        Assert.Empty(definition.Unsupported);
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        var lines = File.ReadAllLines(Directory.GetFiles(folder, "*.csv").Single()).Select(l => l.Split(',')).ToArray();
        var places = columns.Split(',').Select(c => Array.IndexOf(lines[0], c)).ToArray();
        using var outputs = model.Run(GoldenFiles.Inputs(model.Signature, [.. lines[1..].Select(l => places.Select(p => l[p] is "N/A" ? double.NaN : Number(l[p])).ToArray())]));
        var expected = File.ReadAllLines(Path.Combine(folder, "expected", name + ".csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        var predictions = outputs[outputs.Count - 1];
        Assert.Equal(expected.Length, predictions.Rows);
        for (var row = 0; row < expected.Length; row++)
        {
            var numbers = outputs.Count == 1 ? expected[row] : expected[row][1..];
            if (outputs.Count == 2) Assert.Equal(expected[row][0], outputs[0].GetText(row));
            for (var i = 0; i < numbers.Length; i++) Assert.Equal(Number(numbers[i]), predictions.Values<double>()[(row * numbers.Length) + i], 1e-14 * Math.Max(1, Math.Abs(Number(numbers[i]))));
        }
    }

    /// <summary>scikit-learn 1.9 over three of thirteen features a tree.</summary>
    [Fact]
    public void Isolation_forest_in_a_pipeline_of_today_decides_as_its_owner_recorded()
    {
        var folder = Path.Combine(Corpora.Find("sklearn-spark"), "jpmml-sklearn", "IsolationForestHousing");
        var root = PickleMachine.Read(Bytes(Path.Combine(folder, "IsolationForestHousing.pkl"))).Root;
        var pipeline = Estimator.Of(root, "pipeline", new ReadingScope(0), LibraryVersion.None)!;
        using var model = TreesModel.Compile(SklearnImport.Import(((ListDatum)pipeline.Items("steps")[^1]).Items[1], LibraryVersion.None, 1 << 24, "pickle"), RuntimeOptions.Default);
        var rows = File.ReadAllLines(Directory.GetFiles(folder, "*.csv").Single()).Skip(1).Select(l => l.Split(',')[..13].Select(Number).ToArray()).ToArray();
        using var outputs = model.Run(GoldenFiles.Inputs(model.Signature, rows));
        var expected = File.ReadAllLines(Path.Combine(folder, "expected", "IsolationForestHousing.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        for (var row = 0; row < rows.Length; row++)
        {
            Assert.Equal(expected[row][1] == "true" ? "-1" : "1", outputs[0].GetText(row));
            Assert.Equal(Number(expected[row][0]), outputs[1].Values<double>()[(2 * row) + 1], 1e-15);
        }
    }

    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        var file = File.ReadAllBytes(path);
        return CompressedFile.IsZlib(file) ? CompressedFile.Unpack(file) : file;
    }

    private static double[] Sparse(string line, int features)
    {
        var row = new double[features];
        foreach (var entry in line.Split(' ').Skip(1).Select(e => e.Split(':'))) row[int.Parse(entry[0], CultureInfo.InvariantCulture)] = Number(entry[1]);
        return row;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

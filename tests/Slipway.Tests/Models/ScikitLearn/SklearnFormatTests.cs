using System.Text;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Formats.ScikitLearn;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.ScikitLearn;

public class SklearnFormatTests
{
    [Theory]
    [InlineData("model.pkl", "\u0080\u0004\u0095", true)]
    [InlineData("model.bin", "\u0080\u0002csklearn.tree\n", true)]
    [InlineData("model.model", "ccopy_reg\n_reconstructor\np0\n(csklearn", true)]
    [InlineData("model.model", "ccopy_reg\n_reconstructor\nq\u0000(", true)]
    [InlineData("model.joblib", "BZh91AY&SY", true)]
    [InlineData("data.bz2", "BZh91AY&SY", false)]
    [InlineData("model.pt", "\u0080\u0002\u008a\u000al\u00fc\u009cF\u00f9 j\u00a8P\u0019.", false)]
    [InlineData("table.csv", "country\nFrance\nparis\n", false)]
    [InlineData("table.csv", "city\nParis\n1\n2\n", false)]
    [InlineData("table.csv", "c\n\n(", false)]
    [InlineData("nothing", "", false)]
    [InlineData("model.onnx", "\u0008\u0007", false)]
    [InlineData("model.z", "x\u009c", false)]
    [InlineData("model.gz", "\u001f\u008b\u0008\u0000\u0000", false)]
    public void Pickles_are_recognized_by_their_first_bytes(string name, string head, bool matches) =>
        Assert.Equal(matches, new SklearnPickleFormat().Matches(name, Encoding.Latin1.GetBytes(head)));

    [Theory]
    [InlineData("[1,-2,0]", new double[] { 1, -2, 0 })]
    [InlineData("[1,-0.0]", new double[] { 1, -0.0 })]
    [InlineData("[1.0,2147483648]", new double[] { 1, 2147483648 })]
    [InlineData("[1,0.5]", new double[] { 1, 0.5 })]
    public void Numbers_in_JSON_are_the_same_whether_they_are_kept_as_integers_or_not(string json, double[] expected) =>
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), Estimator.NumbersOf(JsonDatumReader.Read(Encoding.UTF8.GetBytes(json)))!.Select(BitConverter.DoubleToInt64Bits));

    [Fact]
    public void Packed_pickles_are_recognized_and_other_packed_files_are_not()
    {
        foreach (var model in new[] { "tree-classifier.zlib.joblib", "tree-classifier.gzip.joblib" })
        {
            Assert.True(new SklearnPickleFormat().Matches(model, File.ReadAllBytes(GoldenFiles.PathOf(model)).AsSpan(0, 4096 / 8)));
        }
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) gzip.Write("a,b\n1,2\n"u8);
        Assert.False(new SklearnPickleFormat().Matches("table.csv.gz", packed.ToArray()));
    }

    [Fact]
    public void A_packing_that_is_not_read_is_named() =>
        Assert.Contains("bz2", Assert.Throws<ModelException>(() => new SklearnPickleFormat().Read("BZh91AY&SY"u8)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("svc.pkl", "sklearn.svm._classes.SVC: only decision trees")]
    [InlineData("svc.json", "sklearn.svm._classes.SVC: only decision trees")]
    [InlineData("gradient-init.pkl", "model.init_: boosting that starts from sklearn.linear_model._logistic.LogisticRegression is not read")]
    [InlineData("gradient-init.json", "model.init_: boosting that starts from sklearn.linear_model._logistic.LogisticRegression is not read")]
    [InlineData("bagging-svc.pkl", "model.estimators_[0]: a tree expected, sklearn.svm._classes.SVC found")]
    [InlineData("bagging-svc.json", "model.estimators_[0]: a tree expected, sklearn.svm._classes.SVC found")]
    public void What_is_not_read_is_described_with_its_name(string model, string reason)
    {
        var path = GoldenFiles.PathOf(Path.Combine("unsupported", model));
        var description = new TreesRuntime().Describe(path);
        Assert.StartsWith(reason, Assert.Single(description.Unsupported), StringComparison.Ordinal);
        Assert.Contains(description.Facts, f => f is { Key: "library", Value: "scikit-learn 1.2.1" });
        Assert.Contains(reason, Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("named.json", "JSON")]
    [InlineData("named.4.pkl", "pickle, protocol 4")]
    public void Names_of_features_are_the_columns_of_the_input(string model, string source)
    {
        var description = new TreesRuntime().Describe(GoldenFiles.PathOf(model));
        Assert.Equal(["length", "width", "Größe", "kind", "x y"], description.Signature!.Inputs[0].Columns);
        Assert.Contains(description.Facts, f => f is { Key: "estimator", Value: "sklearn.ensemble._forest.RandomForestRegressor" });
        Assert.Contains(description.Facts, f => f.Key == "written as" && f.Value == source);
        Assert.Contains(description.Facts, f => f is { Key: "missing values", Value: "are refused, as scikit-learn does" });
    }

    [Fact]
    public void Classes_of_every_output_have_a_label_and_named_probabilities()
    {
        var signature = new TreesRuntime().Describe(GoldenFiles.PathOf("tree-two-outputs.json")).Signature!;
        Assert.Equal(["y0", "y1"], signature.Outputs[0].Columns);
        Assert.Equal(["y0=0", "y0=1", "y0=2", "y1=5", "y1=6"], signature.Outputs[1].Columns);
    }

    [Theory]
    [InlineData("forest-nine-classes.json", "0.0,1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0")]
    [InlineData("forest-nine-classes.4.pkl", "0.0,1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0")]
    [InlineData("extra-tree-classifier.json", "False,True")]
    [InlineData("extra-tree-classifier.4.pkl", "False,True")]
    [InlineData("gradient-binary.0.pkl", "0,1")]
    public void Classes_are_named_as_Python_prints_them(string model, string classes) =>
        Assert.Equal(classes, string.Join(',', new TreesRuntime().Describe(GoldenFiles.PathOf(model)).Signature!.Outputs[1].Columns));

    [Theory]
    [InlineData(float.NaN, "row 2: feature 'Größe' is missing")]
    [InlineData(float.PositiveInfinity, "row 2: feature 'Größe' is infinite")]
    public void Rows_that_scikit_learn_refuses_are_refused(float value, string message)
    {
        foreach (var threads in new[] { 1, 2 })
        {
            using var model = new TreesRuntime().Open(GoldenFiles.PathOf("named.json"), new RuntimeOptions(Threads: threads));
            var rows = Enumerable.Range(0, 10_000).Select(_ => new double[5]).ToArray();
            rows[2][2] = value;
            using var inputs = GoldenFiles.Inputs(model.Signature, rows);
            var error = Assert.Throws<RecordException>(() => model.Run(inputs));
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
            Assert.Equal(2, error.Row);
        }
    }

    [Fact]
    public void A_value_that_is_marked_missing_is_refused_like_NaN()
    {
        using var model = new TreesRuntime().Open(GoldenFiles.PathOf("named.json"), RuntimeOptions.Default);
        using var inputs = GoldenFiles.Inputs(model.Signature, [new double[5], new double[5]]);
        inputs[0].SetMissing(7);
        Assert.Equal(1, Assert.Throws<RecordException>(() => model.Run(inputs)).Row);
    }

    /// <summary>What every pickle of one model says is the same as what its JSON says.</summary>
    [Fact]
    public void All_ways_to_write_a_model_give_the_same_trees()
    {
        var expected = new SklearnJsonFormat().Read(File.ReadAllBytes(GoldenFiles.PathOf("tree-classifier.json"))).Trees!;
        foreach (var packing in new[] { "0.pkl", "1.pkl", "2.pkl", "3.pkl", "4.pkl", "5.pkl", "joblib", "zlib.joblib", "gzip.joblib" })
        {
            var trees = new SklearnPickleFormat().Read(File.ReadAllBytes(GoldenFiles.PathOf($"tree-classifier.{packing}"))).Trees!;
            Assert.Equal(expected.Thresholds, trees.Thresholds);
            Assert.Equal(expected.Features, trees.Features);
            Assert.Equal(expected.LeafVectors, trees.LeafVectors);
            Assert.Equal(expected.Covers, trees.Covers);
            Assert.Equal(expected.Gains, trees.Gains);
        }
    }

    [Fact]
    public void Covers_of_children_add_up_and_gains_are_not_negative()
    {
        var trees = new SklearnPickleFormat().Read(File.ReadAllBytes(GoldenFiles.PathOf("forest-classifier.5.pkl"))).Trees!;
        for (var node = 0; node < trees.NodeCount; node++)
        {
            if (trees.IsLeaf(node)) continue;
            var left = trees.LeftChildren[node];
            Assert.Equal(trees.Covers[node], trees.Covers[left] + trees.Covers[left + 1], 1e-9);
            Assert.True(trees.Gains[node] > -1e-9);
        }
    }

    /// <summary>A model that is cut to its first trees is the model that was trained with so many.</summary>
    [Theory]
    [InlineData("forest-regressor.joblib", 1)]
    [InlineData("gradient-three.json", 3)]
    public void Rounds_cut_the_ensemble(string model, int treesPerRound)
    {
        var rows = GoldenFiles.Input(model);
        using var cut = new TreesRuntime().Open(GoldenFiles.PathOf(model), new RuntimeOptions(Rounds: 2));
        using var leaves = new TreesRuntime().Open(GoldenFiles.PathOf(model), new RuntimeOptions(Output: OutputKind.Leaf, Rounds: 2));
        using var predictions = cut.Run(GoldenFiles.Inputs(cut.Signature, rows));
        using var reached = leaves.Run(GoldenFiles.Inputs(leaves.Signature, rows));
        Assert.Equal(2 * treesPerRound, reached[0].Stride);
        if (treesPerRound > 1) return;
        var trees = TreesRuntime.Read(GoldenFiles.PathOf(model)).Trees!;
        for (var row = 0; row < rows.Length; row++)
        {
            var values = Enumerable.Range(0, 2).Select(t => trees.Thresholds[trees.NodeIds.AsSpan()[trees.TreeStarts[t]..trees.TreeStarts[t + 1]].IndexOf(reached[0].Values<int>()[(2 * row) + t]) + trees.TreeStarts[t]]).ToArray();
            Assert.Equal((values[0] + values[1]) / 2, predictions[0].Values<double>()[row]);
        }
    }

    [Theory]
    [InlineData("\u0080\u0002K\u0001.", "the integer 1 found")]
    [InlineData("\u0080\u0002}.", "a dictionary of 0 found")]
    [InlineData("\u0080\u0002](K\u0001K\u0002e.", "a list of 2 found")]
    [InlineData("(lp0\nVa\np1\na.", "a list of 1 found")]
    public void A_pickle_of_something_else_is_refused_with_what_it_is(string file, string found) =>
        Assert.EndsWith(found, Assert.Throws<ModelException>(() => new SklearnPickleFormat().Read(Encoding.Latin1.GetBytes(file))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_estimator_that_was_not_fitted_is_refused_with_what_is_absent()
    {
        var json = "{\"format\":\"sklearn-json\",\"version\":1,\"library\":\"1.2.1\",\"model\":{\"class\":\"sklearn.tree._classes.DecisionTreeRegressor\"}}"u8.ToArray();
        Assert.Contains("is the model fitted?", Assert.Throws<ModelException>(() => new SklearnJsonFormat().Read(json)).Message, StringComparison.Ordinal);
    }
}

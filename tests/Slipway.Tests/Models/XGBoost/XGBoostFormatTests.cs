using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.XGBoost;

public class XGBoostFormatTests
{
    [Theory]
    [InlineData("squared-error")]
    [InlineData("softprob")]
    [InlineData("categorical-partition")]
    [InlineData("dart")]
    [InlineData("linear-softprob")]
    public void Every_encoding_UBJ_allows_reads_as_the_JSON_does(string model)
    {
        using var expected = GoldenFiles.Expected(model + ".json");
        for (var seed = 0; seed < 20; seed++)
        {
            var document = JsonNode.Parse(File.ReadAllText(GoldenFiles.PathOf(model + ".json")).Replace("NaN", "null", StringComparison.Ordinal))!;
            using var outputs = Run(XGBoostFormat.Ubj.Read(UbjWriter.Write(document, new Random(seed))), GoldenFiles.Inputs(model));
            Assert.Null(TensorComparison.Difference(expected, outputs[0]));
        }
    }

    [Fact]
    public void JSON_reads_with_white_space_a_byte_order_mark_booleans_and_unknown_keys()
    {
        var document = JsonNode.Parse(File.ReadAllText(GoldenFiles.PathOf("squared-error.json")))!;
        document["added"] = new JsonObject { ["deep"] = new JsonArray(1, null, new JsonArray(new JsonObject())) };
        document["learner"]!["learner_model_param"]!["base_score"] = 0.5;
        foreach (var tree in document["learner"]!["gradient_booster"]!["model"]!["trees"]!.AsArray())
        {
            tree!["default_left"] = new JsonArray([.. tree["default_left"]!.AsArray().Select(d => JsonValue.Create(d!.GetValue<int>() != 0))]);
        }
        byte[] file = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(document.ToJsonString(new() { WriteIndented = true }))];
        Assert.True(XGBoostFormat.Json.Matches("model.json", file.AsSpan(0, 200)));
        using var outputs = Run(XGBoostFormat.Json.Read(file), GoldenFiles.Inputs("squared-error"));
        using var expected = GoldenFiles.Expected("squared-error");
        Assert.Null(TensorComparison.Difference(expected, outputs[0]));
    }

    [Fact]
    public void Bare_NaN_and_Infinity_are_read_outside_of_text_only()
    {
        var reader = new JsonDocumentReader("{\"NaN\":\"Infinity \\\" NaN\",\"a\":[NaN,-Infinity,Infinity,1]}"u8);
        reader.BeginObject();
        Assert.True(reader.NextName());
        Assert.True(reader.NameIs("NaN"u8));
        Assert.Equal("Infinity \" NaN", reader.ReadText());
        Assert.True(reader.NextName());
        var numbers = new GrowingArray<float>();
        reader.ReadNumbers(numbers);
        Assert.Equal([float.NaN, float.NegativeInfinity, float.PositiveInfinity, 1], numbers.ToArray());
    }

    [Theory]
    [InlineData("\"base_weights\":[0,0,10,20,30,40]", "\"right_children\":[2,-1,-1]")]
    [InlineData("\"base_weights\":[9,9,9,9,9,9],\"leaf_weights\":[30,40,10,20]", "\"right_children\":[2,1,0]")]
    public void Vector_leaves_add_to_all_outputs(string weights, string rightChildren)
    {
        // One tree before and one since XGBoost 3.2 moved the leaf values; both: x < 0.5 ? [10, 20] : [30, 40].
        var tree = $$$"""
            {{{{weights}}},"default_left":[1,0,0],"left_children":[1,-1,-1],{{{rightChildren}}},"split_indices":[0,0,0],"split_conditions":[0.5,NaN,NaN],
             "tree_param":{"num_nodes":"3","size_leaf_vector":"2"}}
            """;
        var definition = Read(tree, "\"num_target\":\"2\",\"base_score\":\"[1E0,2E0]\"", "reg:squarederror", trees: 2);
        Assert.Equal(["target_0", "target_1"], definition.Signature.Outputs[0].Columns);
        foreach (var kind in Enum.GetValues<KernelKind>())
        {
            var margins = new float[6];
            KernelSelection.For<float>(definition, kind).Score([0, 1, float.NaN], margins);
            Assert.Equal([21, 42, 61, 82, 21, 42], margins);
        }
    }

    [Fact]
    public void Dart_of_3_x_is_a_gbtree_with_weights()
    {
        var definition = Read(Stump(10, 30), "\"base_score\":\"[1E0]\"", "reg:squarederror", trees: 2, extra: "\"weight_drop\":[0.5,0.25],");
        using var outputs = Run(definition, new Batch(Tensor.Of<float>("input", [0f, 1f], 2, 1)));
        Assert.Equal([8.5f, 23.5f], outputs[0].Values<float>().ToArray());
        Assert.Contains(definition.Facts, f => f is { Key: "booster", Value: "gbtree (dart)" });
    }

    [Theory]
    [InlineData("\"best_iteration\":\"1\"", "", 2)]
    [InlineData("\"best_iteration\":\"0\"", "\"iteration_indptr\":[0,3,5,6],", 3)]
    [InlineData("\"best_iteration\":\"2\"", "\"gbtree_model_param\":{\"num_parallel_tree\":\"2\"},", 6)]
    [InlineData("\"best_ntree_limit\":\"4\"", "\"gbtree_model_param\":{\"num_parallel_tree\":\"2\"},", 4)]
    [InlineData("\"best_ntree_limit\":\"4\",\"best_iteration\":\"1\"", "", 4)]
    [InlineData("\"best_iteration\":\"2147483647\"", "\"iteration_indptr\":[0,3,5,6],", 6)]
    [InlineData("\"best_iteration\":\"2147483647\"", "", 6)]
    [InlineData("\"best_iteration\":\"soon\"", "", 6)]
    public void Early_stopping_leaves_the_trees_up_to_the_best_round(string attributes, string extra, int used)
    {
        var json = Json(Stump(1, 5), "\"base_score\":\"0E0\"", "reg:squarederror", 6, "[0,0,0,0,0,0]", "[1,7,4]", extra, "");
        var definition = XGBoostFormat.Json.Read(Encoding.UTF8.GetBytes(json.Replace("{\"learner\":{", $"{{\"learner\":{{\"attributes\":{{{attributes}}},", StringComparison.Ordinal)));
        Assert.Equal(used, definition.Trees!.TreeCount);
        Assert.Contains(definition.Facts, f => f is { Key: "trees in the file", Value: "6" });
    }

    [Theory]
    [InlineData("[3,3,0]", new float[] { 6, 2 })]
    [InlineData("[3,4,0]", new float[] { 2, 6 })]
    public void Quantiles_are_sorted_since_3_4(string version, float[] expected)
    {
        var definition = Read(Stump(1, 5), "\"num_target\":\"2\",\"base_score\":\"[5E0,1E0]\"", "reg:quantileerror", trees: 2, treeInfo: "[0,1]", version: version,
            objective: "\"quantile_loss_param\":{\"quantile_alpha\":\"[1E-1,9E-1]\"},");
        Assert.Equal(["quantile_0.1", "quantile_0.9"], definition.Signature.Outputs[0].Columns);
        using var outputs = Run(definition, new Batch(Tensor.Of<float>("input", [0f], 1, 1)));
        Assert.Equal(expected, outputs[0].Values<float>().ToArray());
    }

    [Fact]
    public void Expectiles_grow_by_softplus_steps_from_the_first()
    {
        // Margins: 10 + 3; then softplus⁻¹(2 - 10⁻⁶) + 1 and softplus⁻¹(10⁻⁶) - 30, the gap between equal scores.
        string[] trees = [Stump(3, 0), Stump(1, 0), Stump(-30, 0)];
        var definition = Read(string.Join(',', trees), "\"num_target\":\"3\",\"base_score\":\"[1E1,1.2E1,1.2E1]\"", "reg:expectileerror", treeInfo: "[0,1,2]",
            objective: "\"expectile_loss_param\":{\"expectile_alpha\":\"[1E-1,5E-1,9E-1]\"},");
        Assert.Equal(["expectile_0.1", "expectile_0.5", "expectile_0.9"], definition.Signature.Outputs[0].Columns);
        using var outputs = Run(definition, new Batch(Tensor.Of<float>("input", [0f, 1f], 2, 1)));
        var expected = new[] { 13, 15.9105694, 15.9105704, 10, 12, 12.000002 };
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], outputs[0].Values<float>()[i], 2e-6);
    }

    [Fact]
    public void A_normal_distribution_has_a_mean_and_the_logarithm_of_a_variance()
    {
        var definition = Read($"{Stump(3, 0)},{Stump(-1, 0)}", "\"num_target\":\"2\",\"base_score\":\"[1E1,2E0]\"", "reg:normal", treeInfo: "[0,1]");
        Assert.Equal(["mean", "log_variance"], definition.Signature.Outputs[0].Columns);
        using var outputs = Run(definition, new Batch(Tensor.Of<float>("input", [0f], 1, 1)));
        Assert.Equal([13, 1], outputs[0].Values<float>().ToArray());
    }

    [Fact]
    public void Statistics_of_training_are_kept_where_a_file_has_them()
    {
        foreach (var file in new[] { "squared-error.json", "squared-error.ubj", "squared-error.model" })
        {
            var trees = TreesRuntime.Read(GoldenFiles.PathOf(file)).Trees!;
            Assert.Equal(trees.NodeCount, trees.Covers.Length);
            // The hessian of squared error is 1: every root covers all rows, every split divides its own.
            for (var node = 0; node < trees.NodeCount; node++)
            {
                if (trees.IsLeaf(node)) Assert.Equal(0, trees.Gains[node]);
                else Assert.Equal(trees.Covers[node], trees.Covers[trees.LeftChildren[node]] + trees.Covers[trees.LeftChildren[node] + 1]);
            }
            foreach (var root in trees.TreeStarts[..^1]) Assert.Equal(296, trees.Covers[root]);
            Assert.True(trees.Gains[0] > 0);
        }
        Assert.Empty(Read(Stump(1, 2), "\"base_score\":\"0E0\"", "reg:squarederror").Trees!.Covers);
    }

    [Theory]
    [InlineData("reg:linear")]
    [InlineData("gpu:reg:linear")]
    [InlineData("rank:map")]
    [InlineData("rank:ndcg")]
    [InlineData("reg:pseudohubererror")]
    public void Objectives_of_every_version_are_known(string name) => Assert.Empty(Read(Stump(1, 2), "\"base_score\":\"5E-1\"", name).Unsupported);

    [Theory]
    [InlineData("binary:logistic", "5E-1", 0f)]
    [InlineData("binary:logistic", "2.5E-1", -1.0986123f)]
    [InlineData("binary:logitraw", "2.5E-1", 0.25f)]
    [InlineData("count:poisson", "2E0", 0.6931472f)]
    [InlineData("reg:gamma", "1E0", 0f)]
    [InlineData("binary:hinge", "5E-1", 0.5f)]
    [InlineData("multi:softprob", "5E-1", 0.5f)]
    public void The_base_score_is_a_prediction_that_becomes_a_margin(string objective, string score, float margin) =>
        Assert.Equal([margin], Read(Stump(1, 2), $"\"base_score\":\"{score}\"", objective).Trees!.BaseMargins.ToArray());

    [Fact]
    public void A_base_score_the_objective_cannot_predict_is_refused()
    {
        Assert.Throws<ModelException>(() => Read(Stump(1, 2), "\"base_score\":\"0E0\"", "count:poisson"));
        var error = Assert.Throws<ModelException>(() => Read(Stump(1, 2), "\"base_score\":\"2E0\"", "binary:logistic"));
        Assert.Contains("base_score is 2, a probability between 0 and 1 expected", error.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => Read(Stump(1, 2), "\"base_score\":\"0E0\"", "binary:logistic", version: "[3,0,0]"));
        Assert.Equal(-13.815510f, Read(Stump(1, 2), "\"base_score\":\"0E0\"", "binary:logistic", version: "[3,1,0]").Trees!.BaseMargins[0], 1e-3f);
    }

    [Fact]
    public void What_cannot_run_is_described_and_not_opened()
    {
        var definition = Read(Stump(1, 2), "\"base_score\":\"5E-1\"", "reg:mine");
        Assert.Equal(["learner.objective.name: 'reg:mine' is not known"], definition.Unsupported);

        var folder = Directory.CreateTempSubdirectory("slipway-xgboost-");
        try
        {
            var path = Path.Combine(folder.FullName, "mine.json");
            File.WriteAllText(path, Json(Stump(1, 2), "\"base_score\":\"5E-1\"", "reg:mine", 1, "[0]", "[1,7,4]", "", ""));
            Assert.NotEmpty(new TreesRuntime().Describe(path).Unsupported);
            Assert.Equal("mine.json: learner.objective.name: 'reg:mine' is not known", Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("model.json", "{\"learner\":{", true)]
    [InlineData("model.json", "{\"weights\":[1]}", false)]
    [InlineData("model.json", "[\"learner\"]", false)]
    [InlineData("model.ubj", "{L\0\0\0\0\0\0\0\u0007learner{", true)]
    [InlineData("model.onnx", "\u0008\u0007learner", false)]
    [InlineData("model.json", "", false)]
    public void A_file_is_recognised_by_its_first_bytes(string name, string head, bool expected) =>
        Assert.Equal(expected, new TreesRuntime().CanOpen(name, [.. head.Select(c => (byte)c)]));

    [Fact]
    public void Descriptions_tell_what_a_person_asks_about_a_model()
    {
        var description = new TreesRuntime().Describe(GoldenFiles.PathOf("categorical-partition.json"));
        Assert.Equal("xgboost-json", description.Format);
        var facts = description.Facts.ToDictionary();
        Assert.Equal("xgboost 1.7.4", facts["library"]);
        Assert.Equal("reg:squarederror", facts["objective"]);
        Assert.Equal("0.5", facts["base score"]);
        Assert.Equal("float 3, c 2", facts["feature types"]);
        Assert.Equal("city, colour", facts["categorical features"]);
        Assert.Equal("6", facts["trees"]);
        Assert.Equal("4", facts["max depth"]);
        var city = Assert.Single(description.Splits, s => s.Feature == "city");
        Assert.True(city.Splits == city.ByCategory && city.Gain > 0);
        Assert.Equal(description.Splits.Select(s => s.Splits).OrderDescending(), description.Splits.Select(s => s.Splits));
        Assert.Equal(facts["features used"], description.Splits.Length.ToString(CultureInfo.InvariantCulture));
        Assert.Equal($"{new FileInfo(GoldenFiles.PathOf("categorical-partition.json")).Length} bytes", facts["size"]);
        Assert.Equal(["a", "b", "c", "city", "colour"], description.Signature!.Inputs[0].Columns);
        Assert.True(description.Signature.Inputs[0].Optional);
    }

    [Fact]
    public void Softprob_columns_are_named_by_class_and_softmax_gives_one_value()
    {
        Assert.Equal(["class_0", "class_1", "class_2", "class_3"], new TreesRuntime().Describe(GoldenFiles.PathOf("softprob.json")).Signature!.Outputs[0].Columns);
        Assert.Equal([-1L], new TreesRuntime().Describe(GoldenFiles.PathOf("softmax.json")).Signature!.Outputs[0].Shape);
    }

    [Fact]
    public void Elements_marked_missing_count_as_NaN_and_threads_change_nothing()
    {
        const int Copies = 500;
        using var golden = GoldenFiles.Inputs("softmax");
        using var expected = GoldenFiles.Expected("softmax");
        var (rows, width) = (golden[0].Rows, golden[0].Stride);
        using var marked = new Batch(new Tensor("input", ElementType.Float32, rows * Copies, width));
        for (var i = 0; i < marked[0].Count; i++)
        {
            var value = golden[0].Values<float>()[i % golden[0].Count];
            if (float.IsNaN(value)) marked[0].SetMissing(i);
            else marked[0].Values<float>()[i] = value;
        }
        foreach (var threads in new[] { 1, 2, 0 })
        {
            using var model = new TreesRuntime().Open(GoldenFiles.PathOf("softmax.json"), new RuntimeOptions(threads));
            using var outputs = model.Run(marked);
            for (var row = 0; row < outputs[0].Rows; row++) Assert.Equal(expected.Values<float>()[row % rows], outputs[0].Values<float>()[row]);
        }
    }

    private static string Stump(float left, float right) => $$"""
        {"default_left":[1,0,0],"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[0,0,0],"split_conditions":[0.5,{{left}},{{right}}],"base_weights":[0,0,0]}
        """;

    private static TreeModelDefinition Read(string tree, string parameters, string name, int trees = 1, string? treeInfo = null, string version = "[3,4,0]", string extra = "", string objective = "") =>
        XGBoostFormat.Json.Read(Encoding.UTF8.GetBytes(Json(tree, parameters, name, trees, treeInfo ?? $"[{string.Join(',', Enumerable.Repeat(0, trees))}]", version, extra, objective)));

    private static string Json(string tree, string parameters, string name, int trees, string treeInfo, string version, string extra, string objective) => $$$"""
        {"learner":{"gradient_booster":{"name":"gbtree","model":{{{{extra}}}"tree_info":{{{treeInfo}}},"trees":[{{{string.Join(',', Enumerable.Repeat(tree, trees))}}}]}},
         "learner_model_param":{"num_feature":"1",{{{parameters}}}},"objective":{{{{objective}}}"name":"{{{name}}}"}},"version":{{{version}}}}
        """;

    private static Batch Run(TreeModelDefinition definition, Batch inputs)
    {
        using (inputs)
        {
            using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
            return model.Run(inputs);
        }
    }
}

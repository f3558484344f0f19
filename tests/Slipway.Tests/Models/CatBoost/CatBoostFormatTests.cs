using System.Text;
using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Formats.Pmml.Export;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.CatBoost;

public class CatBoostFormatTests
{
    [Theory]
    [InlineData("CBM1....", "catboost-cbm")]
    [InlineData("\uFEFF { \"ctr_data\":{}", "catboost-json")]
    [InlineData("{\n  \"features_info\":\n    {", "catboost-json")]
    [InlineData("{\"oblivious_trees\":[", "catboost-json")]
    [InlineData("{\"model_info\":{\"catboost_version_info\":\"", "catboost-json")]
    [InlineData("{\"trees\":[{\"left\":{\"split\":{\"split_index\":0", "catboost-json")]
    [InlineData("{\"model_info\":{\"name\":\"another\"}}", null)]
    [InlineData("{\"trees\":[]}", null)]
    [InlineData("{\"learner\":{}}", null)]
    [InlineData("CBM", null)]
    [InlineData("", null)]
    public void Formats_are_known_by_their_first_bytes(string head, string? format)
    {
        var bytes = Encoding.UTF8.GetBytes(head);
        Assert.Equal(format, new[] { CatBoostFormat.Binary, CatBoostFormat.Json }.SingleOrDefault(f => f.Matches("model", bytes))?.Name);
    }

    [Fact]
    public void Text_features_are_described_and_not_run()
    {
        var path = GoldenFiles.PathOf(Path.Combine("unsupported", "text.cbm"));
        var description = new TreesRuntime().Describe(path);
        Assert.Equal(["text feature 2 'review'", "model part 'text_process_v1' (texts and embeddings are not supported)"], description.Unsupported);
        Assert.Equal("Logloss", description.Facts.Single(f => f.Key == "objective").Value);
        Assert.Equal("text.cbm: text feature 2 'review'; model part 'text_process_v1' (texts and embeddings are not supported)", Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default)).Message);
    }

    [Fact]
    public void A_model_saved_without_the_counts_of_its_CTRs_is_described_and_not_run()
    {
        var document = Golden("categories");
        document.Remove("ctr_data");
        var definition = Read(document);
        Assert.Equal(document["features_info"]!["ctrs"]!.AsArray().Select(c => c!["identifier"]!.GetValue<string>()).Distinct().Count(), definition.Unsupported.Length);
        Assert.StartsWith("CTR feature 0: the file holds no counts for it", definition.Unsupported[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"Poisson\",\"params\":{}}", MarginTransform.Exponential, "prediction")]
    [InlineData("{\"type\":\"Tweedie\",\"params\":{\"variance_power\":\"1.5\"}}", MarginTransform.Exponential, "prediction")]
    [InlineData("\"Logloss\"", MarginTransform.BinaryProbabilities, "label,probability")]
    [InlineData("{\"type\":\"CrossEntropy\"}", MarginTransform.BinaryProbabilities, "label,probability")]
    [InlineData("{\"type\":\"YetiRank\"}", MarginTransform.Identity, "prediction")]
    [InlineData("{\"type\":\"MAE\"}", MarginTransform.Identity, "prediction")]
    [InlineData("{\"type\":\"PythonUserDefinedPerObject\"}", MarginTransform.Identity, "prediction")]
    [InlineData("null", MarginTransform.Identity, "prediction")]
    public void The_loss_decides_what_is_predicted(string loss, MarginTransform transform, string outputs)
    {
        var document = Golden("rmse");
        document["model_info"] = new JsonObject { ["params"] = new JsonObject { ["loss_function"] = JsonNode.Parse(loss) } };
        var definition = Read(document);
        Assert.Equal(transform, definition.Transform);
        Assert.Equal(outputs.Split(','), definition.Signature.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void A_loss_of_the_users_own_with_two_class_names_is_a_classifiers()
    {
        var document = Golden("rmse");
        document["model_info"] = new JsonObject
        {
            ["params"] = new JsonObject { ["loss_function"] = new JsonObject { ["type"] = "PythonUserDefinedPerObject" } },
            ["class_params"] = new JsonObject { ["class_names"] = new JsonArray("bad", "good") },
        };
        Assert.Equal(["bad", "good"], Read(document).Signature.Outputs[1].Columns);
    }

    [Theory]
    [InlineData("{\"type\":\"MultiQuantile\",\"params\":{\"alpha\":\"0.1, 0.5,0.9\"}}", "quantile_0.1,quantile_0.5,quantile_0.9")]
    [InlineData("{\"type\":\"MultiQuantile\",\"params\":{\"alpha\":\"0.1,0.9\"}}", "target_0,target_1,target_2")]
    [InlineData("{\"type\":\"MultiRMSE\",\"params\":{}}", "target_0,target_1,target_2")]
    public void Several_targets_have_names(string loss, string columns)
    {
        var document = Golden("multiclass");
        document["model_info"] = new JsonObject { ["params"] = new JsonObject { ["loss_function"] = JsonNode.Parse(loss) } };
        Assert.Equal(columns.Split(','), Read(document).Signature.Outputs.Single().Columns);
    }

    /// <summary>Old files call the class names otherwise, or leave them to the parameters.</summary>
    [Theory]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}},\"multiclass_params\":{\"class_names\":[\"x\",\"y\",\"z\"],\"class_to_label\":[0,1,2]}}", "x,y,z")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"},\"data_processing_options\":{\"class_names\":[\"x\",\"y\",\"z\"]}}}", "x,y,z")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}},\"class_params\":{\"class_to_label\":[3,5,10],\"class_names\":[]}}", "3,5,10")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}},\"class_params\":{\"class_names\":[0.5,1.5,2]}}", "0.5,1.5,2")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}}}", "0,1,2")]
    [InlineData("{\"params\":\"{\\\"loss_function\\\":{\\\"type\\\":\\\"MultiClass\\\"}}\"}", "0,1,2")]
    public void Classes_have_the_names_that_CatBoost_finds(string info, string names)
    {
        var document = Golden("multiclass");
        document["model_info"] = JsonNode.Parse(info);
        Assert.Equal(names.Split(','), Read(document).Signature.Outputs[1].Columns);
    }

    [Theory]
    [InlineData("{\"params\":\"{\"}", "model_info.params: not valid JSON")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}},\"class_params\":{\"classes_count\":4,\"class_to_label\":[0,1,4]}}", "model_info: dimension 2 has class 4 of 4")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}},\"class_params\":{\"classes_count\":4,\"class_to_label\":[0,1]}}", "model_info: class_to_label has 2 entries, the trees have 3 dimensions")]
    [InlineData("{\"params\":{\"loss_function\":{\"type\":\"MultiClass\"}},\"class_params\":{\"classes_count\":2000000000}}", "model_info: 2000000000 classes for 3 dimensions")]
    public void Classes_that_contradict_the_trees_are_refused(string info, string error)
    {
        var document = Golden("multiclass");
        document["model_info"] = JsonNode.Parse(info);
        Assert.StartsWith(error, Assert.Throws<ModelException>(() => Read(document)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rmse.cbm")]
    [InlineData("multiclass.cbm")]
    [InlineData("asymmetric-uncertainty.json")]
    [InlineData("categories.cbm")]
    public void Contributions_add_up_to_the_raw_value(string file)
    {
        var expected = GoldenFiles.Expected(Path.GetFileNameWithoutExtension(file));
        using var model = new TreesRuntime().Open(GoldenFiles.PathOf(file), new RuntimeOptions { Output = OutputKind.Contributions });
        using var inputs = GoldenFiles.Inputs(Path.GetFileNameWithoutExtension(file), model.Signature);
        using var outputs = model.Run(inputs);
        var contributions = outputs[0].Values<double>();
        for (var row = 0; row < expected.Length; row++)
        {
            var width = outputs[0].Stride / expected[row].Raw.Length;
            for (var d = 0; d < expected[row].Raw.Length; d++)
            {
                var sum = 0.0;
                foreach (var value in contributions.Slice((row * outputs[0].Stride) + (d * width), width)) sum += value;
                Assert.Equal(expected[row].Raw[d], sum, 1e-10);
            }
        }
    }

    [Fact]
    public void Contributions_are_those_of_the_features_that_users_know()
    {
        var names = new TreesRuntime().Open(GoldenFiles.PathOf("categories.cbm"), new RuntimeOptions { Output = OutputKind.Contributions }).Signature.Outputs[0].Columns;
        Assert.Equal(["0", "n1", "c2", "c3", "n4", "5", "c6", "bias"], names);
    }

    /// <summary>One CTR of two categories (1 or 0), in a tree of one level: half of what it adds is each one's.</summary>
    [Fact]
    public void What_a_combination_adds_is_shared_by_its_features()
    {
        const string Identifier = "{\\\"identifier\\\":[],\\\"type\\\":\\\"Counter\\\"}";
        var known = CtrHash.Combine(CtrHash.Combine(0, CtrHash.OfCategory("x"u8)), CtrHash.OfCategory("y"u8));
        var model = $$"""
            {"features_info":{
              "categorical_features":[{"feature_index":0,"flat_feature_index":1,"feature_id":"b"},{"feature_index":1,"flat_feature_index":0,"feature_id":"a"}],
              "ctrs":[{"borders":[0.5],"ctr_type":"Counter","identifier":"{{Identifier}}","prior_denomerator":0,"prior_numerator":0,"scale":1,"shift":0,"target_border_idx":0,
                "elements":[{"cat_feature_index":0,"combination_element":"cat_feature_value"},{"cat_feature_index":1,"combination_element":"cat_feature_value"}]}]},
             "ctr_data":{"{{Identifier}}":{"counter_denominator":1,"hash_stride":2,"hash_map":["{{known}}",1]} },
             "oblivious_trees":[{"leaf_values":[2,10],"leaf_weights":[3,1],"splits":[{"split_type":"OnlineCtr","border":0.5,"split_index":0}]}],
             "scale_and_bias":[2,[100]]}
            """;
        using var compiled = TreesModel.Compile(CatBoostFormat.Json.Read(Encoding.UTF8.GetBytes(model)), new RuntimeOptions { Output = OutputKind.Contributions });
        using var inputs = new Batch(Tensor.OfText("a", "y", "y"), Tensor.OfText("b", "x", "z"));
        using var outputs = compiled.Run(inputs);
        // Expected of the tree: (3 × 2 + 1 × 10) / 4 = 4; the leaves are 6 above and 2 below it; all that twice, and the bias.
        Assert.Equal(["a", "b", "bias"], outputs[0].Name == "contribution" ? compiled.Signature.Outputs[0].Columns : []);
        Assert.Equal([6, 6, 108, -2, -2, 108], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Weights_of_leaves_are_passed_over_for_scores()
    {
        var file = File.ReadAllBytes(GoldenFiles.PathOf("rmse.cbm"));
        var (all, scores) = (CatBoostFormat.Binary.Read(file).Trees!, CatBoostFormat.Binary.ReadForScores(file).Trees!);
        Assert.False(all.Symmetric!.LeafCovers.IsEmpty);
        Assert.True(scores.Symmetric!.LeafCovers.IsEmpty);
        Assert.Equal(all.Symmetric.Levels, scores.Symmetric.Levels);
        Assert.Equal(all.Symmetric.LeafValues, scores.Symmetric.LeafValues);
    }

    [Fact]
    public void Scale_and_bias_are_exported_to_PMML()
    {
        var definition = CatBoostFormat.Binary.Read(File.ReadAllBytes(GoldenFiles.PathOf("rmse.cbm")));
        var folder = Directory.CreateTempSubdirectory("slipway-catboost-");
        try
        {
            var path = Path.Combine(folder.FullName, "rmse.pmml");
            using (var file = File.Create(path)) PmmlExport.Write(definition, file);
            using var model = new PmmlRuntime().Open(path, RuntimeOptions.Default);
            using var table = GoldenFiles.Table("rmse");
            // The document's fields are float32, as the library's features are.
            using var rounded = new Batch();
            foreach (var column in table) rounded.Add(column.ConvertTo(ElementType.Float32));
            using var inputs = InputBinding.Bind(model.Signature, rounded, allowExtra: true);
            using var outputs = model.Run(inputs);
            var expected = GoldenFiles.Expected("rmse");
            for (var row = 0; row < expected.Length; row++) Assert.Equal(expected[row].Raw[0], outputs[0].NumberAt(row), 1e-14);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Inspect_tells_what_a_model_with_categories_holds()
    {
        var description = new TreesRuntime().Describe(GoldenFiles.PathOf("categories.cbm"));
        var facts = description.Facts.ToDictionary(f => f.Key, f => f.Value);
        Assert.Equal("catboost 1.2.7", facts["library"]);
        Assert.Equal("number 4, category 3", facts["feature types"]);
        Assert.Equal("c2, c3, c6", facts["categorical features"]);
        Assert.Equal("15 (Borders 8, Buckets 3, BinarizedTargetMeanValue 1, FloatTargetMeanValue 1, Counter 1, FeatureFreq 1) of 5 combinations", facts["CTRs"]);
        Assert.Equal("-0.125", facts["bias"]);
        Assert.Contains(description.Splits, s => s.Feature.StartsWith("Borders(c2, c6; prior ", StringComparison.Ordinal));
        Assert.All(description.Splits, s => Assert.Null(s.Gain));
    }

    private static JsonObject Golden(string model) => JsonNode.Parse(File.ReadAllText(GoldenFiles.PathOf($"{model}.json")))!.AsObject();

    private static TreeModelDefinition Read(JsonObject document) => CatBoostFormat.Json.Read(Encoding.UTF8.GetBytes(document.ToJsonString()));
}

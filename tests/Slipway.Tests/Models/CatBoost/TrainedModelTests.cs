using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.CatBoost;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.CatBoost;

/// <summary>Facts of models that CatBoost 1.2.10 itself trained or scored, as their owners published them.</summary>
public class TrainedModelTests
{
    private const string First = """[{\"cat_feature_index\":0,\"combination_element\":\"cat_feature_value\"}]""";
    private const string Both = """[{\"cat_feature_index\":0,\"combination_element\":\"cat_feature_value\"},{\"cat_feature_index\":1,\"combination_element\":\"cat_feature_value\"}]""";

    private static readonly string FirstElements = First.Replace("\\", "", StringComparison.Ordinal);
    private static readonly string BothElements = Both.Replace("\\", "", StringComparison.Ordinal);

    /// <summary>CTRs of one and of two categories (0…2, 0…3) of 64 training rows; only the trees that split by nothing else.</summary>
    private static readonly string Combination = $$$"""
        {"ctr_data":{
          "{\"identifier\":{{{Both}}},\"type\":\"Borders\"}":{"counter_denominator":0,"hash_stride":3,"hash_map":["18446744073709551615",2,5,"17910320470842104900",1,4,
            "544378254177089508",1,2,"6669050683808573607",3,1,"3591897980961147625",5,0,"10996328837346912332",2,1,"9716570410592631724",2,7,"17121001266978396431",2,2,
            "7549892520395339091",3,3,"10904806204623855317",2,5,"13674564950026823190",4,0,"13952325931407913434",4,2,"2910012714084126525",7,1]},
          "{\"identifier\":{{{First}}},\"type\":\"Borders\"}":{"counter_denominator":0,"hash_stride":3,"hash_map":["18446744073709551615",14,12,"10650234391120027977",11,10,
            "14096670708071601218",11,6,"6692239851685836511",14,12]}},
         "features_info":{
          "categorical_features":[{"feature_id":"","feature_index":0,"flat_feature_index":0},{"feature_id":"","feature_index":1,"flat_feature_index":1}],
          "ctrs":[
           {"borders":[5.9999990463256836],"ctr_type":"Borders","elements":{{{FirstElements}}},"identifier":"{\"identifier\":{{{First}}},\"type\":\"Borders\"}",
            "prior_denomerator":1,"prior_numerator":0.5,"scale":15,"shift":0,"target_border_idx":0},
           {"borders":[3.9999990463256836],"ctr_type":"Borders","elements":{{{BothElements}}},"identifier":"{\"identifier\":{{{Both}}},\"type\":\"Borders\"}",
            "prior_denomerator":1,"prior_numerator":0.5,"scale":15,"shift":0,"target_border_idx":0}],
          "float_features":[{"borders":[],"feature_id":"","feature_index":0,"flat_feature_index":2,"has_nans":false,"nan_value_treatment":"AsIs"},
           {"borders":[0.70663774013519287],"feature_id":"","feature_index":1,"flat_feature_index":3,"has_nans":false,"nan_value_treatment":"AsIs"}]},
         "model_info":{"params":{"loss_function":{"params":{},"type":"Logloss"} } },
         "oblivious_trees":[{"leaf_values":[-0.012554094621749105,-0.01517342894464993,0.0060112186202275686,-0.0040619428263209863],"leaf_weights":[9,10,14,31],"splits":[
           {"border":5.9999990463256836,"ctr_target_border_idx":0,"split_index":1,"split_type":"OnlineCtr"},
           {"border":3.9999990463256836,"ctr_target_border_idx":0,"split_index":2,"split_type":"OnlineCtr"}]}],
         "scale_and_bias":[1,[0]]}
        """;

    /// <summary>All pairs are found by their hashes, and the rows of a first category with any second are those that it has by itself.</summary>
    [Fact]
    public void Categories_and_their_pairs_have_the_hashes_that_CatBoost_counted_by()
    {
        var document = CatBoostJsonReader.Read(Encoding.UTF8.GetBytes(Combination));
        var (single, pairs) = (document.CtrTables[document.CtrFeatures[0].TableKey], document.CtrTables[document.CtrFeatures[1].TableKey]);
        for (var first = 0; first < 3; first++)
        {
            var sums = new int[2];
            for (var second = 0; second < 4; second++)
            {
                var counts = pairs.Of(pairs.Find(CtrHash.Combine(CtrHash.Combine(0, Hash(first)), Hash(second))), 2);
                (sums[0], sums[1]) = (sums[0] + counts[0], sums[1] + counts[1]);
            }
            Assert.Equal(single.Of(single.Find(CtrHash.Combine(0, Hash(first))), 2), sums);
        }
    }

    /// <summary>A CTR of this model is 15 × (rows of class 1 + 0.5) / (rows + 1); the last pair is one that training did not have.</summary>
    [Fact]
    public void Rows_reach_the_leaf_of_their_CTRs()
    {
        var document = CatBoostJsonReader.Read(Encoding.UTF8.GetBytes(Combination));
        var (single, pairs) = (document.CtrTables[document.CtrFeatures[0].TableKey], document.CtrTables[document.CtrFeatures[1].TableKey]);
        using var model = TreesModel.Compile(CatBoostImport.Import(document), new RuntimeOptions { Output = OutputKind.Leaf });
        for (var first = 0; first < 3; first++)
        {
            for (var second = 0; second < 5; second++)
            {
                using var inputs = new Batch(Tensor.Of<long>("0", [first]), Tensor.Of<long>("1", [second]), Tensor.Of<double>("2", [0.5]), Tensor.Of<double>("3", [0.5]));
                using var outputs = model.Run(inputs);
                var isPairKnown = second < 4;
                var counts = isPairKnown ? pairs.Of(pairs.Find(CtrHash.Combine(CtrHash.Combine(0, Hash(first)), Hash(second))), 2) : [0, 0];
                Assert.Equal((Ctr(single.Of(single.Find(CtrHash.Combine(0, Hash(first))), 2)) > 5.9999990463256836 ? 1 : 0) + (Ctr(counts) > 3.9999990463256836 ? 2 : 0), outputs[0].Values<int>()[0]);
            }
        }

        static double Ctr(ReadOnlySpan<int> counts) => 15 * (counts[1] + 0.5) / (counts[0] + counts[1] + 1);
    }

    [Fact]
    public void Free_places_that_CatBoost_dumps_are_no_buckets()
    {
        var document = CatBoostJsonReader.Read(Encoding.UTF8.GetBytes(Combination));
        Assert.All(document.CtrTables.Values, t => Assert.Equal(-1, t.Find(ulong.MaxValue)));
    }

    /// <summary>Borders of numbers come first, then one-hot values, then CTRs: CatBoost gave 2, 3, 4, 5 and 0 for these rows.</summary>
    [Fact]
    public void Splits_are_numbered_as_CatBoost_numbers_them()
    {
        var hashes = new[] { "foo", "bar", "hello" }.ToDictionary(t => CtrHash.OfCategory(Encoding.UTF8.GetBytes(t)), t => t);
        int[] values = [.. hashes.Keys.Order()];
        var map = string.Join(",", values.Zip([1, 3, 6], (h, count) => $"\"{CtrHash.Combine(0, h)}\",{count}"));
        var model = $$$"""
            {"features_info":{
              "float_features":[{"feature_index":0,"flat_feature_index":1,"feature_id":"number","has_nans":false,"nan_value_treatment":"AsIs","borders":[0.5]}],
              "categorical_features":[{"feature_index":0,"flat_feature_index":0,"feature_id":"kind","values":[{{{string.Join(",", values)}}}]}],
              "ctrs":[{"borders":[0.3],"ctr_type":"FeatureFreq","elements":{{{FirstElements}}},"identifier":"{\"identifier\":{{{First}}},\"type\":\"FeatureFreq\"}",
                "prior_denomerator":1,"prior_numerator":0,"scale":1,"shift":0,"target_border_idx":0}]},
             "ctr_data":{"{\"identifier\":{{{First}}},\"type\":\"FeatureFreq\"}":{"counter_denominator":10,"hash_stride":2,"hash_map":[{{{map}}}]}},
             "oblivious_trees":[{"leaf_values":[0,1,2,3,4,5,6,7],"leaf_weights":[1,1,1,1,1,1,1,1],"splits":[
               {"split_type":"FloatFeature","float_feature_index":0,"border":0.5,"split_index":0},
               {"split_type":"OneHotFeature","cat_feature_index":0,"value":{{{values[0]}}},"split_index":1},
               {"split_type":"OnlineCtr","border":0.3,"ctr_target_border_idx":0,"split_index":4}]}],
             "scale_and_bias":[1.0,[0.0]]}
            """;
        using var compiled = TreesModel.Compile(CatBoostFormat.Json.Read(Encoding.UTF8.GetBytes(model)), RuntimeOptions.Default, KernelKind.Reference);
        var (oneHot, frequent) = (hashes[values[0]], hashes[values[2]]);
        using var inputs = new Batch(Tensor.OfText("kind", oneHot, oneHot, frequent, frequent, "new-category"), Tensor.Of<double>("number", [0, 1, 0, 1, 0]));
        using var outputs = compiled.Run(inputs);
        Assert.Equal([2, 3, 4, 5, 0], outputs[0].Values<double>().ToArray());
    }

    private static int Hash(int category) => CtrHash.OfCategory(Encoding.UTF8.GetBytes(category.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}

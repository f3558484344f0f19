using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Serving;

/// <summary>An XGBoost regression model of complete trees with random splits, as XGBoost's own JSON.</summary>
internal static class SyntheticTrees
{
    public static string Json(int trees, int depth, int features, int seed)
    {
        var random = new Random(seed);
        var model = new JsonArray();
        for (var tree = 0; tree < trees; tree++) model.Add(Tree(tree, depth, features, random));
        var document = new JsonObject
        {
            ["version"] = new JsonArray(1, 7, 4),
            ["learner"] = new JsonObject
            {
                ["attributes"] = new JsonObject(),
                ["feature_names"] = new JsonArray(),
                ["feature_types"] = new JsonArray(),
                ["learner_model_param"] = new JsonObject { ["base_score"] = "5E-1", ["num_class"] = "0", ["num_feature"] = features.ToString(), ["num_target"] = "1", ["boost_from_average"] = "1" },
                ["objective"] = new JsonObject { ["name"] = "reg:squarederror", ["reg_loss_param"] = new JsonObject { ["scale_pos_weight"] = "1" } },
                ["gradient_booster"] = new JsonObject
                {
                    ["name"] = "gbtree",
                    ["model"] = new JsonObject
                    {
                        ["gbtree_model_param"] = new JsonObject { ["num_trees"] = trees.ToString(), ["num_parallel_tree"] = "1", ["size_leaf_vector"] = "0" },
                        ["tree_info"] = new JsonArray([.. Enumerable.Repeat(0, trees).Select(zero => JsonValue.Create(zero))]),
                        ["trees"] = model,
                    },
                },
            },
        };
        return document.ToJsonString(new JsonSerializerOptions());
    }

    // Nodes are in level order: the children of i are 2i+1 and 2i+2, and the last level are leaves.
    private static JsonObject Tree(int id, int depth, int features, Random random)
    {
        var nodes = (1 << (depth + 1)) - 1;
        var inner = (1 << depth) - 1;
        JsonArray Of(Func<int, JsonNode> value) => new([.. Enumerable.Range(0, nodes).Select(value)]);
        return new JsonObject
        {
            ["id"] = id,
            ["left_children"] = Of(i => i < inner ? (2 * i) + 1 : -1),
            ["right_children"] = Of(i => i < inner ? (2 * i) + 2 : -1),
            ["parents"] = Of(i => i == 0 ? int.MaxValue : (i - 1) / 2),
            ["split_indices"] = Of(i => i < inner ? random.Next(features) : 0),
            ["split_conditions"] = Of(i => i < inner ? random.NextSingle() : random.NextSingle() - 0.5f),
            ["split_type"] = Of(_ => 0),
            ["default_left"] = Of(_ => random.Next(2)),
            ["base_weights"] = Of(_ => 0f),
            ["loss_changes"] = Of(_ => 0f),
            ["sum_hessian"] = Of(_ => 1f),
            ["categories"] = new JsonArray(),
            ["categories_nodes"] = new JsonArray(),
            ["categories_segments"] = new JsonArray(),
            ["categories_sizes"] = new JsonArray(),
            ["tree_param"] = new JsonObject { ["num_deleted"] = "0", ["num_feature"] = features.ToString(), ["num_nodes"] = nodes.ToString(), ["size_leaf_vector"] = "0" },
        };
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>What LightGBM's <c>dump_model</c> gives for a model in text.</summary>
internal static class JsonDump
{
    public static byte[] Of(string text)
    {
        var header = new Dictionary<string, string>();
        var trees = new List<Dictionary<string, string[]>>();
        foreach (var line in text.Split('\n').TakeWhile(l => l != "end of trees" && !l.StartsWith("feature importances", StringComparison.Ordinal)))
        {
            if (line.StartsWith("Tree=", StringComparison.Ordinal)) trees.Add([]);
            var parts = line.Split('=', 2);
            if (trees.Count == 0) header[parts[0]] = parts.Length == 2 ? parts[1] : "";
            else if (parts.Length == 2) trees[^1][parts[0]] = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        var names = header["feature_names"].Split(' ');
        var pandas = text.IndexOf("\npandas_categorical:", StringComparison.Ordinal);
        var json = new JsonObject
        {
            ["name"] = "tree",
            ["version"] = header["version"],
            ["num_class"] = Integer(header["num_class"]),
            ["num_tree_per_iteration"] = Integer(header["num_tree_per_iteration"]),
            ["label_index"] = 0,
            ["max_feature_idx"] = names.Length - 1,
            ["objective"] = header.GetValueOrDefault("objective"),
            ["average_output"] = header.ContainsKey("average_output"),
            ["feature_names"] = new JsonArray([.. names.Select(n => (JsonNode)n)]),
            ["monotone_constraints"] = new JsonArray(),
            ["feature_infos"] = new JsonObject(names.Zip(header["feature_infos"].Split(' ')).Where(f => f.Second != "none").Select(f => new KeyValuePair<string, JsonNode?>(f.First, Info(f.Second)))),
            ["tree_info"] = new JsonArray([.. trees.Select((t, i) => Tree(t, i))]),
            ["feature_importances"] = new JsonObject { [names[0]] = 1 },
            ["pandas_categorical"] = pandas < 0 ? null : JsonNode.Parse(text[(pandas + "\npandas_categorical:".Length)..]),
        };
        if (json["objective"] is null) json.Remove("objective");
        return Encoding.UTF8.GetBytes(json.ToJsonString(new() { MaxDepth = 10_000 }));
    }

    private static JsonObject Info(string info)
    {
        var values = info.Trim('[', ']').Split(':').Select(Number).ToArray();
        return new JsonObject { ["min_value"] = values.Min(), ["max_value"] = values.Max(), ["values"] = new JsonArray([.. info[0] == '[' ? [] : values.Select(v => (JsonNode)v)]) };
    }

    private static JsonObject Tree(Dictionary<string, string[]> tree, int index) => new()
    {
        ["tree_index"] = index,
        ["num_leaves"] = Integer(tree["num_leaves"][0]),
        ["num_cat"] = Integer(tree["num_cat"][0]),
        ["shrinkage"] = 1,
        ["tree_structure"] = tree["num_leaves"][0] == "1" ? Linear(tree, 0, new JsonObject { ["leaf_value"] = Number(tree["leaf_value"][0]) }) : Node(tree, 0),
    };

    private static JsonObject Node(Dictionary<string, string[]> tree, int node)
    {
        if (node < 0)
        {
            return Linear(tree, ~node, new JsonObject
            {
                ["leaf_index"] = ~node,
                ["leaf_value"] = Number(tree["leaf_value"][~node]),
                ["leaf_count"] = Integer(tree["leaf_count"][~node]),
            });
        }
        var decision = Integer(tree["decision_type"][node]);
        return new JsonObject
        {
            ["split_index"] = node,
            ["split_feature"] = Integer(tree["split_feature"][node]),
            ["split_gain"] = Number(tree["split_gain"][node]),
            ["threshold"] = (decision & 1) == 0 ? Math.Clamp(Number(tree["threshold"][node]), -1e300, 1e300) : string.Join("||", Categories(tree, Integer(tree["threshold"][node]))),
            ["decision_type"] = (decision & 1) == 0 ? "<=" : "==",
            ["default_left"] = (decision & 2) != 0,
            ["missing_type"] = new[] { "None", "Zero", "NaN" }[decision >> 2],
            ["internal_count"] = Integer(tree["internal_count"][node]),
            ["left_child"] = Node(tree, Integer(tree["left_child"][node])),
            ["right_child"] = Node(tree, Integer(tree["right_child"][node])),
        };
    }

    private static JsonObject Linear(Dictionary<string, string[]> tree, int leaf, JsonObject node)
    {
        if (!tree.TryGetValue("is_linear", out var isLinear) || isLinear[0] == "0") return node;
        var before = tree["num_features"].Take(leaf).Sum(Integer);
        var terms = Enumerable.Range(before, Integer(tree["num_features"][leaf]));
        node["leaf_const"] = Number(tree["leaf_const"][leaf]);
        node["leaf_features"] = new JsonArray([.. terms.Select(t => (JsonNode)Integer(tree["leaf_features"][t]))]);
        node["leaf_coeff"] = new JsonArray([.. terms.Select(t => (JsonNode)Number(tree["leaf_coeff"][t]))]);
        return node;
    }

    private static IEnumerable<int> Categories(Dictionary<string, string[]> tree, int set)
    {
        var from = Integer(tree["cat_boundaries"][set]);
        return Enumerable.Range(0, 32 * (Integer(tree["cat_boundaries"][set + 1]) - from))
            .Where(c => ((uint.Parse(tree["cat_threshold"][from + (c / 32)], CultureInfo.InvariantCulture) >> (c % 32)) & 1) != 0);
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => text == "inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
}

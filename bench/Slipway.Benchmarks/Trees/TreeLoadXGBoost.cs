using System.Globalization;

namespace Slipway.Benchmarks.Trees;

/// <summary>A model in XGBoost's JSON, which XGBoost's own library then saves in each of its three forms.</summary>
internal static class TreeLoadXGBoost
{
    private const int BytesPerNode = 55;

    /// <param name="bytes">Of the JSON; the other forms are smaller.</param>
    public static void Write(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        var trees = (int)Math.Max(1, bytes / (BytesPerNode * forest.Nodes));
        using var writer = new StreamWriter(path);
        writer.Write($$"""{"learner":{"attributes":{},"feature_names":[{{Join(TreeLoadForest.Features, f => $"\"{TreeLoadForest.Name(f)}\"")}}],"feature_types":[{{Join(TreeLoadForest.Features, _ => "\"float\"")}}],""");
        writer.Write($$"""
            "gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"{{trees}}","size_leaf_vector":"0"},"tree_info":[{{Join(trees, _ => "0")}}],"trees":[
            """);
        for (var t = 0; t < trees; t++)
        {
            forest.Grow();
            if (t > 0) writer.Write(',');
            WriteTree(writer, forest, t);
        }
        writer.Write($$"""
            ]},"name":"gbtree"},"learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"{{TreeLoadForest.Features}}","num_target":"1"},"objective":{"name":"reg:squarederror","reg_loss_param":{"scale_pos_weight":"1"} } },"version":[1,7,4]}
            """);
    }

    /// <summary>Saves it with the library: <c>.json</c>, <c>.ubj</c>, or any other ending for the binary form.</summary>
    public static void Save(string json, string path)
    {
        using var library = new XGBoostLibrary(json, TreeLoadForest.Features, 1);
        library.Save(path);
    }

    /// <summary>Splits first, then leaves.</summary>
    private static void WriteTree(StreamWriter writer, TreeLoadForest tree, int id)
    {
        var splits = tree.Splits;
        var parents = new int[tree.Nodes];
        parents[0] = int.MaxValue;
        for (var split = 0; split < splits; split++) (parents[Node(tree.Left[split])], parents[Node(tree.Right[split])]) = (split, split);
        var zeros = Join(tree.Nodes, _ => "0");
        writer.Write($$"""
            {"base_weights":[{{All(_ => "0E0", l => Text(tree.LeafValues[l]))}}],"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],"default_left":[{{All(s => tree.DefaultLeft[s] ? "1" : "0", _ => "0")}}],"id":{{id}},
            "left_children":[{{All(s => Text(Node(tree.Left[s])), _ => "-1")}}],"loss_changes":[{{All(s => Text(tree.Gains[s]), _ => "0E0")}}],"parents":[{{Join(tree.Nodes, n => Text(parents[n]))}}],"right_children":[{{All(s => Text(Node(tree.Right[s])), _ => "-1")}}],
            "split_conditions":[{{All(s => Text(tree.Threshold(s)), l => Text(tree.LeafValues[l]))}}],"split_indices":[{{All(s => Text(tree.Feature[s]), _ => "0")}}],"split_type":[{{zeros}}],"sum_hessian":[{{All(s => Text((double)tree.SplitCounts[s]), l => Text((double)tree.LeafCounts[l]))}}],
            "tree_param":{"num_deleted":"0","num_feature":"{{TreeLoadForest.Features}}","num_nodes":"{{tree.Nodes}}","size_leaf_vector":"0"} }
            """);

        int Node(int child) => child >= 0 ? child : splits + ~child;

        string All(Func<int, string> ofSplit, Func<int, string> ofLeaf) => Join(tree.Nodes, n => n < splits ? ofSplit(n) : ofLeaf(n - splits));
    }

    private static string Text(double value) => ((float)value).ToString("0.########E0", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Join(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));
}

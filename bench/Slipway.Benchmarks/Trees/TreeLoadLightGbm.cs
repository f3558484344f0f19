using System.Globalization;

namespace Slipway.Benchmarks.Trees;

/// <summary>A model in LightGBM's text, and as its <c>dump_model</c> gives it.</summary>
internal static class TreeLoadLightGbm
{
    /// <summary>NaN is missing; bit 1: missing values go left.</summary>
    private const int MissingIsNaN = 8;
    private const int BytesPerNode = 75;

    public static void WriteText(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        using var writer = new StreamWriter(path);
        var trees = Math.Max(1, bytes / (BytesPerNode * forest.Nodes));
        writer.Write($"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx={TreeLoadForest.Features - 1}\nobjective=regression\n");
        writer.Write($"feature_names={Join(TreeLoadForest.Features, TreeLoadForest.Name)}\nfeature_infos={Join(TreeLoadForest.Features, _ => "[-5:5]")}\ntree_sizes={Join((int)trees, _ => Text(BytesPerNode * forest.Nodes))}\n\n");
        for (var t = 0; t < trees; t++)
        {
            forest.Grow();
            writer.Write($"Tree={t}\nnum_leaves={forest.Leaves}\nnum_cat=0\nsplit_feature={Splits(s => Text(forest.Feature[s]))}\nsplit_gain={Splits(s => Text(forest.Gains[s], "G6"))}\n");
            writer.Write($"threshold={Splits(s => Text((double)forest.Threshold(s)))}\ndecision_type={Splits(s => Text(Decision(forest, s)))}\nleft_child={Splits(s => Text(forest.Left[s]))}\nright_child={Splits(s => Text(forest.Right[s]))}\n");
            writer.Write($"leaf_value={Leaves(l => Text(forest.LeafValues[l]))}\nleaf_weight={Leaves(l => Text(forest.LeafCounts[l]))}\nleaf_count={Leaves(l => Text(forest.LeafCounts[l]))}\n");
            writer.Write($"internal_value={Splits(s => Text(forest.Gains[s] / 100, "G6"))}\ninternal_weight={Splits(s => Text(forest.SplitCounts[s]))}\ninternal_count={Splits(s => Text(forest.SplitCounts[s]))}\nis_linear=0\nshrinkage=0.1\n\n\n");
        }
        writer.Write("end of trees\n\nfeature_importances:\nfeature_0=1\n\nparameters:\n[boosting: gbdt]\n\nend of parameters\n\npandas_categorical:null\n");

        string Splits(Func<int, string> item) => Join(forest.Splits, item);

        string Leaves(Func<int, string> item) => Join(forest.Leaves, item);
    }

    public static void WriteJson(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        using var writer = new StreamWriter(path);
        writer.Write($$"""{"name": "tree", "version": "v4", "num_class": 1, "num_tree_per_iteration": 1, "label_index": 0, "max_feature_idx": {{TreeLoadForest.Features - 1}}, "objective": "regression", "average_output": false, "feature_names": [""");
        writer.Write(string.Join(", ", Enumerable.Range(0, TreeLoadForest.Features).Select(f => $"\"{TreeLoadForest.Name(f)}\"")));
        writer.Write("], \"monotone_constraints\": [], \"feature_infos\": {}, \"tree_info\": [");
        for (var t = 0; writer.BaseStream.Position < bytes; t++)
        {
            forest.Grow();
            writer.Write($"{(t == 0 ? "" : ", ")}{{\"tree_index\": {t}, \"num_leaves\": {forest.Leaves}, \"num_cat\": 0, \"shrinkage\": 0.1, \"tree_structure\": ");
            WriteNode(writer, forest, 0);
            writer.Write('}');
        }
        writer.Write("], \"feature_importances\": {\"feature_0\": 1}, \"pandas_categorical\": null}");
    }

    private static void WriteNode(StreamWriter writer, TreeLoadForest tree, int node)
    {
        if (node < 0)
        {
            writer.Write($"{{\"leaf_index\": {~node}, \"leaf_value\": {Text(tree.LeafValues[~node])}, \"leaf_weight\": {tree.LeafCounts[~node]}, \"leaf_count\": {tree.LeafCounts[~node]}}}");
            return;
        }
        writer.Write($"{{\"split_index\": {node}, \"split_feature\": {tree.Feature[node]}, \"split_gain\": {Text(tree.Gains[node], "G6")}, \"threshold\": {Text((double)tree.Threshold(node))}, ");
        writer.Write($"\"decision_type\": \"<=\", \"default_left\": {(tree.DefaultLeft[node] ? "true" : "false")}, \"missing_type\": \"NaN\", \"internal_value\": {Text(tree.Gains[node] / 100, "G6")}, ");
        writer.Write($"\"internal_weight\": {tree.SplitCounts[node]}, \"internal_count\": {tree.SplitCounts[node]}, \"left_child\": ");
        WriteNode(writer, tree, tree.Left[node]);
        writer.Write(", \"right_child\": ");
        WriteNode(writer, tree, tree.Right[node]);
        writer.Write('}');
    }

    private static int Decision(TreeLoadForest tree, int split) => MissingIsNaN | (tree.DefaultLeft[split] ? 2 : 0);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value, string format = "G17") => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Join(int count, Func<int, string> item) => string.Join(' ', Enumerable.Range(0, count).Select(item));
}

using System.Globalization;

namespace Slipway.Benchmarks.Trees;

/// <summary>A random forest of scikit-learn, as <c>sklearn_to_json.py</c> writes it.</summary>
internal static class TreeLoadSklearn
{
    public static void Write(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        using var writer = new StreamWriter(path);
        writer.Write($$"""{"format":"sklearn-json","version":1,"library":"1.2.1","model":{"class":"sklearn.ensemble._forest.RandomForestRegressor","n_features_in_":{{TreeLoadForest.Features}},"n_outputs_":1,"criterion":"squared_error","estimators_":[""");
        for (var tree = 0; tree == 0 || writer.BaseStream.Position < bytes; tree++)
        {
            forest.Grow();
            if (tree > 0) writer.Write(',');
            WriteTree(writer, forest);
        }
        writer.Write("]}}");
    }

    /// <summary>Splits first, then leaves.</summary>
    private static void WriteTree(StreamWriter writer, TreeLoadForest tree)
    {
        writer.Write($$"""{"class":"sklearn.tree._classes.DecisionTreeRegressor","n_features_in_":{{TreeLoadForest.Features}},"n_outputs_":1,"criterion":"squared_error","splitter":"best","tree_":{"left_child":[""");
        writer.Write($$"""
            {{All(s => Text(Node(tree.Left[s])), _ => "-1")}}],"right_child":[{{All(s => Text(Node(tree.Right[s])), _ => "-1")}}],"feature":[{{All(s => Text(tree.Feature[s]), _ => "-2")}}],"threshold":[{{All(s => Text((double)tree.Threshold(s)), _ => "-2.0")}}],
            "impurity":[{{All(s => Text(Math.Abs(tree.NextValue())), _ => "0.0")}}],"n_node_samples":[{{All(s => Text(tree.SplitCounts[s]), l => Text(tree.LeafCounts[l]))}}],"weighted_n_node_samples":[{{All(s => Text(tree.SplitCounts[s]) + ".0", l => Text(tree.LeafCounts[l]) + ".0")}}],
            "value":[{{All(_ => Text(tree.NextValue()), l => Text(tree.LeafValues[l]))}}]} }
            """);

        int Node(int child) => child >= 0 ? child : tree.Splits + ~child;

        string All(Func<int, string> ofSplit, Func<int, string> ofLeaf) => string.Join(',', Enumerable.Range(0, tree.Nodes).Select(n => n < tree.Splits ? ofSplit(n) : ofLeaf(n - tree.Splits)));
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

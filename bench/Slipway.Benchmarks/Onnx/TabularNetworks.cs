using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Models of rows of a table.</summary>
internal static class TabularNetworks
{
    public const int Features = 30;
    public const int Numbers = 10;

    /// <summary>The values that the two categories of <see cref="Logistic"/> have.</summary>
    public static ReadOnlySpan<int> Categories => [5, 8];

    /// <summary>30 to 64 to 2 with Relu and Softmax.</summary>
    public static ModelDefinition Perceptron()
    {
        const int Hidden = 64;
        const int Classes = 2;
        var n = new NetworkBuilder("perceptron");
        var x = n.Input("x", DataType.Float32, NetworkBuilder.Rows, Features);
        x = n.Node("Relu", [n.Node("Gemm", [x, n.Weights(Features, Features, Hidden), n.Uniform(0, 0.1f, Hidden)])]);
        x = n.Node("Gemm", [x, n.Weights(Hidden, Hidden, Classes), n.Uniform(0, 0.1f, Classes)]);
        n.Output(n.Node("Softmax", [x], ("axis", -1L)));
        return n.Build();
    }

    /// <summary>What scikit-learn's converter makes of scaled numbers and one-hot categories before a logistic regression of three classes.</summary>
    public static ModelDefinition Logistic()
    {
        const int Classes = 3;
        var n = new NetworkBuilder("logistic");
        var parts = new List<string> { n.Learning("Scaler", [n.Input("numbers", DataType.Float32, NetworkBuilder.Rows, Numbers)], ("offset", n.Floats(Numbers, 1)), ("scale", n.Floats(Numbers, 2))) };
        var width = Numbers;
        for (var i = 0; i < Categories.Length; i++)
        {
            var category = n.Input($"category{i}", DataType.Int64, NetworkBuilder.Rows, 1);
            var known = Enumerable.Range(0, Categories[i]).Select(c => (long)c).ToImmutableArray();
            parts.Add(n.Node("Reshape", [n.Learning("OneHotEncoder", [category], ("cats_int64s", known), ("zeros", 1L)), n.Integers(-1, Categories[i])]));
            width += Categories[i];
        }
        var row = n.Node("Concat", [.. parts], ("axis", 1L));
        var answers = n.Nodes("ai.onnx.ml", "LinearClassifier", [row], 2,
        [
            ("classlabels_ints", ImmutableArray.Create(0L, 1L, 2L)), ("coefficients", n.Floats(Classes * width, 0.3f)), ("intercepts", n.Floats(Classes, 0.3f)),
            ("multi_class", 1L), ("post_transform", "SOFTMAX"),
        ]);
        n.Output(answers[0], DataType.Int64);
        n.Output(answers[1]);
        return n.Build();
    }

    /// <summary>100 complete trees of depth 6 on 30 features.</summary>
    public static ModelDefinition Trees()
    {
        const int Count = 100;
        const int Inner = 63;
        const int Nodes = (2 * Inner) + 1;
        var n = new NetworkBuilder("trees");
        var x = n.Input("x", DataType.Float32, NetworkBuilder.Rows, Features);
        List<long> tree = [], node = [], feature = [], yes = [], no = [], leafTree = [], leafNode = [], target = [];
        List<string> mode = [];
        var values = new List<float>();
        for (var t = 0; t < Count; t++)
        {
            for (var i = 0; i < Nodes; i++)
            {
                var split = i < Inner;
                tree.Add(t);
                node.Add(i);
                mode.Add(split ? "BRANCH_LEQ" : "LEAF");
                feature.Add(split ? n.Next(Features) : 0);
                yes.Add(split ? (2 * i) + 1 : 0);
                no.Add(split ? (2 * i) + 2 : 0);
                values.Add(split ? n.Floats(1, 0.9f)[0] : 0);
                if (split) continue;
                leafTree.Add(t);
                leafNode.Add(i);
                target.Add(0);
            }
        }
        n.Output(n.Learning("TreeEnsembleRegressor", [x],
            ("nodes_treeids", tree.ToImmutableArray()), ("nodes_nodeids", node.ToImmutableArray()), ("nodes_modes", mode.ToImmutableArray()),
            ("nodes_featureids", feature.ToImmutableArray()), ("nodes_values", values.ToImmutableArray()),
            ("nodes_truenodeids", yes.ToImmutableArray()), ("nodes_falsenodeids", no.ToImmutableArray()),
            ("target_treeids", leafTree.ToImmutableArray()), ("target_nodeids", leafNode.ToImmutableArray()), ("target_ids", target.ToImmutableArray()),
            ("target_weights", n.Floats(leafTree.Count, 1)), ("n_targets", 1L)));
        return n.Build();
    }
}

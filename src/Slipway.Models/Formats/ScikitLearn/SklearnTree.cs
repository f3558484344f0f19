using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>A tree of <c>sklearn.tree._tree.Tree</c> as parallel arrays by node.</summary>
internal sealed class SklearnTree
{
    private readonly double[] _left;
    private readonly double[] _right;
    private readonly double[] _feature;
    private readonly double[] _threshold;
    private readonly double[] _impurity;
    private readonly double[] _weights;
    private readonly double[] _missingLeft;
    private readonly string _place;
    private readonly bool _hasStatistics;

    private SklearnTree(string place, ReadingScope scope, MapDatum state)
    {
        _place = place;
        _hasStatistics = scope.HasStatistics;
        var nodes = NumpyArray.Of(state.Find("nodes"u8));
        _left = Column("left_child");
        scope.Take((long)_left.Length * ReadingScope.BytesPerNode, place);
        _right = Column("right_child");
        _feature = Column("feature");
        _threshold = Column("threshold");
        Samples = Column("n_node_samples");
        _impurity = _hasStatistics ? Column(Statistics[0]) : [];
        _weights = _hasStatistics ? Column(Statistics[1]) : [];
        _missingLeft = Optional("missing_go_to_left");
        Values = Estimator.NumbersOf(state.Find(nodes is null ? "value" : "values")) ?? throw new ModelException($"{place}: the values of its nodes are absent");
        if (Count == 0) throw new ModelException($"{place}: the tree has no nodes");
        if (Values.Length % Count != 0) throw new ModelException($"{place}: {Values.Length} values for {Count} nodes");
        scope.Take(Values.Length * (nodes is null ? 2L : 8L), place);

        double[] Column(string name)
        {
            var values = nodes is null ? Estimator.NumbersOf(state.Find(name)) : nodes.HasField(name) ? nodes.Numbers(name) : null;
            if (values is null) throw new ModelException($"{place}: its nodes have no '{name}'");
            return _left is null || values.Length == _left.Length ? values : throw new ModelException($"{place}: '{name}' has {values.Length} entries for {_left.Length} nodes");
        }

        double[] Optional(string name) => (nodes is null ? state.Find(name) is not null : nodes.HasField(name)) ? Column(name) : [];
    }

    /// <summary>Columns of what only training knew.</summary>
    public static string[] Statistics { get; } = ["impurity", "weighted_n_node_samples"];

    public int Count => _left.Length;

    /// <summary>Values of each node: for classifiers the weight of every class, for every output as many as the output with most classes has.</summary>
    public double[] Values { get; }

    public int ValuesPerNode => Values.Length / Count;

    /// <summary>Training rows by node.</summary>
    public double[] Samples { get; }

    /// <summary>The splits know a way for missing values (scikit-learn 1.3 and later).</summary>
    public bool KnowsMissing => _missingLeft.Length > 0;

    /// <summary>The tree of an estimator.</summary>
    /// <exception cref="ModelException">It is damaged.</exception>
    public static SklearnTree Of(Estimator estimator)
    {
        if (!estimator.Name.StartsWith("DecisionTree", StringComparison.Ordinal) && !estimator.Name.StartsWith("ExtraTree", StringComparison.Ordinal)) throw new ModelException($"{estimator.Place}: a tree expected, {estimator.ClassName} found") { IsUnsupported = true };
        return new SklearnTree($"{estimator.Place}.tree_", estimator.Scope, StateOf(estimator) ?? throw estimator.At("tree_", "a fitted tree"));
    }

    /// <summary>How many nodes the trees of some estimators have, before any is read: no more than the file has room for.</summary>
    public static int ExpectedNodes(ReadOnlySpan<Estimator> estimators)
    {
        var nodes = 0L;
        foreach (var estimator in estimators)
        {
            if (nodes >= estimator.Scope.MostNodes) return estimator.Scope.MostNodes;
            if (StateOf(estimator) is not { } state) continue;
            nodes += state.Find("left_child"u8) is NumbersDatum children ? children.Count : NumpyArray.Of(state.Find("nodes"u8))?.Count ?? 0;
        }
        return (int)Math.Min(nodes, Array.MaxLength);
    }

    private static MapDatum? StateOf(Estimator estimator)
    {
        var tree = estimator.Find("tree_");
        return tree is ObjectDatum { Class: { Name: "Tree" } type, State: MapDatum pickled } && type.Module.StartsWith("sklearn.tree.", StringComparison.Ordinal) ? pickled : tree as MapDatum;
    }

    public bool IsLeaf(int node) => _left[node] < 0;

    /// <summary>Steps from the root to each node; nodes that no path reaches have 0.</summary>
    /// <exception cref="ModelException">A child does not come after its parent, as in every tree that scikit-learn grows.</exception>
    public int[] Depths()
    {
        var depths = new int[Count];
        for (var node = 0; node < Count; node++)
        {
            if (IsLeaf(node)) continue;
            foreach (var child in (ReadOnlySpan<double>)[_left[node], _right[node]])
            {
                if (!(child > node && child < Count)) throw new ModelException($"{_place}, node {node}: the child {child} does not come after it, or does not exist (the tree has {Count} nodes)");
                depths[(int)child] = depths[node] + 1;
            }
        }
        return depths;
    }

    /// <summary>Adds the tree. A leaf's number is its node's, as scikit-learn's <c>apply</c> gives it.</summary>
    /// <param name="leaves">Values of every node, <paramref name="width"/> each.</param>
    /// <param name="width">1, or the outputs of the ensemble.</param>
    /// <param name="features">Which of the ensemble's features the tree's are; null when they are the same.</param>
    /// <exception cref="ModelException">The tree contradicts itself.</exception>
    public void AddTo(TreeEnsembleBuilder builder, ReadOnlySpan<double> leaves, int width, int output = 0, double[]? features = null)
    {
        builder.BeginTree(Count, output);
        for (var node = 0; node < Count; node++)
        {
            if (IsLeaf(node))
            {
                if (width > 1) builder.VectorLeaf(node, leaves.Slice(node * width, width));
                else builder.Leaf(node, leaves[node]);
                if (_hasStatistics) builder.Statistics(node, _weights[node], 0);
                continue;
            }
            var (left, right) = ((int)_left[node], (int)_right[node]);
            builder.SplitAtMost(node, FeatureOf(node, features), _threshold[node], left, right, KnowsMissing && _missingLeft[node] != 0);
            if (_hasStatistics) builder.Statistics(node, _weights[node], GainOf(node, left, right));
        }
        builder.EndTree();
    }

    private int FeatureOf(int node, double[]? features)
    {
        var feature = _feature[node];
        if (features is null) return (int)feature;
        return feature >= 0 && feature < features.Length ? (int)features[(int)feature] : throw new ModelException($"{_place}, node {node}: it splits on feature {feature} of {features.Length}");
    }

    /// <summary>What the split takes off the impurity, times the weight that it concerns.</summary>
    private double GainOf(int node, int left, int right) =>
        (uint)left < (uint)Count && (uint)right < (uint)Count ? (_weights[node] * _impurity[node]) - (_weights[left] * _impurity[left]) - (_weights[right] * _impurity[right]) : double.NaN;
}

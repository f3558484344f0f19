using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Trees;

/// <summary>
/// Builds a <see cref="TreeEnsemble"/>; the calls read like a grammar:
/// <c>ensemble = BaseMargins? (BeginTree (Split | CategoricalSplit | Leaf | VectorLeaf | LinearLeaf | Statistics)+ EndTree)* Build</c>.
/// Node ids are the caller's, from 0 (the root), in any order. Nodes that no path reaches are dropped; everything else that is wrong
/// is a <see cref="ModelException"/> that names the tree and the node.
/// </summary>
public sealed partial class TreeEnsembleBuilder
{
    /// <summary>Category numbers are exact in float32 below it.</summary>
    internal const int MaxCategory = 1 << 24;
    private const int MaxNodes = 1 << 28;

    private readonly int _features;
    private readonly int _outputs;
    private readonly TreeArithmetic _arithmetic;
    private readonly double[] _baseMargins;
    private readonly List<int> _treeStarts = [0];
    private readonly List<int> _treeDepths = [];
    private readonly List<int> _treeOutputs = [];
    private readonly NodeColumns _nodes = new();
    private readonly List<int> _categorySetStarts = [0];
    private readonly List<int> _categories = [];
    private readonly GrowingArray<double> _leafVectors = new();
    private readonly List<double> _linearConstants = [];
    private readonly List<int> _linearStarts = [0];
    private readonly List<int> _linearFeatures = [];
    private readonly List<double> _linearCoefficients = [];
    private readonly TreeDraft _draft = new();
    private int _scalarLeaves;
    private int _vectorLeaves;
    private bool _inTree;
    private bool _hasStatistics = true;
    private bool _built;

    /// <param name="features">Values in a row.</param>
    /// <param name="outputs">Margins per row.</param>
    /// <param name="arithmetic">With <see cref="TreeArithmetic.Float32"/> base margins and leaves are rounded to float32 here.</param>
    /// <exception cref="ModelException">A count is not positive.</exception>
    public TreeEnsembleBuilder(int features, int outputs, TreeArithmetic arithmetic = TreeArithmetic.Float64)
    {
        if (features <= 0) throw new ModelException($"a tree ensemble needs at least one feature, {features} given");
        if (outputs <= 0) throw new ModelException($"a tree ensemble needs at least one output, {outputs} given");
        _features = features;
        _outputs = outputs;
        _arithmetic = arithmetic;
        _baseMargins = new double[outputs];
    }

    /// <summary>What the sums start from: one value for all outputs or one for each; 0 when never called.</summary>
    public TreeEnsembleBuilder BaseMargins(params ReadOnlySpan<double> margins)
    {
        if (margins.Length == 1) _baseMargins.AsSpan().Fill(margins[0]);
        else if (margins.Length == _outputs) margins.CopyTo(_baseMargins);
        else throw new ModelException($"{margins.Length} base margins given for {_outputs} outputs");
        foreach (ref var margin in _baseMargins.AsSpan()) margin = LeafValue(margin);
        return this;
    }

    /// <summary>Opens the next tree, of at most <paramref name="nodes"/> nodes, which adds to <paramref name="output"/> (0 when its leaves are vectors).</summary>
    public TreeEnsembleBuilder BeginTree(int nodes, int output = 0)
    {
        if (_built) throw new InvalidOperationException("the ensemble is built already");
        if (_inTree) throw new InvalidOperationException($"tree {Tree} is still open");
        if (nodes is <= 0 or > MaxNodes) throw new ModelException($"tree {Tree} has {nodes} nodes; 1 to {MaxNodes} are possible");
        if ((uint)output >= (uint)_outputs) throw new ModelException($"tree {Tree} adds to output {output}, but there are {_outputs} outputs");
        if (_levelStarts.Count > 1) LayOutLevels();
        _treeOutputs.Add(output);
        _inTree = true;
        _draft.Begin(Tree, nodes);
        return this;
    }

    /// <summary><c>x[feature] &lt; threshold</c> goes to <paramref name="left"/>, NaN the default way, everything else to <paramref name="right"/>.</summary>
    public TreeEnsembleBuilder Split(int node, int feature, double threshold, int left, int right, bool defaultLeft)
    {
        if (double.IsNaN(threshold)) throw At(node, "the threshold is not a number");
        Open.Split(node, CheckFeature(node, feature), threshold, -1, left, right, defaultLeft);
        return this;
    }

    /// <summary><c>x[feature] &lt;= threshold</c> goes to <paramref name="left"/>, NaN the default way, everything else to <paramref name="right"/>.</summary>
    public TreeEnsembleBuilder SplitAtMost(int node, int feature, double threshold, int left, int right, bool defaultLeft) =>
        // Nothing is above +∞: everything goes left, that is right of x < -∞ with the sides exchanged.
        double.IsPositiveInfinity(threshold)
            ? Split(node, feature, double.NegativeInfinity, right, left, !defaultLeft)
            : Split(node, feature, double.BitIncrement(threshold), left, right, defaultLeft);

    /// <summary>The <paramref name="categories"/> (truncated feature values) go to <paramref name="right"/>, NaN the default way, everything else to <paramref name="left"/>.</summary>
    public TreeEnsembleBuilder CategoricalSplit(int node, int feature, ReadOnlySpan<int> categories, int left, int right, bool defaultLeft)
    {
        CheckFeature(node, feature);
        return CategoricalSplit(node, feature, CategorySet(node, categories), left, right, defaultLeft);
    }

    /// <summary>A split by a set that several splits may share.</summary>
    /// <param name="set">See <see cref="CategorySet"/>.</param>
    internal TreeEnsembleBuilder CategoricalSplit(int node, int feature, int set, int left, int right, bool defaultLeft)
    {
        Open.Split(node, CheckFeature(node, feature), 0, set, left, right, defaultLeft);
        return this;
    }

    /// <summary>A set of categories, for splits by it.</summary>
    /// <param name="node">The first that splits by it, for messages.</param>
    /// <returns>The number of the set.</returns>
    internal int CategorySet(int node, ReadOnlySpan<int> categories)
    {
        foreach (var category in categories)
        {
            if ((uint)category >= MaxCategory) throw At(node, $"category {category} is outside 0…{MaxCategory - 1}");
        }
        var start = _categories.Count;
        _categories.AddRange(categories);
        var set = CollectionsMarshal.AsSpan(_categories)[start..];
        set.Sort();
        var distinct = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (i == 0 || set[i] != set[distinct - 1]) set[distinct++] = set[i];
        }
        CollectionsMarshal.SetCount(_categories, start + distinct);
        _categorySetStarts.Add(_categories.Count);
        return _categorySetStarts.Count - 2;
    }

    /// <summary>A leaf with one value, for the tree's output; NaN when rows that come here have no prediction.</summary>
    public TreeEnsembleBuilder Leaf(int node, double value) => Leaf(node, value, node);

    /// <inheritdoc cref="Leaf(int, double)"/>
    /// <param name="id">The number of the leaf for those who ask which one a row reached.</param>
    public TreeEnsembleBuilder Leaf(int node, double value, int id)
    {
        Open.Leaf(node, LeafValue(value), -1, id);
        _scalarLeaves++;
        return this;
    }

    /// <summary>A leaf with a linear model, see <see cref="LinearLeaves"/>.</summary>
    /// <param name="features">Of the terms.</param>
    /// <param name="coefficients">Of the terms.</param>
    /// <param name="fallback">The value where one of the features is missing.</param>
    /// <param name="id">The number of the leaf for those who ask which one a row reached.</param>
    public TreeEnsembleBuilder LinearLeaf(int node, double constant, ReadOnlySpan<int> features, ReadOnlySpan<double> coefficients, double fallback, int id)
    {
        if (_arithmetic != TreeArithmetic.Float64) throw At(node, "linear leaves are computed in float64 only");
        if (features.Length != coefficients.Length) throw At(node, $"the leaf has {features.Length} features and {coefficients.Length} coefficients");
        foreach (var feature in features) CheckFeature(node, feature);
        Open.Leaf(node, LeafValue(fallback), 1 + _linearConstants.Count, id);
        _linearConstants.Add(constant);
        _linearFeatures.AddRange(features);
        _linearCoefficients.AddRange(coefficients);
        _linearStarts.Add(_linearFeatures.Count);
        _scalarLeaves++;
        return this;
    }

    /// <summary>What training knew of a node: needed for contributions and for tables of features.</summary>
    /// <param name="cover">Rows, or the sum of their hessians, that came through the node.</param>
    /// <param name="gain">Of the split; 0 at a leaf.</param>
    public TreeEnsembleBuilder Statistics(int node, double cover, double gain)
    {
        if (_hasStatistics) Open.Statistics(node, cover, gain);
        return this;
    }

    /// <summary>Whether only what margins need is kept: neither <see cref="Statistics"/> nor the numbers of nodes. All is, unless said otherwise before the first tree.</summary>
    internal TreeEnsembleBuilder ForScores(bool only = true)
    {
        if (_treeOutputs.Count > 0) throw new InvalidOperationException("there are trees already");
        (_hasStatistics, _nodes.HasIds) = (!only, !only);
        return this;
    }

    /// <summary>A leaf with a value for every output.</summary>
    public TreeEnsembleBuilder VectorLeaf(int node, ReadOnlySpan<double> values) => VectorLeaf(node, values, node);

    /// <inheritdoc cref="VectorLeaf(int, ReadOnlySpan{double})"/>
    /// <param name="id">The number of the leaf for those who ask which one a row reached.</param>
    public TreeEnsembleBuilder VectorLeaf(int node, ReadOnlySpan<double> values, int id)
    {
        if (values.Length != _outputs) throw At(node, $"the leaf has {values.Length} values for {_outputs} outputs");
        Open.Leaf(node, 0, _leafVectors.Count, id);
        foreach (var value in values) _leafVectors.Add(LeafValue(value));
        _vectorLeaves++;
        return this;
    }

    /// <summary>Closes the tree: checks that every path from node 0 ends in a leaf and reaches no node twice, and lays the nodes out.</summary>
    public TreeEnsembleBuilder EndTree()
    {
        var tree = Open;
        if (_vectorLeaves > 0 && _scalarLeaves > 0) throw new ModelException($"tree {Tree} mixes leaves of one value with leaves of {_outputs} values");
        var depth = tree.LayOut(_nodes);
        if (_nodes.Count > MaxNodes) throw new ModelException($"tree {Tree}: more than {MaxNodes} nodes");
        _treeStarts.Add(_nodes.Count);
        _treeDepths.Add(depth);
        _inTree = false;
        return this;
    }

    /// <summary>Ends the ensemble. The builder is empty then, and done: large forests are not held twice.</summary>
    public TreeEnsemble Build()
    {
        if (_built) throw new InvalidOperationException("the ensemble is built already");
        if (_inTree) throw new InvalidOperationException($"tree {Tree} is still open");
        _built = true;
        var symmetric = _levelStarts.Count > 1 ? new SymmetricForest(Take(_levelStarts), _levels.Take(), _leafVectors.Take(), _leafCovers.Take()) : null;
        return new TreeEnsemble(symmetric, symmetric is null ? _nodes.Take() : null)
        {
            FeatureCount = _features,
            Arithmetic = _arithmetic,
            OutputCount = _outputs,
            BaseMargins = [.. _baseMargins],
            TreeStarts = Take(_treeStarts),
            TreeDepths = Take(_treeDepths),
            TreeOutputs = Take(_treeOutputs),
            CategorySetStarts = Take(_categorySetStarts),
            Categories = Take(_categories),
            LeafVectors = symmetric is null ? _leafVectors.Take() : _outputs > 1 ? symmetric.LeafValues : [],
            LinearLeaves = new LinearLeaves(Take(_linearConstants), Take(_linearStarts), Take(_linearFeatures), Take(_linearCoefficients)),
        };
    }

    private static ImmutableArray<TItem> Take<TItem>(List<TItem> list)
    {
        var items = ImmutableCollectionsMarshal.AsImmutableArray(list.ToArray());
        list.Clear();
        list.Capacity = 0;
        return items;
    }

    private TreeDraft Open => _inTree ? _draft : throw new InvalidOperationException("no tree is open");

    private int Tree => _treeOutputs.Count - (_inTree ? 1 : 0);

    private int CheckFeature(int node, int feature) =>
        (uint)feature < (uint)_features ? feature : throw At(node, $"it splits on feature {feature}, but there are {_features} features");

    /// <summary>In the ensemble's precision; every NaN becomes the same one, so that sums of them are the same bits in any order of operands.</summary>
    private double LeafValue(double value) =>
        double.IsNaN(value) ? double.NaN : _arithmetic == TreeArithmetic.Float32 ? (float)value : value;

    private ModelException At(int node, string problem) => new($"tree {Tree}, node {node}: {problem}");
}

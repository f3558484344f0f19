using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>A tree of histogram gradient boosting (<c>TreePredictor</c>).</summary>
internal sealed class HistogramTree
{
    private const int WordsPerSet = 8;
    private const int CategoriesPerWord = 32;

    private readonly string _place;
    private readonly NumpyArray? _array;
    private readonly MapDatum? _columns;
    private readonly double[] _values;
    private readonly double[] _features;
    private readonly double[] _thresholds;
    private readonly double[] _missingLeft;
    private readonly double[] _left;
    private readonly double[] _right;
    private readonly double[] _isLeaf;
    private readonly double[] _counts;
    private readonly double[] _gains;
    private readonly double[] _isCategorical;
    private readonly double[] _setNumbers;
    private readonly double[] _leftSets;

    /// <exception cref="ModelException">It is damaged.</exception>
    public HistogramTree(Estimator predictor)
    {
        _place = predictor.Place;
        _array = NumpyArray.Of(predictor.Find("nodes"));
        _columns = predictor.Find("nodes") as MapDatum;
        if (_array is null && _columns is null) throw predictor.At("nodes", "an array");
        _values = Column("value")!;
        predictor.Scope.Take(_values.Length * 8L, _place);
        _features = Column("feature_idx")!;
        // Called threshold before 0.24.
        _thresholds = Column("num_threshold", optional: true) ?? Column("threshold")!;
        _missingLeft = Column("missing_go_to_left", optional: true) ?? [];
        _left = Column("left")!;
        _right = Column("right")!;
        _isLeaf = Column("is_leaf")!;
        _counts = Column("count")!;
        _gains = Column("gain")!;
        _isCategorical = Column("is_categorical", optional: true) ?? [];
        _setNumbers = _isCategorical.Length > 0 ? Column("bitset_idx")! : [];
        _leftSets = _isCategorical.Length > 0 ? predictor.TryNumbers("raw_left_cat_bitsets") ?? [] : [];
        predictor.Scope.Take(_leftSets.Length, _place);
        if (_values.Length == 0) throw new ModelException($"{_place}: the tree has no nodes");
    }

    /// <param name="known">The categories of every feature that were seen in training; null where a feature has none.</param>
    /// <exception cref="ModelException">The tree contradicts itself.</exception>
    public void AddTo(TreeEnsembleBuilder builder, int output, int[]?[] known)
    {
        builder.BeginTree(_values.Length, output);
        for (var node = 0; node < _values.Length; node++)
        {
            if (_isLeaf[node] != 0)
            {
                builder.Leaf(node, _values[node]);
                builder.Statistics(node, _counts[node], 0);
                continue;
            }
            var (feature, left, right) = ((int)_features[node], (int)_left[node], (int)_right[node]);
            var missingLeft = _missingLeft.Length > 0 && _missingLeft[node] != 0;
            if (_isCategorical.Length > 0 && _isCategorical[node] != 0) AddCategorical(builder, node, feature, left, right, missingLeft, known);
            else builder.SplitAtMost(node, feature, _thresholds[node], left, right, missingLeft);
            builder.Statistics(node, _counts[node], _gains[node]);
        }
        builder.EndTree();
    }

    /// <summary>Categories that training did not see go where missing values go, so that the set is that of the known ones on the other side.</summary>
    private void AddCategorical(TreeEnsembleBuilder builder, int node, int feature, int left, int right, bool missingLeft, int[]?[] known)
    {
        var start = _setNumbers[node] * WordsPerSet;
        if (!(start >= 0 && start <= _leftSets.Length - WordsPerSet)) throw new ModelException($"{_place}, node {node}: its set of categories {_setNumbers[node]} is not in the file");
        Span<bool> goLeft = stackalloc bool[WordsPerSet * CategoriesPerWord];
        for (var word = 0; word < WordsPerSet; word++)
        {
            for (var bits = (uint)_leftSets[(int)start + word]; bits != 0; bits &= bits - 1) goLeft[(word * CategoriesPerWord) + BitOperations.TrailingZeroCount(bits)] = true;
        }
        Span<int> set = stackalloc int[WordsPerSet * CategoriesPerWord];
        var count = 0;
        if (!missingLeft)
        {
            for (var category = 0; category < goLeft.Length; category++)
            {
                if (goLeft[category]) set[count++] = category;
            }
            builder.CategoricalSplit(node, feature, set[..count], right, left, defaultLeft: true);
            return;
        }
        if ((uint)feature >= (uint)known.Length || known[feature] is not { } categories) throw new ModelException($"{_place}, node {node}: feature {feature} is split by category, but has none");
        foreach (var category in categories)
        {
            if (!goLeft[category]) set[count++] = category;
        }
        builder.CategoricalSplit(node, feature, set[..count], left, right, defaultLeft: true);
    }

    private double[]? Column(string name, bool optional = false)
    {
        var column = _array is null ? Estimator.NumbersOf(_columns!.Find(name)) : _array.HasField(name) ? _array.Numbers(name) : null;
        if (column is null) return optional ? null : throw new ModelException($"{_place}.nodes: there is no '{name}'");
        return _values is null || column.Length == _values.Length ? column : throw new ModelException($"{_place}.nodes: '{name}' has {column.Length} entries for {_values.Length} nodes");
    }
}

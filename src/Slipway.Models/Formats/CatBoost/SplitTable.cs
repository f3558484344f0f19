using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>What the numbers of splits mean: the borders of all numbers in turn, then those of estimated features, one-hot values, borders of CTRs.</summary>
internal sealed class SplitTable
{
    private readonly List<int> _features = [];
    private readonly List<float> _borders = [];
    private readonly List<int> _places = [];
    private readonly List<bool> _nanIsAbove = [];
    private readonly int[] _sets;

    /// <param name="oneHots">In the order of the document's; they tell the places of values.</param>
    /// <param name="ctrColumn">The column of each CTR.</param>
    public SplitTable(CatBoostDocument document, IReadOnlyList<OneHotColumn> oneHots, ReadOnlySpan<int> ctrColumn)
    {
        var column = 0;
        foreach (var feature in document.FloatFeatures)
        {
            foreach (var border in feature.Borders) Add(column, border, -1, feature.NanIsAbove);
            column++;
        }
        for (var f = 0; f < document.OneHotFeatures.Count; f++, column++)
        {
            foreach (var value in document.OneHotFeatures[f].Values) Add(column, 0, oneHots[f].PlaceOf(value), nanIsAbove: false);
        }
        for (var f = 0; f < document.CtrFeatures.Count; f++)
        {
            foreach (var border in document.CtrFeatures[f].Borders) Add(ctrColumn[f], border, -1, nanIsAbove: false);
        }
        _sets = new int[_features.Count];
        _sets.AsSpan().Fill(-1);
    }

    /// <summary>Gives the node this split: right is where it holds.</summary>
    public void Add(TreeEnsembleBuilder builder, int tree, int node, int split, int left, int right)
    {
        Check(tree, node, split);
        var feature = _features[split];
        if (_places[split] >= 0)
        {
            if (_sets[split] < 0) _sets[split] = builder.CategorySet(node, [_places[split]]);
            builder.CategoricalSplit(node, feature, _sets[split], left, right, defaultLeft: true);
            return;
        }
        builder.SplitAtMost(node, feature, _borders[split], left, right, defaultLeft: !_nanIsAbove[split] || float.IsPositiveInfinity(_borders[split]));
    }

    /// <summary>The split as the level of a symmetric tree; false where it holds for nothing but missing values, which levels cannot say.</summary>
    public bool TryLevel(TreeEnsembleBuilder builder, int tree, int split, out SymmetricLevel level)
    {
        Check(tree, 0, split);
        var border = _borders[split];
        if (_places[split] >= 0 && _sets[split] < 0) _sets[split] = builder.CategorySet(0, [_places[split]]);
        level = new SymmetricLevel(_features[split], double.BitIncrement(border), _sets[split], DefaultLeft: !_nanIsAbove[split]);
        return !float.IsPositiveInfinity(border);
    }

    private void Check(int tree, int node, int split)
    {
        if ((uint)split >= (uint)_features.Count) throw new ModelException($"tree {tree}, node {node}: split {split}, but there are {_features.Count} borders and values");
        if (float.IsNaN(_borders[split])) throw new ModelException($"tree {tree}, node {node}: the border of split {split} is not a number");
    }

    private void Add(int feature, float border, int place, bool nanIsAbove)
    {
        _features.Add(feature);
        _borders.Add(border);
        _places.Add(place);
        _nanIsAbove.Add(nanIsAbove);
    }
}

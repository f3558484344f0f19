using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <content>Trees, level by level or node by node.</content>
internal ref partial struct CatBoostJsonReader
{
    private enum SplitKind : byte
    {
        Float,
        OneHot,
        Ctr,
        Leaf,
    }

    private void ReadSymmetricTrees()
    {
        _sawTrees = true;
        if (!_json.BeginArray()) return;
        while (_json.NextItem())
        {
            if (!_json.BeginObject()) throw _json.Unexpected("a tree");
            var (values, splits) = (_leafValues.Count, _splits.Count);
            while (_json.NextName())
            {
                if (_json.NameIs("leaf_values"u8)) _json.Numbers(_leafValues);
                else if (_json.NameIs("leaf_weights"u8)) _json.Numbers(_leafWeights);
                else if (_json.NameIs("splits"u8))
                {
                    if (!_json.BeginArray()) continue;
                    while (_json.NextItem()) ReadSplit();
                }
                else _json.Skip();
            }
            AddTree(_splits.Count - splits, _leafValues.Count - values, 1L << Math.Min(62, _splits.Count - splits));
        }
    }

    private void ReadTrees()
    {
        _sawTrees = true;
        if (!_json.BeginArray()) return;
        while (_json.NextItem())
        {
            var (values, nodes) = (_leafValues.Count, _nodes.Count);
            ReadNode(nodes);
            var leaves = 0;
            for (var i = nodes; i < _nodes.Count; i++) leaves += _nodes[i].IsLeaf ? 1 : 0;
            AddTree(_nodes.Count - nodes, _leafValues.Count - values, leaves);
        }
    }

    private readonly void AddTree(int splits, int values, long leaves)
    {
        var tree = _treeSizes.Count;
        if (values % leaves != 0 || values == 0) throw new ModelException($"tree {tree}: {values} values for {leaves} leaves");
        var dimensions = (int)(values / leaves);
        if (tree > 0 && dimensions != _document.Dimensions) throw new ModelException($"tree {tree}: leaves of {dimensions} values, those of the trees before have {_document.Dimensions}");
        _document.Dimensions = dimensions;
        _treeSizes.Add(splits);
    }

    /// <param name="first">The first node of the tree.</param>
    /// <returns>The number of the node in the tree.</returns>
    private int ReadNode(int first)
    {
        if (!_json.BeginObject()) throw _json.Unexpected("a node");
        var node = _nodes.Count;
        var (left, right, values, hasSplit) = (-1, -1, -1, false);
        _nodes.Add(default);
        _splits.Add(0);
        _splitKinds.Add(SplitKind.Leaf);
        while (_json.NextName())
        {
            if (_json.NameIs("left"u8)) left = ReadNode(first);
            else if (_json.NameIs("right"u8)) right = ReadNode(first);
            else if (_json.NameIs("value"u8))
            {
                values = _leafValues.Count;
                if (_json.Peek() == JsonTokenType.StartArray) _json.Numbers(_leafValues);
                else _leafValues.Add(_json.Float64());
            }
            else if (_json.NameIs("weight"u8)) _leafWeights.Add(_json.Float64());
            else if (_json.NameIs("split"u8))
            {
                ReadSplit();
                (_splits[node], _splitKinds[node]) = (_splits[^1], _splitKinds[^1]);
                _splits.RemoveAt(_splits.Count - 1);
                _splitKinds.RemoveAt(_splitKinds.Count - 1);
                hasSplit = true;
            }
            else _json.Skip();
        }
        var isLeaf = values >= 0;
        if (isLeaf == hasSplit || isLeaf != (left < 0) || isLeaf != (right < 0)) throw new ModelException($"tree {_treeSizes.Count}, node {node - first}: either a value, or a split with left and right expected");
        _nodes[node] = new StepNode(left, right, isLeaf ? (uint)values : uint.MaxValue);
        return node - first;
    }

    private void ReadSplit()
    {
        var (index, kind) = (-1, SplitKind.Leaf);
        if (!_json.BeginObject()) throw _json.Unexpected("a split");
        while (_json.NextName())
        {
            if (_json.NameIs("split_index"u8)) index = _json.Int32();
            else if (_json.NameIs("split_type"u8))
            {
                var text = _json.Text();
                kind = text switch
                {
                    "FloatFeature" => SplitKind.Float,
                    "OneHotFeature" => SplitKind.OneHot,
                    "OnlineCtr" => SplitKind.Ctr,
                    _ => throw new ModelException($"tree {_treeSizes.Count}: split_type '{text}' is not known"),
                };
            }
            else _json.Skip();
        }
        if (kind == SplitKind.Leaf) throw new ModelException($"tree {_treeSizes.Count}: a split without split_type");
        _splits.Add(index);
        _splitKinds.Add(kind);
    }

    /// <summary>A split's number must lie where features of its kind have theirs.</summary>
    private readonly void CheckSplitKinds()
    {
        long floats = _document.FloatFeatures.Sum(f => (long)f.Borders.Length);
        var categories = floats + _document.OneHotFeatures.Sum(f => (long)f.Values.Length);
        for (var i = 0; i < _splits.Count; i++)
        {
            if (_splitKinds[i] == SplitKind.Leaf) continue;
            var found = _splits[i] < 0 ? SplitKind.Leaf : _splits[i] < floats ? SplitKind.Float : _splits[i] < categories ? SplitKind.OneHot : SplitKind.Ctr;
            if (found != _splitKinds[i]) throw new ModelException($"split_index {_splits[i]} of a split by {_splitKinds[i]} feature: there are {floats} borders of numbers, then {categories - floats} one-hot values, then those of CTRs");
        }
    }
}

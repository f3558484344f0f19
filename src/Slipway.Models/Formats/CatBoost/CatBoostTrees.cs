using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>CatBoost's arrays of splits and leaves as a <see cref="TreeEnsemble"/>. Leaves keep the numbers that <c>calc_leaf_indexes</c> gives them.</summary>
internal sealed class CatBoostTrees
{
    /// <summary>More levels than any tree can have whose leaves are in the file.</summary>
    private const int MaxLevels = 26;

    private readonly CatBoostDocument _document;
    private readonly SplitTable _splits;
    private readonly TreeEnsembleBuilder _builder;
    private readonly double[] _values;
    private readonly bool _hasWeights;
    private double[] _covers = [];

    private CatBoostTrees(CatBoostDocument document, SplitTable splits, int features)
    {
        _document = document;
        _splits = splits;
        _builder = new TreeEnsembleBuilder(features, document.Dimensions);
        _values = document.LeafValues;
        _hasWeights = (long)document.LeafWeights.Length * document.Dimensions == _values.Length;
    }

    /// <param name="features">Of a row.</param>
    /// <exception cref="ModelException">Trees do not fit the splits or leaves that the file has.</exception>
    public static TreeEnsemble Build(CatBoostDocument document, SplitTable splits, int features)
    {
        var trees = new CatBoostTrees(document, splits, features);
        if (document.Nodes is { } nodes) trees.AddTrees(nodes);
        else trees.AddSymmetricTrees();
        return trees._builder.Build();
    }

    /// <summary>A bit of the leaf's number for each split, the first split the lowest: full trees, with the last split at the root.</summary>
    private void AddSymmetricTrees()
    {
        _builder.TakeLeaves(_values, _hasWeights ? _document.LeafWeights : []);
        var (split, leaf) = (0, 0);
        for (var tree = 0; tree < _document.TreeSizes.Length; tree++)
        {
            var levels = _document.TreeSizes[tree];
            if (levels is < 0 or > MaxLevels || levels > _document.Splits.Length - split) throw new ModelException($"tree {tree}: {levels} splits, but {_document.Splits.Length - split} are left");
            var leaves = 1 << levels;
            if ((long)leaves * _document.Dimensions > _values.Length - leaf) throw new ModelException($"tree {tree}: {leaves} leaves of {_document.Dimensions} values, but {_values.Length - leaf} values are left");
            AddSymmetricTree(tree, _document.Splits.AsSpan(split, levels), leaf, leaves);
            split += levels;
            leaf += leaves * _document.Dimensions;
        }
        if (split != _document.Splits.Length) throw new ModelException($"{_document.Splits.Length - split} splits belong to no tree");
        if (leaf != _values.Length) throw new ModelException($"{_values.Length - leaf} leaf values belong to no tree");
    }

    private void AddSymmetricTree(int tree, ReadOnlySpan<int> splits, int firstValue, int leaves)
    {
        Span<SymmetricLevel> levels = stackalloc SymmetricLevel[splits.Length];
        for (var level = 0; level < levels.Length; level++)
        {
            if (!_splits.TryLevel(_builder, tree, splits[^(level + 1)], out levels[level])) throw new ModelException($"tree {tree}: split {splits[^(level + 1)]} asks for values above infinity");
        }
        ReadOnlySpan<double> weights = _hasWeights ? _document.LeafWeights.AsSpan(firstValue / _document.Dimensions, leaves) : [];
        _builder.SymmetricTree(levels, _values.AsSpan(firstValue, leaves * _document.Dimensions), weights);
    }

    private void AddTrees(ReadOnlySpan<StepNode> nodes)
    {
        if (nodes.Length != _document.Splits.Length) throw new ModelException($"there are {_document.Splits.Length} splits for {nodes.Length} nodes");
        var start = 0;
        for (var tree = 0; tree < _document.TreeSizes.Length; tree++)
        {
            var size = _document.TreeSizes[tree];
            if (size <= 0 || size > nodes.Length - start) throw new ModelException($"tree {tree}: {size} nodes, but {nodes.Length - start} are left");
            AddTree(tree, nodes.Slice(start, size), _document.Splits.AsSpan(start, size));
            start += size;
        }
        if (start != nodes.Length) throw new ModelException($"{nodes.Length - start} nodes belong to no tree");
    }

    /// <summary>A node without a child to one side is the leaf of that side itself: it gets a node of its own, after all others.</summary>
    private void AddTree(int tree, ReadOnlySpan<StepNode> nodes, ReadOnlySpan<int> splits)
    {
        var (total, first) = (nodes.Length, uint.MaxValue);
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i];
            if (node.Left >= nodes.Length || node.Right >= nodes.Length) throw new ModelException($"tree {tree}, node {i}: the child {Math.Max(node.Left, node.Right)} does not exist (the tree has {nodes.Length} nodes)");
            if (node.Left >= 0 && node.Right >= 0) continue;
            if (node.Leaf % (uint)_document.Dimensions != 0 || node.Leaf + (long)_document.Dimensions > _values.Length) throw new ModelException($"tree {tree}, node {i}: its leaf values begin at {node.Leaf}, but there are {_values.Length} for leaves of {_document.Dimensions}");
            first = Math.Min(first, node.Leaf);
            if (!node.IsLeaf) total++;
        }
        _builder.BeginTree(total);
        var extra = nodes.Length;
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i];
            if (node.IsLeaf)
            {
                AddLeaf(i, node.Leaf, first);
                continue;
            }
            if (node.Left < 0 || node.Right < 0) AddLeaf(extra, node.Leaf, first);
            _splits.Add(_builder, tree, i, splits[i], node.Left < 0 ? extra++ : node.Left, node.Right < 0 ? extra++ : node.Right);
        }
        if (_hasWeights) AddCovers(nodes, total);
        _builder.EndTree();
    }

    /// <summary>Children come after their parents.</summary>
    private void AddCovers(ReadOnlySpan<StepNode> nodes, int total)
    {
        var covers = Covers(total);
        var extra = total;
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            var own = node.Left < 0 || node.Right < 0 ? _document.LeafWeights[node.Leaf / (uint)_document.Dimensions] : 0;
            if (!node.IsLeaf && (node.Left < 0 || node.Right < 0)) covers[--extra] = own;
            covers[i] = own + (node.Left > i ? covers[node.Left] : 0) + (node.Right > i ? covers[node.Right] : 0);
        }
        for (var i = 0; i < total; i++) _builder.Statistics(i, covers[i], 0);
    }

    private Span<double> Covers(int nodes)
    {
        if (_covers.Length < nodes) _covers = new double[Math.Max(nodes, 2 * _covers.Length)];
        return _covers.AsSpan(0, nodes);
    }

    private void AddLeaf(int node, uint value, uint first) => AddLeaf(node, (int)value, (int)((value - first) / (uint)_document.Dimensions));

    private void AddLeaf(int node, int value, int id)
    {
        if (_document.Dimensions == 1) _builder.Leaf(node, _values[value], id);
        else _builder.VectorLeaf(node, _values.AsSpan(value, _document.Dimensions), id);
    }
}

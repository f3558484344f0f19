using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Trees;

public sealed partial class TreeEnsembleBuilder
{
    /// <summary>More levels make more leaves than fit an ensemble.</summary>
    private const int MaxLevels = 26;

    /// <summary>Of the trees that are kept by their levels: all, as long as all are symmetric. Their values are in <see cref="_leafVectors"/>, whatever the number of outputs.</summary>
    private readonly List<int> _levelStarts = [0];
    private readonly GrowingArray<SymmetricLevel> _levels = new();
    private readonly GrowingArray<double> _leafCovers = new();
    private int _firstLevelValue;

    /// <summary>Makes room for that many nodes in all, so that nothing is copied while the ensemble grows. Only a hint.</summary>
    internal TreeEnsembleBuilder Expect(int nodes)
    {
        _nodes.Reserve(nodes);
        return this;
    }

    /// <summary>Takes over arrays that have the leaves of symmetric trees one after the other: those that are handed to <see cref="SymmetricTree"/> from there are not copied.</summary>
    internal TreeEnsembleBuilder TakeLeaves(double[] values, double[] covers)
    {
        if (_treeOutputs.Count > 0) throw new InvalidOperationException("there are trees already");
        _leafVectors.TakeOver(values);
        _leafCovers.TakeOver(covers);
        return this;
    }

    /// <summary>
    /// A whole tree with the same split everywhere on a level. Leaves are numbered from 0, left to right: what the root decides is the highest bit.
    /// </summary>
    /// <param name="levels">From the root; none for a single leaf.</param>
    /// <param name="values">Leaf by leaf, a value for each output.</param>
    /// <param name="covers">Rows in each leaf; empty when they are not known.</param>
    internal TreeEnsembleBuilder SymmetricTree(ReadOnlySpan<SymmetricLevel> levels, ReadOnlySpan<double> values, ReadOnlySpan<double> covers)
    {
        if (_built) throw new InvalidOperationException("the ensemble is built already");
        if (_inTree) throw new InvalidOperationException($"tree {Tree} is still open");
        if (levels.Length > MaxLevels) throw new ModelException($"tree {Tree} has {levels.Length} levels; {MaxLevels} are possible");
        var leaves = 1 << levels.Length;
        var nodes = (2 * leaves) - 1;
        if (values.Length != (long)leaves * _outputs) throw new ModelException($"tree {Tree} has {values.Length} values for {leaves} leaves and {_outputs} outputs");
        if (!covers.IsEmpty && covers.Length != leaves) throw new ModelException($"tree {Tree} has {covers.Length} covers for {leaves} leaves");
        if (_treeStarts[^1] > MaxNodes - nodes) throw new ModelException($"tree {Tree}: more than {MaxNodes} nodes");
        for (var level = 0; level < levels.Length; level++)
        {
            CheckFeature((1 << level) - 1, levels[level].Feature);
            if (levels[level].Set < 0 && double.IsNaN(levels[level].Threshold)) throw At((1 << level) - 1, "the threshold is not a number");
        }
        _treeOutputs.Add(0);
        KeepLevels(levels, values, covers);
        _treeStarts.Add(_treeStarts[^1] + nodes);
        _treeDepths.Add(levels.Length);
        if (_outputs == 1) _scalarLeaves += leaves;
        else _vectorLeaves += leaves;
        // Other trees are there: it must be nodes like them.
        if (_nodes.Count > 0) LayOutLevels();
        return this;
    }

    private void KeepLevels(ReadOnlySpan<SymmetricLevel> levels, ReadOnlySpan<double> values, ReadOnlySpan<double> covers)
    {
        if (_levelStarts.Count == 1) _firstLevelValue = _leafVectors.Count;
        _levels.AddRange(levels);
        _levelStarts.Add(_levels.Count);
        var known = (_leafVectors.Count - _firstLevelValue) / _outputs;
        var kept = _leafVectors.Grow(values.Length);
        for (var i = 0; i < values.Length; i++) kept[i] = LeafValue(values[i]);
        if (covers.IsEmpty && _leafCovers.Count == 0) return;
        _leafCovers.Grow(known - _leafCovers.Count).Fill(double.NaN);
        var keptCovers = _leafCovers.Grow(values.Length / _outputs);
        if (covers.IsEmpty) keptCovers.Fill(double.NaN);
        else covers.CopyTo(keptCovers);
    }

    /// <summary>Makes nodes of the trees that are kept by their levels.</summary>
    private void LayOutLevels()
    {
        _nodes.AddSymmetricTrees(CollectionsMarshal.AsSpan(_levelStarts), _levels.Items, _leafVectors.Items[_firstLevelValue..], _firstLevelValue, _leafCovers.Items);
        _levelStarts.RemoveRange(1, _levelStarts.Count - 1);
        _levels.Clear();
        _leafCovers.Clear();
        if (_outputs == 1) _leafVectors.Clear();
    }
}

using Slipway.Core;

namespace Slipway.Models.Trees;

public sealed partial class TreeEnsembleBuilder
{
    /// <summary>More levels make more leaves than fit an ensemble.</summary>
    private const int MaxLevels = 26;

    /// <summary>Makes room, so that nothing is copied while the ensemble grows. Only a hint.</summary>
    internal TreeEnsembleBuilder Expect(int nodes, int leafValues)
    {
        _nodes.Reserve(nodes);
        if (_outputs > 1) _leafVectors.Expect(leafValues);
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
        var start = _nodes.Count;
        var nodes = (2 * leaves) - 1;
        if (values.Length != (long)leaves * _outputs) throw new ModelException($"tree {Tree} has {values.Length} values for {leaves} leaves and {_outputs} outputs");
        if (!covers.IsEmpty && covers.Length != leaves) throw new ModelException($"tree {Tree} has {covers.Length} covers for {leaves} leaves");
        if (start > MaxNodes - nodes) throw new ModelException($"tree {Tree}: more than {MaxNodes} nodes");
        for (var level = 0; level < levels.Length; level++)
        {
            CheckFeature((1 << level) - 1, levels[level].Feature);
            if (levels[level].Set < 0 && double.IsNaN(levels[level].Threshold)) throw At((1 << level) - 1, "the threshold is not a number");
        }
        _treeOutputs.Add(0);
        _nodes.Reserve(nodes);
        _nodes.Count += nodes;
        FillLevels(levels, _nodes.Features.AsSpan(start, nodes), _nodes.Thresholds.AsSpan(start, nodes), _nodes.DefaultLeft.AsSpan(start, nodes), _nodes.CategorySets.AsSpan(start, nodes));
        NumberNodes(start, leaves, _nodes.LeftChildren.AsSpan(start, nodes), _nodes.Ids.AsSpan(start, nodes));
        AddLeafValues(start + leaves - 1, values);
        if (!covers.IsEmpty || _covers.Count > 0) AddCovers(start, covers);
        _treeStarts.Add(start + nodes);
        _treeDepths.Add(levels.Length);
        return this;
    }

    private static void FillLevels(ReadOnlySpan<SymmetricLevel> levels, Span<int> features, Span<double> thresholds, Span<bool> defaultLeft, Span<int> sets)
    {
        for (var level = 0; level < levels.Length; level++)
        {
            var (from, count) = ((1 << level) - 1, 1 << level);
            features.Slice(from, count).Fill(levels[level].Feature);
            thresholds.Slice(from, count).Fill(levels[level].Set < 0 ? levels[level].Threshold : 0);
            defaultLeft.Slice(from, count).Fill(levels[level].DefaultLeft);
            sets.Slice(from, count).Fill(levels[level].Set);
        }
        var leaves = (1 << levels.Length) - 1;
        features[leaves..].Fill(-1);
        defaultLeft[leaves..].Clear();
        sets[leaves..].Fill(-1);
    }

    private static void NumberNodes(int start, int leaves, Span<int> leftChildren, Span<int> ids)
    {
        for (var node = 0; node < leaves - 1; node++)
        {
            leftChildren[node] = start + (2 * node) + 1;
            ids[node] = node;
        }
        leftChildren[(leaves - 1)..].Fill(-1);
        for (var leaf = 0; leaf < leaves; leaf++) ids[leaves - 1 + leaf] = leaf;
    }

    private void AddLeafValues(int firstLeaf, ReadOnlySpan<double> values)
    {
        var thresholds = _nodes.Thresholds.AsSpan(firstLeaf.._nodes.Count);
        if (_outputs == 1)
        {
            for (var leaf = 0; leaf < values.Length; leaf++) thresholds[leaf] = LeafValue(values[leaf]);
            _scalarLeaves += values.Length;
            return;
        }
        thresholds.Clear();
        var leftChildren = _nodes.LeftChildren.AsSpan(firstLeaf.._nodes.Count);
        for (var leaf = 0; leaf < leftChildren.Length; leaf++) leftChildren[leaf] = ~(_leafVectors.Count + (leaf * _outputs));
        var vectors = _leafVectors.Grow(values.Length);
        for (var i = 0; i < values.Length; i++) vectors[i] = LeafValue(values[i]);
        _vectorLeaves += leftChildren.Length;
    }

    private void AddCovers(int start, ReadOnlySpan<double> leafCovers)
    {
        var covers = GrowStatistics(_covers, start);
        GrowStatistics(_gains, start).Clear();
        if (leafCovers.IsEmpty)
        {
            covers.Fill(double.NaN);
            return;
        }
        leafCovers.CopyTo(covers[(covers.Length - leafCovers.Length)..]);
        for (var node = covers.Length - leafCovers.Length - 1; node >= 0; node--) covers[node] = covers[(2 * node) + 1] + covers[(2 * node) + 2];
    }
}

/// <summary>The split of a level.</summary>
/// <param name="Threshold">Values below it go left, all others right; unused with a set.</param>
/// <param name="Set">Categories of this set go right, see <see cref="TreeEnsembleBuilder.CategorySet"/>; -1 for none.</param>
/// <param name="DefaultLeft">Where missing values go.</param>
internal readonly record struct SymmetricLevel(int Feature, double Threshold, int Set, bool DefaultLeft);

using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>Trees with one split on each level (CatBoost's): a few numbers for each level, where nodes would be twice as many as leaves.</summary>
/// <param name="Starts">The first level of each tree, and after the last tree the number of levels.</param>
/// <param name="Levels">Tree by tree, from the root.</param>
/// <param name="LeafValues">Tree by tree, leaf by leaf, a value for each output. Leaves are numbered from left to right: what the root decides is the highest bit.</param>
/// <param name="LeafCovers">Tree by tree, leaf by leaf; empty when the file does not say.</param>
internal sealed record SymmetricForest(ImmutableArray<int> Starts, ImmutableArray<SymmetricLevel> Levels, ImmutableArray<double> LeafValues, ImmutableArray<double> LeafCovers)
{
    public int TreeCount => Starts.Length - 1;

    public int LevelsOf(int tree) => Starts[tree + 1] - Starts[tree];

    /// <param name="outputs">Values of a leaf.</param>
    public SymmetricForest First(int trees, int outputs)
    {
        var leaves = 0;
        for (var tree = 0; tree < trees; tree++) leaves += 1 << LevelsOf(tree);
        return new SymmetricForest(Starts[..(trees + 1)], Levels[..Starts[trees]], LeafValues[..(leaves * outputs)], LeafCovers.IsEmpty ? [] : LeafCovers[..leaves]);
    }

    /// <summary>All nodes.</summary>
    /// <param name="count">How many these are.</param>
    public TreeNodes LayOut(int count)
    {
        var nodes = new NodeColumns();
        nodes.Reserve(count);
        nodes.AddSymmetricTrees(Starts.AsSpan(), Levels.AsSpan(), LeafValues.AsSpan(), 0, LeafCovers.AsSpan());
        return nodes.Take();
    }

    /// <param name="ensemble">That has these trees.</param>
    public SplitColumns Splits(TreeEnsemble ensemble) => new(
        ensemble, [.. Levels.Select(l => l.Feature)], [.. Levels.Select(l => l.Threshold)], [.. Levels.Select(l => l.DefaultLeft)], [.. Levels.Select(l => l.Set)]);
}

/// <summary>The split of a level.</summary>
/// <param name="Threshold">Values below it go left, all others right; unused with a set.</param>
/// <param name="Set">Categories of this set go right, see <see cref="TreeEnsembleBuilder.CategorySet"/>; -1 for none.</param>
/// <param name="DefaultLeft">Where missing values go.</param>
internal readonly record struct SymmetricLevel(int Feature, double Threshold, int Set, bool DefaultLeft);

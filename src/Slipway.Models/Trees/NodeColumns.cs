using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees;

/// <summary>Nodes that are laid out one tree after the other: a column for each property, which grow together. See <see cref="TreeEnsemble"/> for what they hold.</summary>
internal sealed class NodeColumns
{
    public int[] Features = [];
    public double[] Thresholds = [];
    public int[] LeftChildren = [];
    public bool[] DefaultLeft = [];
    public int[] CategorySets = [];

    /// <summary>Empty when <see cref="HasIds"/> says so.</summary>
    public int[] Ids = [];

    private readonly GrowingArray<double> _covers = new();
    private readonly GrowingArray<double> _gains = new();

    public int Count { get; set; }

    /// <summary>Whether nodes are numbered; said before there are any.</summary>
    public bool HasIds { get; set; } = true;

    /// <summary>Some nodes have covers and gains.</summary>
    public bool HasStatistics => _covers.Count > 0;

    /// <summary>Makes room for more nodes.</summary>
    public void Reserve(int nodes)
    {
        if (nodes <= Features.Length - Count) return;
        var capacity = Math.Max(Count + nodes, (int)Math.Min(Array.MaxLength, 2L * Features.Length));
        Resize(ref Features, capacity);
        Resize(ref Thresholds, capacity);
        Resize(ref LeftChildren, capacity);
        Resize(ref DefaultLeft, capacity);
        Resize(ref CategorySets, capacity);
        if (HasIds) Resize(ref Ids, capacity);
    }

    /// <summary>The covers, to be written, of the nodes from <paramref name="start"/> on. Those before that have none get NaN.</summary>
    public Span<double> GrowCovers(int start) => Grow(_covers, start);

    /// <summary>The gains, to be written, of the nodes from <paramref name="start"/> on. Those before that have none get NaN.</summary>
    public Span<double> GrowGains(int start) => Grow(_gains, start);

    /// <summary>Adds the nodes of symmetric trees; see <see cref="SymmetricForest"/>.</summary>
    /// <param name="firstValue">Of the values in <see cref="TreeEnsemble.LeafVectors"/>, when a leaf has several.</param>
    public void AddSymmetricTrees(ReadOnlySpan<int> starts, ReadOnlySpan<SymmetricLevel> levels, ReadOnlySpan<double> values, int firstValue, ReadOnlySpan<double> covers)
    {
        var leaves = 0;
        for (var tree = 0; tree + 1 < starts.Length; tree++) leaves += 1 << (starts[tree + 1] - starts[tree]);
        if (leaves == 0) return;
        var outputs = values.Length / leaves;
        Reserve((2 * leaves) - (starts.Length - 1));
        for (var tree = 0; tree + 1 < starts.Length; tree++)
        {
            var ofTree = levels[starts[tree]..starts[tree + 1]];
            leaves = 1 << ofTree.Length;
            AddSymmetricTree(ofTree, values[..(leaves * outputs)], firstValue, covers.IsEmpty ? [] : covers[..leaves]);
            values = values[(leaves * outputs)..];
            firstValue += leaves * outputs;
            if (!covers.IsEmpty) covers = covers[leaves..];
        }
    }

    /// <summary>The nodes; none are left here.</summary>
    public TreeNodes Take()
    {
        if (HasStatistics)
        {
            GrowCovers(Count);
            GrowGains(Count);
        }
        return new TreeNodes(Take(ref Features), Take(ref Thresholds), Take(ref LeftChildren), Take(ref DefaultLeft), Take(ref CategorySets), Take(ref Ids), _covers.Take(), _gains.Take());
    }

    private void AddSymmetricTree(ReadOnlySpan<SymmetricLevel> levels, ReadOnlySpan<double> values, int firstValue, ReadOnlySpan<double> covers)
    {
        var (start, leaves) = (Count, 1 << levels.Length);
        Count += (2 * leaves) - 1;
        FillLevels(levels, start);
        NumberNodes(start, leaves);
        var firstLeaf = start + leaves - 1;
        if (values.Length == leaves)
        {
            values.CopyTo(Thresholds.AsSpan(firstLeaf));
        }
        else
        {
            Thresholds.AsSpan(firstLeaf, leaves).Clear();
            for (var leaf = 0; leaf < leaves; leaf++) LeftChildren[firstLeaf + leaf] = ~(firstValue + (leaf * (values.Length / leaves)));
        }
        if (!covers.IsEmpty || HasStatistics) AddCovers(start, covers);
    }

    private void FillLevels(ReadOnlySpan<SymmetricLevel> levels, int start)
    {
        for (var level = 0; level < levels.Length; level++)
        {
            var (from, count) = (start + (1 << level) - 1, 1 << level);
            Features.AsSpan(from, count).Fill(levels[level].Feature);
            Thresholds.AsSpan(from, count).Fill(levels[level].Set < 0 ? levels[level].Threshold : 0);
            DefaultLeft.AsSpan(from, count).Fill(levels[level].DefaultLeft);
            CategorySets.AsSpan(from, count).Fill(levels[level].Set);
        }
        var firstLeaf = start + (1 << levels.Length) - 1;
        Features.AsSpan(firstLeaf..Count).Fill(-1);
        DefaultLeft.AsSpan(firstLeaf..Count).Clear();
        CategorySets.AsSpan(firstLeaf..Count).Fill(-1);
    }

    private void NumberNodes(int start, int leaves)
    {
        for (var node = 0; node < leaves - 1; node++) LeftChildren[start + node] = start + (2 * node) + 1;
        LeftChildren.AsSpan(start + leaves - 1, leaves).Fill(-1);
        if (!HasIds) return;
        for (var node = 0; node < leaves - 1; node++) Ids[start + node] = node;
        for (var leaf = 0; leaf < leaves; leaf++) Ids[start + leaves - 1 + leaf] = leaf;
    }

    private void AddCovers(int start, ReadOnlySpan<double> leafCovers)
    {
        var covers = GrowCovers(start);
        GrowGains(start).Clear();
        if (leafCovers.IsEmpty)
        {
            covers.Fill(double.NaN);
            return;
        }
        leafCovers.CopyTo(covers[(covers.Length - leafCovers.Length)..]);
        for (var node = covers.Length - leafCovers.Length - 1; node >= 0; node--) covers[node] = covers[(2 * node) + 1] + covers[(2 * node) + 2];
    }

    private Span<double> Grow(GrowingArray<double> statistics, int start)
    {
        // They fill up with the nodes.
        statistics.Expect(Features.Length);
        statistics.Grow(start - statistics.Count).Fill(double.NaN);
        return statistics.Grow(Count - start);
    }

    private void Resize<T>(ref T[] column, int capacity)
        where T : unmanaged
    {
        var resized = GC.AllocateUninitializedArray<T>(capacity);
        column.AsSpan(0, Count).CopyTo(resized);
        column = resized;
    }

    private ImmutableArray<T> Take<T>(ref T[] column)
        where T : unmanaged
    {
        var items = column;
        column = [];
        return ImmutableCollectionsMarshal.AsImmutableArray(items.Length <= Count ? items : items.AsSpan(0, Count).ToArray());
    }
}

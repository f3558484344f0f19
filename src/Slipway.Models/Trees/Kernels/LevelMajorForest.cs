using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Numeric float32 trees, filled up to perfect ones, eight side by side and level by level: the nodes of a level are those of the first tree from left to right,
/// then those of the second, … So the left child of a node is at twice its own index, and the eight nodes three levels below it are one cache line. Immutable.
/// </summary>
internal sealed class LevelMajorForest
{
    /// <summary>Trees that are walked side by side. The index of the first one's root, too: those below are not used.</summary>
    public const int Lanes = 8;

    /// <summary>Trees of fewer levels are filled up to as many: so far the walk looks ahead.</summary>
    public const int LevelsAhead = 3;

    /// <summary>Deeper ones would be filled up to many times their nodes.</summary>
    public const int MaxLevels = 14;

    /// <summary>Their keys take a third of the first-level cache.</summary>
    public const int MaxSlots = 2048;

    /// <summary>From a bound to its place in a node; the slot is below.</summary>
    public const int BoundShift = 16;

    /// <summary>Nothing goes right: no key is larger.</summary>
    private const long NoSplit = (long)int.MaxValue << BoundShift;

    /// <summary>Times plain arrays of the nodes.</summary>
    private const double MaxShare = 1.25;

    /// <summary>Places are counted in 32 bits.</summary>
    private const int MaxBytes = 1 << 30;

    private readonly AlignedMemory<long> _memory;
    private readonly int[] _roots;

    private LevelMajorForest(TreeEnsemble ensemble, SingleSplits splits, Group[] groups)
    {
        (Features, Keys, Groups) = (ensemble.FeatureCount, splits.Keys, groups);
        _roots = [.. ensemble.TreeStarts.AsSpan(0, ensemble.TreeCount)];
        _memory = new AlignedMemory<long>(groups[^1].End);
        var leaves = new LeafPayloads<float>(ensemble, inNodes: true);
        foreach (var group in groups)
        {
            NodesOf(group).Fill(NoSplit);
            LeavesOf(group).Clear();
            for (var tree = group.FirstTree; tree < Math.Min(group.FirstTree + Lanes, ensemble.TreeCount); tree++)
            {
                Fill(ensemble, splits, leaves, group, ensemble.TreeStarts[tree], Lanes + tree - group.FirstTree, group.Levels);
            }
        }
        Leaves = leaves.ToForm();
    }

    /// <param name="FirstTree">Its number.</param>
    /// <param name="Levels">Of the deepest tree.</param>
    /// <param name="Start">Of the roots in <see cref="Memory"/>, where a cache line starts. Behind all nodes there are the leaves, four bytes each.</param>
    public readonly record struct Group(int FirstTree, int Levels, int Start)
    {
        /// <summary>Nodes of all levels.</summary>
        public int Nodes => Leaves - Lanes;

        public int Leaves => Lanes << Levels;

        /// <summary>After the last leaf.</summary>
        public int End => Start + Nodes + (Leaves * sizeof(int) / sizeof(long));
    }

    /// <summary>Values of a row.</summary>
    public int Features { get; }

    public SingleKeys Keys { get; }

    public Group[] Groups { get; }

    public LeafForm<float> Leaves { get; }

    /// <summary>A node is its bound and, in the lowest 16 bits, its slot. Never moves.</summary>
    public Span<long> Memory => _memory.Span;

    /// <returns>null when trees are too deep, splits are not all numeric, there are too many features, or filling up would take too much memory.</returns>
    public static Plan? TryPlan(TreeEnsemble ensemble)
    {
        if (ensemble.TreeCount == 0 || ensemble.HasCategoricalSplits || ensemble.MaxDepth > MaxLevels) return null;
        var groups = new Group[(ensemble.TreeCount + Lanes - 1) / Lanes];
        var start = 0L;
        // What leaves point to is not counted on either side.
        var limit = Math.Min(MaxBytes, (long)(MaxShare * ensemble.NodeCount * (sizeof(int) + sizeof(float)))) / sizeof(long);
        for (var group = 0; group < groups.Length; group++)
        {
            var levels = LevelsAhead;
            foreach (var depth in ensemble.TreeDepths.AsSpan()[(group * Lanes)..Math.Min((group + 1) * Lanes, ensemble.TreeCount)]) levels = Math.Max(levels, depth);
            groups[group] = new Group(group * Lanes, levels, (int)start);
            start = groups[group].End;
            if (start > limit) return null;
        }
        var splits = new SingleSplits(ensemble);
        return splits.Keys.Slots <= MaxSlots ? new Plan(ensemble, splits, groups) : null;
    }

    /// <summary>The leaf that a row reaches, as an index into the nodes of the ensemble, of which those of a tree are in breadth-first order.</summary>
    /// <param name="keys">Of the row.</param>
    public int FindNode(int tree, ReadOnlySpan<long> keys)
    {
        var group = Groups[tree / Lanes];
        var nodes = NodesOf(group);
        var (node, index, splits) = (0, 0, 0);
        for (var level = 0; level < group.Levels; level++)
        {
            var ofTree = nodes.Slice((Lanes << level) - Lanes + ((tree % Lanes) << level), 1 << level);
            if (ofTree[index] == NoSplit) break;
            var right = ofTree[index] < keys[(ushort)ofTree[index]] ? 1 : 0;
            node = 1 + (2 * (splits + CountSplits(ofTree[..index]))) + right;
            splits += CountSplits(ofTree);
            index = (2 * index) + right;
        }
        return _roots[tree] + node;
    }

    private static int CountSplits(ReadOnlySpan<long> nodes) => nodes.Length - nodes.Count(NoSplit);

    private Span<long> NodesOf(in Group group) => Memory.Slice(group.Start, group.Nodes);

    private Span<int> LeavesOf(in Group group) => MemoryMarshal.Cast<long, int>(Memory[(group.Start + group.Nodes)..group.End]);

    /// <param name="index">In the group.</param>
    /// <param name="levels">Of the group, below the node.</param>
    private void Fill(TreeEnsemble ensemble, SingleSplits splits, LeafPayloads<float> leaves, in Group group, int node, int index, int levels)
    {
        if (ensemble.IsLeaf(node))
        {
            // Where there is no split everything goes left.
            LeavesOf(group)[(index << levels) - group.Leaves] = leaves.Of(node);
            return;
        }
        var (slot, bound) = splits.Encode(node);
        NodesOf(group)[index - Lanes] = ((long)bound << BoundShift) | (ushort)slot;
        Fill(ensemble, splits, leaves, group, ensemble.LeftChildren[node], 2 * index, levels - 1);
        Fill(ensemble, splits, leaves, group, ensemble.LeftChildren[node] + 1, (2 * index) + 1, levels - 1);
    }

    /// <summary>What the forest of an ensemble would be like, before its memory is taken.</summary>
    public sealed class Plan(TreeEnsemble ensemble, SingleSplits splits, Group[] groups)
    {
        public int Slots => splits.Keys.Slots;

        public long Bytes => groups[^1].End * (long)sizeof(long);

        /// <summary>Steps of all walks.</summary>
        public long Steps
        {
            get
            {
                var steps = 0L;
                foreach (var group in groups) steps += Lanes * group.Levels;
                return steps;
            }
        }

        public LevelMajorForest Build() => new(ensemble, splits, groups);
    }
}

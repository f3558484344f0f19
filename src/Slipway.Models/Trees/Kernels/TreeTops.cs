using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// The upper levels of trees, 16 trees side by side, filled up to perfect trees: what every tree has at one place of a level is one vector. A single row
/// goes down a level of 16 trees at once, by choosing among the vectors of that level, without a load that waits for another. Leaves that stand higher are
/// continued to the lowest of these levels by splits that nothing passes to the right.
/// </summary>
internal sealed class TreeTops
{
    /// <summary>Trees that are side by side.</summary>
    public const int Lanes = 16;

    /// <summary>Two times as many have their levels in common.</summary>
    public const int TreesPerGroup = 2 * Lanes;

    /// <summary>Fewer are walked.</summary>
    private const int MinTrees = 12;

    /// <summary>The vectors of a level double from one to the next, a walk's steps do not: from the seventh level on walking is as fast.</summary>
    public const int MaxLevels = 6;

    /// <summary>Places that <see cref="Decode"/> needs for splits: half of them for each word, of which each kind may take up all.</summary>
    public const int MaxDecoded = 2 * LeafMaskForest.MaxLeaves;

    /// <summary>Where trees go on below, their tops may take a quarter of the room that their nodes take.</summary>
    private const int ShareOfNodes = 4;

    private readonly int[] _memory;
    private readonly int _start;

    /// <summary>The first slot that has classes; behind each of these, so many slots on, there are masks in blocks.</summary>
    private int _firstClasses;
    private int _masksBehind;

    private TreeTops(Group[] groups, int length)
    {
        Groups = groups;
        _memory = GC.AllocateUninitializedArray<int>(length + (KeyBlock.Alignment / sizeof(int)), pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / sizeof(int);
    }

    /// <param name="Levels">0: the trees are walked from their roots.</param>
    /// <param name="SlotShift">Of a number of slots, to the number of elements that hold them: 2 or 1.</param>
    /// <param name="Start">Of the bounds of its first trees in <see cref="Memory"/>; their slots and their exits follow, and then the same of the other trees.</param>
    /// <param name="StepsBelow">To the deepest leaf below; 0: exits are what leaves hold, else they are nodes.</param>
    public readonly record struct Group(int Levels, int SlotShift, int Start, int StepsBelow)
    {
        /// <summary>From the bounds to the slots.</summary>
        public int SlotsAt => ((1 << Levels) - 1) * Lanes;

        /// <summary>From the bounds to the exits.</summary>
        public int ExitsAt => SlotsAt + (Math.Max(1, (1 << Levels) >> SlotShift) * Lanes);

        public int Length => ExitsAt + (Lanes << Levels);
    }

    public Group[] Groups { get; }

    /// <summary>So many trees, from the first on, are here from the root to the leaves.</summary>
    public int WholeTrees { get; private init; }

    /// <summary>Starts where a cache line does; never moves.</summary>
    public ReadOnlySpan<int> Memory => _memory.AsSpan(_start);

    /// <returns>null when the trees do not gain from it, or have too many slots.</returns>
    public static unsafe TreeTops? TryCreate<T, TForm>(CompactForest<T> forest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        var slotShift = SlotShiftFor(forest.Keys.Slots);
        var groups = new Group[(forest.TreeCount + TreesPerGroup - 1) / TreesPerGroup];
        var length = 0;
        for (var group = 0; group < groups.Length; group++)
        {
            groups[group] = Plan(forest.Depths, forest.Roots, forest.FirstNode + forest.Nodes.Length, group * TreesPerGroup, slotShift) with { Start = length };
            if (groups[group].Levels > 0) length += 2 * groups[group].Length;
        }
        if (length == 0) return null;
        var tops = new TreeTops(groups, length) { WholeTrees = WholeTreesOf(groups, forest.TreeCount), _firstClasses = FirstClassesOf(forest.Keys), _masksBehind = forest.Keys.BlockSlots - forest.Keys.Slots };
        tops._memory.AsSpan().Clear();
        for (var tree = 0; tree < forest.TreeCount; tree++)
        {
            var group = groups[tree / TreesPerGroup];
            if (group.Levels == 0) continue;
            var start = group.Start + (tree % TreesPerGroup / Lanes * group.Length);
            tops.Fill<T, TForm>(forest, group with { Start = start }, tree % Lanes, 0, 0, forest.Roots[tree]);
        }
        tops.FillRest(forest.TreeCount, forest.Roots[(groups.Length - 1) * TreesPerGroup]);
        return tops;
    }

    /// <summary>Whether all trees would be here from the root to the leaves, as far as their numbers tell.</summary>
    /// <param name="slots">Of a row.</param>
    public static bool HoldAll(TreeEnsemble ensemble, int slots)
    {
        for (var first = 0; first < ensemble.TreeCount; first += TreesPerGroup)
        {
            if (Plan(ensemble.TreeDepths.AsSpan(), ensemble.TreeStarts.AsSpan(), ensemble.NodeCount, first, SlotShiftFor(slots)) is not { Levels: > 0, StepsBelow: 0 }) return false;
        }
        return true;
    }

    private static int SlotShiftFor(int slots) => BitOperations.Log2((uint)(32 / (slots <= KeysOf256.Count ? KeysOf256.SlotBits : ManyKeys.SlotBits)));

    private static int FirstClassesOf<T>(RowKeys<T> keys)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var slot = 0;
        while (slot < keys.Slots && keys.MaskSlotOf(slot) == slot) slot++;
        return slot;
    }

    /// <summary>Lanes without a tree are walked with the others.</summary>
    private void FillRest(int trees, int root)
    {
        for (var tree = trees; tree < Groups.Length * TreesPerGroup; tree++)
        {
            if (GroupOf(tree) is { Levels: > 0, StepsBelow: > 0 } group) _memory[_start + LaneOf(tree) + group.ExitsAt] = root;
        }
    }

    public Group GroupOf(int tree) => Groups[tree / TreesPerGroup];

    /// <summary>Of a tree's first bound, in <see cref="Memory"/>.</summary>
    public int LaneOf(int tree) => GroupOf(tree).Start + (tree % TreesPerGroup / Lanes * GroupOf(tree).Length) + (tree % Lanes);

    /// <param name="slots">Of the tree that is in a lane.</param>
    /// <param name="group">What is there.</param>
    /// <param name="place">In breadth-first order.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int SlotAt(int* slots, Group group, int place)
    {
        var (element, shift) = PlaceOfSlot(group, place);
        return (slots[element * Lanes] >>> shift) & (int)(uint.MaxValue >>> (32 - (32 >> group.SlotShift)));
    }

    /// <summary>In which element a slot is, and at which bit: a level's slots begin behind as many as it has itself, or where the root's element has room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Element, int Shift) PlaceOfSlot(Group group, int place)
    {
        var inElement = 1 << group.SlotShift;
        var (element, at) = place + 1 < inElement ? (0, place) : ((place + 1) >> group.SlotShift, (place + 1) & (inElement - 1));
        return (element, at << (5 - group.SlotShift));
    }

    /// <summary>The leaf that a row reaches in a whole tree, as a number among the tree's nodes, which are in breadth-first order.</summary>
    public static unsafe int FindNode<TForm>(int* lane, Group group, int* keys)
        where TForm : INodeForm
    {
        var place = 0;
        var (node, counted, splits) = (0, 0, 0);
        for (var level = 0; level < group.Levels; level++)
        {
            var slot = SlotAt(lane + group.SlotsAt, group, place);
            if (slot == 0) return node;
            var right = TForm.GoesRight(keys[slot], lane[place * Lanes]);
            for (; counted < place; counted++) splits += SlotAt(lane + group.SlotsAt, group, counted) != 0 ? 1 : 0;
            node = 1 + (2 * splits) + right;
            place = (2 * place) + 1 + right;
        }
        return node;
    }

    /// <summary>A whole tree as a <see cref="LeafMaskForest"/> has it.</summary>
    /// <param name="lane">Of the tree.</param>
    /// <param name="splits">Receives its splits; room for <see cref="MaxDecoded"/>.</param>
    /// <param name="leaves">Receives the bounds of its leaves, from left to right.</param>
    public unsafe LeafMaskForest.Tree Decode(int* lane, Group group, LeafMaskSplit* splits, int* leaves)
    {
        for (var leaf = 0; leaf < 1 << group.Levels; leaf++) leaves[leaf] = lane[group.ExitsAt + (leaf * Lanes)];
        // Of each word the numeric splits grow down from the middle of its room, the categorical ones up.
        const int Room = MaxDecoded / 2;
        Span<int> first = [Room / 2, Room + (Room / 2)], end = [Room / 2, Room + (Room / 2)];
        for (var level = 0; level < group.Levels; level++)
        {
            // As many leaves as a power of two, side by side: all in one word.
            var onLeft = 1 << (group.Levels - 1 - level);
            var mask = (uint)((1UL << onLeft) - 1);
            for (var i = 0; i < 1 << level; i++)
            {
                var place = (1 << level) - 1 + i;
                var slot = SlotAt(lane + group.SlotsAt, group, place);
                if (slot == 0) continue;
                var from = 2 * i * onLeft;
                var word = from / LeafMaskForest.LeavesPerWord;
                var isNumeric = slot < _firstClasses;
                splits[isNumeric ? --first[word] : end[word]++] =
                    new LeafMaskSplit(((isNumeric ? slot : slot + _masksBehind) << KeyBlock.Shift) * sizeof(int), lane[place * Lanes], (int)~(mask << from));
            }
        }
        return new LeafMaskForest.Tree(0, 1 << group.Levels, new LeafMaskForest.Word(first[0], Room / 2, end[0]), new LeafMaskForest.Word(first[1], Room + (Room / 2), end[1]));
    }

    private static int WholeTreesOf(Group[] groups, int trees)
    {
        var whole = 0;
        while (whole < groups.Length && groups[whole].Levels > 0 && groups[whole].StepsBelow == 0) whole++;
        return Math.Min(whole * TreesPerGroup, trees);
    }

    /// <param name="depths">Of all trees.</param>
    /// <param name="starts">The first node of each tree; more may follow.</param>
    /// <param name="end">After the last node.</param>
    private static Group Plan(ReadOnlySpan<int> depths, ReadOnlySpan<int> starts, int end, int first, int slotShift)
    {
        var next = Math.Min(first + TreesPerGroup, depths.Length);
        if (next - first < MinTrees) return default;
        var deepest = 0;
        foreach (var depth in depths[first..next]) deepest = Math.Max(deepest, depth);
        var nodes = (next == depths.Length ? end : starts[next]) - starts[first];
        var room = nodes * 2;
        var levels = Math.Min(deepest, MaxLevels);
        if (levels == deepest && 2 * new Group(levels, slotShift, 0, 0).Length <= room) return new Group(levels, slotShift, 0, 0);
        while (levels > 0 && 2 * new Group(levels, slotShift, 0, 0).Length > room / ShareOfNodes) levels--;
        return new Group(levels, slotShift, 0, deepest - levels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Fill<T, TForm>(CompactForest<T> forest, Group group, int lane, int level, int place, int at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        var memory = _memory.AsSpan(_start + group.Start, group.Length);
        var node = forest.Nodes[at];
        if (level == group.Levels)
        {
            memory[group.ExitsAt + (place * Lanes) + lane] = group.StepsBelow > 0 ? at : node.Bound;
            return;
        }
        var step = TForm.Step(&node);
        var isLeaf = step == 0;
        memory[((((1 << level) - 1) + place) * Lanes) + lane] = isLeaf ? 0 : node.Bound;
        var (element, shift) = PlaceOfSlot(group, (1 << level) - 1 + place);
        memory[group.SlotsAt + (element * Lanes) + lane] |= (isLeaf ? 0 : TForm.Slot(&node)) << shift;
        Fill<T, TForm>(forest, group, lane, level + 1, 2 * place, at + step);
        if (!isLeaf) Fill<T, TForm>(forest, group, lane, level + 1, (2 * place) + 1, at + step + 1);
    }
}

using System.Numerics;
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

    /// <summary>Where trees go on below, their tops may take a quarter of the room that their nodes take.</summary>
    private const int ShareOfNodes = 4;

    private readonly int[] _memory;
    private readonly int _start;
    private readonly int _slotBits;

    private TreeTops(Group[] groups, int slotBits, int length)
    {
        _slotBits = slotBits;
        Groups = groups;
        _memory = GC.AllocateUninitializedArray<int>(length + (KeyBlock.Alignment / sizeof(int)), pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / sizeof(int);
    }

    /// <param name="Levels">0: the trees are walked from their roots.</param>
    /// <param name="SlotsPerElement">4 or 2.</param>
    /// <param name="Start">Of the bounds of its first trees in <see cref="Memory"/>; their slots and their exits follow, and then the same of the other trees.</param>
    /// <param name="StepsBelow">To the deepest leaf below; 0: exits are what leaves hold, else they are nodes.</param>
    public readonly record struct Group(int Levels, int SlotsPerElement, int Start, int StepsBelow)
    {
        /// <summary>From the bounds to the slots.</summary>
        public int SlotsAt => ((1 << Levels) - 1) * Lanes;

        /// <summary>From the bounds to the exits.</summary>
        public int ExitsAt => SlotsAt + (Math.Max(1, (1 << Levels) / SlotsPerElement) * Lanes);

        public int Length => ExitsAt + (Lanes << Levels);
    }

    public Group[] Groups { get; }

    /// <summary>Starts where a cache line does; never moves.</summary>
    public ReadOnlySpan<int> Memory => _memory.AsSpan(_start);

    /// <returns>null when the trees do not gain from it, or have too many slots.</returns>
    public static unsafe TreeTops? TryCreate<T, TForm>(CompactForest<T> forest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TForm : INodeForm
    {
        var slotBits = forest.Keys.Slots <= KeysOf256.Count ? KeysOf256.SlotBits : ManyKeys.SlotBits;
        var groups = new Group[(forest.TreeCount + TreesPerGroup - 1) / TreesPerGroup];
        var length = 0;
        for (var group = 0; group < groups.Length; group++)
        {
            groups[group] = Plan(forest, group * TreesPerGroup, 32 / slotBits) with { Start = length };
            if (groups[group].Levels > 0) length += 2 * groups[group].Length;
        }
        if (length == 0) return null;
        var tops = new TreeTops(groups, slotBits, length);
        tops._memory.AsSpan().Clear();
        for (var tree = 0; tree < forest.TreeCount; tree++)
        {
            var group = groups[tree / TreesPerGroup];
            if (group.Levels == 0) continue;
            var start = group.Start + (tree % TreesPerGroup / Lanes * group.Length);
            tops.Fill<T, TForm>(forest, group with { Start = start }, tree % Lanes, 0, 0, forest.Roots[tree]);
        }
        return tops;
    }

    private static Group Plan<T>(CompactForest<T> forest, int first, int slotsPerElement)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var end = Math.Min(first + TreesPerGroup, forest.TreeCount);
        if (end - first < MinTrees) return default;
        var deepest = 0;
        for (var tree = first; tree < end; tree++) deepest = Math.Max(deepest, forest.Depths[tree]);
        var nodes = (end == forest.TreeCount ? forest.Nodes.Length : forest.Roots[end]) - forest.Roots[first];
        var room = nodes * 2;
        var levels = Math.Min(deepest, MaxLevels);
        if (levels == deepest && 2 * new Group(levels, slotsPerElement, 0, 0).Length <= room) return new Group(levels, slotsPerElement, 0, 0);
        while (levels > 0 && 2 * new Group(levels, slotsPerElement, 0, 0).Length > room / ShareOfNodes) levels--;
        return new Group(levels, slotsPerElement, 0, deepest - levels);
    }

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
        // A level's slots begin behind as many as it has itself, or where the root's element still has room.
        var inElement = group.SlotsPerElement;
        var (vector, shift) = 1 << level < inElement ? (0, (1 << level) - 1 + place) : (((1 << level) + place) / inElement, place % inElement);
        memory[group.SlotsAt + (vector * Lanes) + lane] |= (isLeaf ? 0 : TForm.Slot(&node)) << (shift * _slotBits);
        Fill<T, TForm>(forest, group, lane, level + 1, 2 * place, at + step);
        if (!isLeaf) Fill<T, TForm>(forest, group, lane, level + 1, (2 * place) + 1, at + step + 1);
    }
}

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Where a <see cref="BinnedForest{T}"/> has what of 64 trees, filled up to perfect ones. Their tops are side by side: what every tree has at one place is one
/// vector of bytes. Trees of more than six levels have their lowest four in bottoms, one below each exit of a top.
/// </summary>
/// <param name="FirstTree">Its number.</param>
/// <param name="Trees">At most <see cref="Lanes"/>.</param>
/// <param name="Depth">Of the deepest.</param>
/// <param name="IsWide">There are more than 256 slots: the ninth bits of their numbers are kept, too.</param>
/// <param name="Start">The first byte.</param>
internal readonly record struct BinnedGroup(int FirstTree, int Trees, int Depth, bool IsWide, long Start)
{
    public const int Lanes = 64;
    public const int MaxTopLevels = 6;
    public const int BottomLevels = 4;
    public const int MaxDepth = MaxTopLevels + BottomLevels;

    /// <summary>Lanes of a bottom: one more than splits. The first is empty.</summary>
    public const int BottomLanes = 1 << BottomLevels;

    /// <summary>The slots of all lanes, then their bounds.</summary>
    public const int PlaceBytes = 2 * Lanes;

    /// <summary>From a bottom's bounds to its slots' ninth bits, a byte for each.</summary>
    public const int BottomNinthBitsAt = 2 * BottomLanes;

    /// <summary>Slots without a ninth bit.</summary>
    public const int ByteSlots = 256;

    private const int CacheLine = KeyBlock.Alignment;

    public bool HasBottoms => Depth > MaxTopLevels;

    public int TopLevels => HasBottoms ? Depth - BottomLevels : Depth;

    /// <summary>Ninth bits of the slots of a top: those of eight places in each byte of a lane. Places are counted from 1 on, in breadth-first order.</summary>
    public long NinthBitsAt => Start + (((1 << TopLevels) - 1) * PlaceBytes);

    /// <summary>For every exit of every tree a leaf, four bytes, or a bottom.</summary>
    public long ExitsAt => NinthBitsAt + (IsWide ? Math.Max(1, (1 << TopLevels) / 8) * Lanes : 0);

    /// <summary>A bottom: its splits, where slots are many their ninth bits, its leaves.</summary>
    public int ExitBytes => HasBottoms ? BottomBytes(IsWide) : sizeof(int);

    /// <summary>After the last byte, in whole cache lines.</summary>
    public long End => (ExitsAt + (((long)Trees << TopLevels) * ExitBytes) + CacheLine - 1) & -CacheLine;

    /// <summary>From the start of a bottom. With ninth bits, leaves start in the next cache line.</summary>
    public static int LeavesIn(bool wide) => wide ? CacheLine : BottomNinthBitsAt;

    public static int BottomBytes(bool wide) => LeavesIn(wide) + (BottomLanes * sizeof(int));

    /// <summary>Groups of trees of these depths.</summary>
    public static BinnedGroup[] Of(ReadOnlySpan<int> depths, bool wide)
    {
        var groups = new BinnedGroup[(depths.Length + Lanes - 1) / Lanes];
        var start = 0L;
        for (var group = 0; group < groups.Length; group++)
        {
            var trees = depths[(group * Lanes)..Math.Min((group + 1) * Lanes, depths.Length)];
            var depth = 0;
            foreach (var own in trees) depth = Math.Max(depth, own);
            groups[group] = new BinnedGroup(group * Lanes, trees.Length, depth, wide, start);
            start = groups[group].End;
        }
        return groups;
    }

    /// <summary>Where a split is kept.</summary>
    /// <param name="level">Of the tree, from 0 on.</param>
    /// <param name="index">In the level, from left to right.</param>
    public Place PlaceOf(int tree, int level, int index)
    {
        var lane = tree - FirstTree;
        if (level < TopLevels)
        {
            var place = (1 << level) + index;
            var slot = Start + ((place - 1) * PlaceBytes) + lane;
            return new Place(slot, slot + Lanes, NinthBitsAt + (place / 8 * Lanes) + lane, (byte)(1 << (place % 8)));
        }
        level -= TopLevels;
        var inBottom = ExitAt(lane, index >> level) + (1 << level) + (index & ((1 << level) - 1));
        return new Place(inBottom, inBottom + BottomLanes, inBottom + BottomNinthBitsAt, byte.MaxValue);
    }

    /// <summary>Where what a leaf below the lowest level holds is kept.</summary>
    public long LeafAt(int tree, int index) =>
        HasBottoms ? ExitAt(tree - FirstTree, index >> BottomLevels) + LeavesIn(IsWide) + ((index & (BottomLanes - 1)) * sizeof(int)) : ExitAt(tree - FirstTree, index);

    /// <summary>Gives every place of every tree a bound.</summary>
    public void FillBounds(Span<byte> memory, byte bound)
    {
        for (var place = 0; place < (1 << TopLevels) - 1; place++) memory.Slice((int)Start + (place * PlaceBytes) + Lanes, Lanes).Fill(bound);
        for (var exit = 0; HasBottoms && exit < Trees << TopLevels; exit++) memory.Slice((int)ExitAt(0, exit) + BottomLanes, BottomLanes).Fill(bound);
    }

    private long ExitAt(int lane, int exit) => ExitsAt + ((((long)lane << TopLevels) + exit) * ExitBytes);

    /// <param name="Slot">The lowest eight bits of the slot's number.</param>
    /// <param name="Bound">The largest bin that goes left.</param>
    /// <param name="NinthBit">The byte that has the slot's ninth bit, where groups are wide.</param>
    /// <param name="NinthBitMask">All that is set there if the ninth bit is.</param>
    public readonly record struct Place(long Slot, long Bound, long NinthBit, byte NinthBitMask);
}

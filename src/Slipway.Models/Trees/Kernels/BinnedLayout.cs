namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Where a <see cref="BinnedForest{T}"/> has what. Levels are counted from the top's first, 0 to 5, on; bottoms have 6 to 9. Trees of fewer levels start lower,
/// on the left: <see cref="RootLevel"/>. All lanes of a top or of a bottom are compared at once; their order makes a path of three levels out of seven bits.
/// </summary>
/// <param name="trees">How many.</param>
/// <param name="depth">Of the deepest.</param>
/// <param name="wide">There are more than 256 slots: the ninth bits of their numbers are kept, too.</param>
internal sealed class BinnedLayout(int trees, int depth, bool wide)
{
    public const int TopLevels = 6;
    public const int BottomLevels = 4;
    public const int MaxDepth = TopLevels + BottomLevels;

    /// <summary>Lanes of a top: one more than splits.</summary>
    public const int TopLanes = 1 << TopLevels;
    public const int BottomLanes = 1 << BottomLevels;

    /// <summary>The slots of all lanes, then their bounds.</summary>
    public const int TopBytes = 2 * TopLanes;
    public const int BottomSplitBytes = 2 * BottomLanes;

    /// <summary>Slots without a ninth bit.</summary>
    public const int ByteSlots = 256;

    private const int CacheLine = KeyBlock.Alignment;

    public bool IsWide => wide;

    public bool HasBottoms => depth > TopLevels;

    /// <summary>The level of all roots.</summary>
    public int RootLevel => Levels - depth;

    /// <summary>After the lowest.</summary>
    public int Levels => HasBottoms ? MaxDepth : TopLevels;

    /// <summary>Exits of a top, of which those are in use that are below the root: the logarithm to base two.</summary>
    public int ExitsShift => TopLevels - RootLevel;

    /// <summary>Ninth bits: eight bytes for each top.</summary>
    public int NinthBitsAt => trees * TopBytes;

    /// <summary>For every exit of every tree a leaf, four bytes, or a bottom.</summary>
    public long ExitsAt => NinthBitsAt + (wide ? RoundUp((long)trees * sizeof(ulong)) : 0);

    /// <summary>A bottom: its splits; where slots are many their ninth bits; its leaves.</summary>
    public int ExitBytes => HasBottoms ? LeavesAt + (BottomLanes * sizeof(int)) : sizeof(int);

    private int LeavesAt => LeavesIn(wide);

    public long Bytes => ExitsAt + (((long)trees << ExitsShift) * ExitBytes);

    /// <summary>From the start of a bottom. With ninth bits, leaves start in the next cache line.</summary>
    public static int LeavesIn(bool wide) => wide ? CacheLine : BottomSplitBytes;

    /// <summary>The place of a split's slot; its bound is <paramref name="lanes"/> further on.</summary>
    /// <param name="level">Of <see cref="Levels"/>.</param>
    /// <param name="index">In the level, from left to right.</param>
    /// <param name="lanes">Of the top or the bottom that has it.</param>
    /// <param name="ninthBits">Where the ninth bits of all lanes are.</param>
    /// <param name="lane">The one that has it.</param>
    public int SplitAt(int tree, int level, int index, out int lanes, out int ninthBits, out int lane)
    {
        if (level < TopLevels)
        {
            (lanes, ninthBits, lane) = (TopLanes, NinthBitsAt + (tree * sizeof(ulong)), TopLane(level, index));
            return (tree * TopBytes) + lane;
        }
        var bottom = ExitAt(tree, index >> (level - TopLevels));
        (lanes, ninthBits, lane) = (BottomLanes, bottom + BottomSplitBytes, BottomLane(level - TopLevels, index & ((1 << (level - TopLevels)) - 1)));
        return bottom + lane;
    }

    /// <summary>The place of a leaf below the lowest level.</summary>
    public int LeafAt(int tree, int index) =>
        HasBottoms ? ExitAt(tree, index >> BottomLevels) + LeavesAt + ((index & (BottomLanes - 1)) * sizeof(int)) : ExitAt(tree, index);

    /// <summary>Gives every lane of every top and bottom a bound.</summary>
    public void FillBounds(Span<byte> memory, byte bound)
    {
        for (var tree = 0; tree < trees; tree++) memory.Slice((tree * TopBytes) + TopLanes, TopLanes).Fill(bound);
        for (long bottom = 0; HasBottoms && bottom < (long)trees << ExitsShift; bottom++) memory.Slice((int)(ExitsAt + (bottom * ExitBytes)) + BottomLanes, BottomLanes).Fill(bound);
    }

    private int ExitAt(int tree, int exit) => (int)ExitsAt + (((tree << ExitsShift) + exit) * ExitBytes);

    /// <summary>The splits of the upper three levels are in the last lanes of each eight; a subtree of the lower three has the other lanes of one eight.</summary>
    private static int TopLane(int level, int index) =>
        level < 3 ? (8 * InOrder(level, index)) + 7 : (8 * (index >> (level - 3))) + InOrder(level - 3, index & ((1 << (level - 3)) - 1));

    /// <summary>The root is in the last lane; its subtrees have eight each.</summary>
    private static int BottomLane(int level, int index) =>
        level == 0 ? BottomLanes - 1 : (8 * (index >> (level - 1))) + InOrder(level - 1, index & ((1 << (level - 1)) - 1));

    /// <summary>Breadth-first.</summary>
    private static int InOrder(int level, int index) => (1 << level) - 1 + index;

    private static long RoundUp(long bytes) => (bytes + CacheLine - 1) & ~(CacheLine - 1L);
}

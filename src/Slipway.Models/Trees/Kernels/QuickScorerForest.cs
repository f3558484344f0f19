using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The numbers of <see cref="QuickScorerForest{T}"/> that do not depend on its type.</summary>
internal static class QuickScorer
{
    /// <summary>Trees that are side by side.</summary>
    public const int Lanes = 16;

    /// <summary>Of these the larger half is side by side, and the smaller half.</summary>
    public const int TreesPerGroup = TreeTops.TreesPerGroup;

    public const int LeavesPerWord = LeafMaskForest.LeavesPerWord;

    public const int MaxLeaves = LeafMaskForest.MaxLeaves;
}

/// <summary>
/// Small trees without their structure (QuickScorer, Lucchese et al. 2015): leaves are numbered from left to right, every split that goes right excludes the
/// leaves on its left, and of those that remain the first is reached. Splits can be evaluated in any order, so 16 trees are side by side: the first split of
/// each, the second of each, … Nine bytes for a split (ten when there are many slots) and one for a leaf besides its value, where nodes take eight for each.
/// Immutable.
/// </summary>
internal sealed class QuickScorerForest<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For each that is used: trees that are too unlike leave too many empty.</summary>
    private const int MaxPlaces = 2;

    /// <summary>Places are counted in 32 bits.</summary>
    private const int MaxLength = 1 << 28;

    private readonly Pack[] _packs;
    private readonly int[] _memory;
    private readonly int _start;

    private QuickScorerForest(TreeEnsemble ensemble, SplitEncoder<T> encoder, Exclusions[] trees, byte[] lanes, Pack[] packs)
    {
        (Features, Keys, IsWide) = (ensemble.FeatureCount, encoder.Keys, SlotBytes(encoder) > 1);
        (Trees, LaneOf, _packs) = (trees, lanes, packs);
        var length = packs[^1].Start + packs[^1].LengthFor(SlotBytes(encoder));
        // The last vectors go beyond what there is.
        _memory = GC.AllocateArray<int>(length + QuickScorer.Lanes + (KeyBlock.Alignment / sizeof(int)), pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / sizeof(int);
        LeafStarts = new int[trees.Length];
        var leaves = (ensemble.NodeCount + trees.Length) / 2;
        NodeOfLeaf = new byte[leaves];
        VectorOfLeaf = ensemble.HasVectorLeaves ? new int[leaves] : [];
        // Linear leaves are summed by those who ask for their nodes.
        var values = GC.AllocateUninitializedArray<T>(ensemble.HasLinearLeaves ? 0 : leaves - VectorOfLeaf.Length, pinned: true);
        var vectors = ensemble.HasVectorLeaves ? new LeafPayloads<T>(ensemble, inNodes: false) : null;
        var read = new QuickScorerTree<T>(ensemble, encoder);
        var leaf = 0;
        for (var tree = 0; tree < trees.Length; tree++)
        {
            LeafStarts[tree] = leaf;
            read.Read(tree);
            Fill(tree, read);
            foreach (var node in read.Leaves)
            {
                NodeOfLeaf[leaf] = (byte)(node - ensemble.TreeStarts[tree]);
                if (vectors is not null) VectorOfLeaf[leaf] = vectors.Of(node);
                else if (values.Length > 0) values[leaf] = T.CreateTruncating(ensemble.Thresholds[node]);
                leaf++;
            }
        }
        Leaves = vectors?.ToForm() ?? new LeafForm<T>(ensemble, values);
    }

    /// <summary>Splits of trees that are side by side: their bounds row by row, then what they keep, then their slots.</summary>
    /// <param name="Start">Of the bounds in <see cref="Memory"/>.</param>
    /// <param name="Lanes">Trees.</param>
    /// <param name="LowRows">Splits that exclude some of leaves 0 to 31.</param>
    /// <param name="HighRows">Splits that exclude some of the others; they follow. A split may be in both.</param>
    public readonly record struct Pack(int Start, byte Lanes, byte LowRows, byte HighRows)
    {
        /// <summary>From the bounds to what is kept; and from there to the slots.</summary>
        public int Places => (LowRows + HighRows) * Lanes;

        /// <summary>In whole cache lines.</summary>
        public int LengthFor(int slotBytes) => ((Places * ((2 * sizeof(int)) + slotBytes)) + KeyBlock.Alignment - 1) / KeyBlock.Alignment * (KeyBlock.Alignment / sizeof(int));
    }

    /// <summary>How many rows a tree uses of its pack's low and high ones, the numeric splits first.</summary>
    public readonly record struct Exclusions(byte LowNumeric, byte Low, byte HighNumeric, byte High);

    /// <summary>Values of a row.</summary>
    public int Features { get; }

    public RowKeys<T> Keys { get; }

    /// <summary>The values of single leaves are in their order.</summary>
    public LeafForm<T> Leaves { get; }

    /// <summary>Slots take two bytes, not one.</summary>
    public bool IsWide { get; }

    public Exclusions[] Trees { get; }

    /// <summary>The place of each tree in its group: below <see cref="QuickScorer.Lanes"/> in the first pack, then in the second.</summary>
    public byte[] LaneOf { get; }

    /// <summary>The first leaf of each tree.</summary>
    public int[] LeafStarts { get; }

    /// <summary>The node that each leaf is, counted from its tree's root.</summary>
    public byte[] NodeOfLeaf { get; }

    /// <summary>Vector leaves: what each points to; else empty.</summary>
    public int[] VectorOfLeaf { get; }

    /// <summary>Starts where a cache line does; never moves.</summary>
    public Span<int> Memory => _memory.AsSpan(_start);

    /// <param name="group">Of <see cref="QuickScorer.TreesPerGroup"/> trees.</param>
    /// <param name="half">0, or 1 when the group has more than <see cref="QuickScorer.Lanes"/> trees.</param>
    public Pack PackOf(int group, int half) => _packs[(2 * group) + half];

    /// <param name="always">Even when trees are so unlike that many places stay empty, or keys are more than registers hold.</param>
    /// <returns>null when a tree has too many leaves, trees are too unlike, splits need more slots than <typeparamref name="TForm"/> can have, or the machine lacks AVX-512.</returns>
    public static QuickScorerForest<T>? TryCreate<TForm>(TreeEnsemble ensemble, bool always = false)
        where TForm : INodeForm
    {
        if (!Avx512F.IsSupported || ensemble.TreeCount == 0 || !AreSmall(ensemble)) return null;
        var encoder = LeafSums<T, TForm>.InNodes ? (SplitEncoder<T>)(object)new SingleSplits(ensemble) : RankSplits<T>.TryCreate(ensemble.Splits, TForm.MaxSlot);
        if (encoder is null || encoder.Keys.BlockSlots > TForm.MaxSlot) return null;
        // Keys that are gathered make all splits of a tree dearer than its path.
        if (!always && SlotBytes(encoder) > 1) return null;
        var read = new QuickScorerTree<T>(ensemble, encoder);
        var trees = new Exclusions[ensemble.TreeCount];
        for (var tree = 0; tree < trees.Length; tree++)
        {
            read.Read(tree);
            trees[tree] = read.Count();
        }
        var lanes = new byte[trees.Length];
        return Arrange(trees, lanes, SlotBytes(encoder), always ? QuickScorer.Lanes : MaxPlaces) is { } packs ? new QuickScorerForest<T>(ensemble, encoder, trees, lanes, packs) : null;
    }

    private static bool AreSmall(TreeEnsemble ensemble)
    {
        for (var tree = 0; tree < ensemble.TreeCount; tree++)
        {
            if (ensemble.TreeStarts[tree + 1] - ensemble.TreeStarts[tree] >= 2 * QuickScorer.MaxLeaves) return false;
        }
        return true;
    }

    private static int SlotBytes(SplitEncoder<T> encoder) => encoder.Keys.Slots <= KeysOf256.Count ? sizeof(byte) : sizeof(ushort);

    /// <summary>Puts trees of each group side by side, those with the most splits first.</summary>
    /// <param name="maxPlaces">For each that is used.</param>
    /// <returns>null when too many places would stay empty.</returns>
    private static Pack[]? Arrange(Exclusions[] trees, byte[] lanes, int slotBytes, int maxPlaces)
    {
        var packs = new Pack[(trees.Length + QuickScorer.Lanes - 1) / QuickScorer.Lanes];
        var (start, places, used) = (0L, 0L, 0L);
        foreach (var tree in trees) used += tree.Low + tree.High;
        Span<int> order = stackalloc int[QuickScorer.TreesPerGroup];
        for (var pack = 0; pack < packs.Length; pack++)
        {
            var group = pack / 2 * QuickScorer.TreesPerGroup;
            var ofGroup = order[..Math.Min(QuickScorer.TreesPerGroup, trees.Length - group)];
            for (var i = 0; i < ofGroup.Length; i++) ofGroup[i] = (-(trees[group + i].Low + trees[group + i].High) * QuickScorer.TreesPerGroup) + i;
            ofGroup.Sort();
            var first = pack % 2 * QuickScorer.Lanes;
            var ofPack = ofGroup[first..Math.Min(first + QuickScorer.Lanes, ofGroup.Length)];
            var (low, high) = (0, 0);
            for (var lane = 0; lane < ofPack.Length; lane++)
            {
                var tree = group + (ofPack[lane] & (QuickScorer.TreesPerGroup - 1));
                lanes[tree] = (byte)(first + lane);
                (low, high) = (Math.Max(low, trees[tree].Low), Math.Max(high, trees[tree].High));
            }
            packs[pack] = new Pack((int)start, (byte)ofPack.Length, (byte)low, (byte)high);
            places += packs[pack].Places;
            start += packs[pack].LengthFor(slotBytes);
            if (start > MaxLength) return null;
        }
        return places > maxPlaces * used ? null : packs;
    }

    private void Fill(int tree, QuickScorerTree<T> read)
    {
        var pack = PackOf(tree / QuickScorer.TreesPerGroup, LaneOf[tree] / QuickScorer.Lanes);
        var lane = LaneOf[tree] % QuickScorer.Lanes;
        var bounds = Memory[pack.Start..];
        var keeps = bounds[pack.Places..];
        var slots = MemoryMarshal.AsBytes(keeps[pack.Places..]);
        for (var word = 0; word < 2; word++)
        {
            var at = (word * pack.LowRows * pack.Lanes) + lane;
            foreach (ref readonly var split in read.Exclusions(word))
            {
                bounds[at] = split.Bound;
                keeps[at] = split.Keep;
                if (IsWide) MemoryMarshal.Cast<byte, ushort>(slots)[at] = (ushort)split.Slot;
                else slots[at] = (byte)split.Slot;
                at += pack.Lanes;
            }
            // Where a tree has no more splits, nothing is excluded.
            for (var end = ((word == 0 ? pack.LowRows : pack.LowRows + pack.HighRows) * pack.Lanes); at < end; at += pack.Lanes) keeps[at] = -1;
        }
    }
}

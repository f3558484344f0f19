using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Trees of at most ten levels, filled up to perfect ones, so that no split says where its children are: two bytes for each, a slot of
/// <see cref="BinnedFeatures{T}"/> and the largest bin that goes left. Six levels of a tree are its top, of which all splits are decided at once; deeper trees
/// have all but their lowest four levels there, and a bottom of four levels below each exit. Immutable.
/// </summary>
internal sealed class BinnedForest<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The bound where there is no split: everything goes left.</summary>
    private const byte NoSplit = byte.MaxValue;

    /// <summary>Times plain arrays of the nodes.</summary>
    private const double MaxShare = 1.25;

    /// <summary>Places are counted in 32 bits.</summary>
    private const int MaxBytes = 1 << 30;

    /// <summary>What small forests may always take.</summary>
    private const int SmallBytes = 64 * 1024;

    private readonly int[] _roots;
    private readonly byte[] _memory;
    private readonly int _start;

    private BinnedForest(TreeEnsemble ensemble, BinnedSplits<T> splits, BinnedLayout layout)
    {
        Features = ensemble.FeatureCount;
        Bins = splits.Features;
        Layout = layout;
        _roots = [.. ensemble.TreeStarts.AsSpan(0, ensemble.TreeCount)];
        _memory = GC.AllocateArray<byte>((int)layout.Bytes + KeyBlock.Alignment, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1));
        var leaves = new LeafPayloads<T>(ensemble, inNodes: LeafSums<T, OrderNodes>.InNodes);
        layout.FillBounds(Memory, NoSplit);
        for (var tree = 0; tree < ensemble.TreeCount; tree++) Fill(ensemble, splits, leaves, tree, ensemble.TreeStarts[tree], layout.RootLevel, 0);
        Leaves = leaves.ToForm();
    }

    /// <summary>Values of a row.</summary>
    public int Features { get; }

    public BinnedFeatures<T> Bins { get; }

    public BinnedLayout Layout { get; }

    public LeafForm<T> Leaves { get; }

    /// <summary>Starts where a cache line does; never moves.</summary>
    public Span<byte> Memory => _memory.AsSpan(_start, (int)Layout.Bytes);

    /// <summary>Trees are enough to make up for the bins of a row, which cost about as much as so many levels of one tree for each slot.</summary>
    public bool Pays => Leaves.TreeOutputs.Length * (Layout.HasBottoms ? 3 : 1) >= Bins.Slots;

    /// <returns>null when trees are too deep, splits are not all numeric, there are too many thresholds, or filling up would take too much memory.</returns>
    public static BinnedForest<T>? TryCreate(TreeEnsemble ensemble)
    {
        var depth = ensemble.MaxDepth;
        if (depth is 0 or > BinnedLayout.MaxDepth || ensemble.HasCategoricalSplits || ensemble.TreeCount > MaxBytes / BinnedLayout.TopBytes) return null;
        // What leaves point to is not kept by either.
        var limit = Math.Min(MaxBytes, Math.Max(SmallBytes, (long)(MaxShare * ensemble.NodeCount * (sizeof(int) + Unsafe.SizeOf<T>()))));
        if (new BinnedLayout(ensemble.TreeCount, depth, wide: false).Bytes > limit) return null;
        if (BinnedSplits<T>.TryCreate(ensemble.Splits) is not { } splits) return null;
        var layout = new BinnedLayout(ensemble.TreeCount, depth, splits.Features.Slots > BinnedLayout.ByteSlots);
        return layout.Bytes + splits.Features.Bytes > limit ? null : new BinnedForest<T>(ensemble, splits, layout);
    }

    /// <summary>The leaf that a row reaches, as an index into the nodes of the ensemble, of which those of a tree are in breadth-first order.</summary>
    /// <param name="bins">Of the row.</param>
    public int FindNode(int tree, ReadOnlySpan<byte> bins)
    {
        var memory = Memory;
        var (node, index, splits) = (0, 0, 0);
        for (var level = Layout.RootLevel; level < Layout.Levels; level++)
        {
            var before = splits;
            for (var i = 0; i < 1 << (level - Layout.RootLevel); i++)
            {
                if (IsSplit(memory, tree, level, i, out _)) splits++;
                if (i == index) before = splits;
            }
            if (!IsSplit(memory, tree, level, index, out var split)) return _roots[tree] + node;
            var right = bins[split.Slot] > split.Bound ? 1 : 0;
            node = (2 * before) - 1 + right;
            index = (2 * index) + right;
        }
        return _roots[tree] + node;
    }

    private bool IsSplit(Span<byte> memory, int tree, int level, int index, out (int Slot, byte Bound) split)
    {
        var at = Layout.SplitAt(tree, level, index, out var lanes, out var ninthBits, out var lane);
        var ninth = Layout.IsWide ? (memory[ninthBits + (lane / 8)] >> (lane % 8)) & 1 : 0;
        split = ((ninth << 8) | memory[at], memory[at + lanes]);
        return split.Bound != NoSplit;
    }

    private void Fill(TreeEnsemble ensemble, BinnedSplits<T> splits, LeafPayloads<T> leaves, int tree, int node, int level, int index)
    {
        if (ensemble.IsLeaf(node))
        {
            BinaryPrimitives.WriteInt32LittleEndian(Memory[Layout.LeafAt(tree, index << (Layout.Levels - level))..], leaves.Of(node));
            return;
        }
        var at = Layout.SplitAt(tree, level, index, out var lanes, out var ninthBits, out var lane);
        var (slot, bound) = splits.Encode(node);
        (Memory[at], Memory[at + lanes]) = ((byte)slot, (byte)bound);
        if (slot >= BinnedLayout.ByteSlots) Memory[ninthBits + (lane / 8)] |= (byte)(1 << (lane % 8));
        Fill(ensemble, splits, leaves, tree, ensemble.LeftChildren[node], level + 1, 2 * index);
        Fill(ensemble, splits, leaves, tree, ensemble.LeftChildren[node] + 1, level + 1, (2 * index) + 1);
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Trees of at most ten levels, filled up to perfect ones, so that no split says where its children are: two bytes for each, a slot of
/// <see cref="BinnedFeatures{T}"/> and the largest bin that goes left. See <see cref="BinnedGroup"/>. Immutable.
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

    private BinnedForest(TreeEnsemble ensemble, BinnedSplits<T> splits, BinnedGroup[] groups)
    {
        Features = ensemble.FeatureCount;
        Bins = splits.Features;
        Groups = groups;
        _roots = [.. ensemble.TreeStarts.AsSpan(0, ensemble.TreeCount)];
        _memory = GC.AllocateArray<byte>((int)groups[^1].End + KeyBlock.Alignment, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1));
        var leaves = new LeafPayloads<T>(ensemble, inNodes: LeafSums<T, OrderNodes>.InNodes);
        foreach (var group in groups)
        {
            group.FillBounds(Memory, NoSplit);
            for (var tree = group.FirstTree; tree < group.FirstTree + group.Trees; tree++) Fill(ensemble, splits, leaves, group, tree, ensemble.TreeStarts[tree], 0, 0);
        }
        Leaves = leaves.ToForm();
    }

    /// <summary>Values of a row.</summary>
    public int Features { get; }

    public BinnedFeatures<T> Bins { get; }

    public BinnedGroup[] Groups { get; }

    public LeafForm<T> Leaves { get; }

    /// <summary>Starts where a cache line does; never moves.</summary>
    public Span<byte> Memory => _memory.AsSpan(_start, (int)Groups[^1].End);

    /// <returns>null when trees are too deep, splits are not all numeric, there are too many thresholds, or filling up would take too much memory.</returns>
    public static BinnedForest<T>? TryCreate(TreeEnsemble ensemble)
    {
        if (ensemble.MaxDepth is 0 or > BinnedGroup.MaxDepth || ensemble.HasCategoricalSplits) return null;
        // What leaves point to is not kept by either.
        var limit = Math.Min(MaxBytes, Math.Max(SmallBytes, (long)(MaxShare * ensemble.NodeCount * (sizeof(int) + Unsafe.SizeOf<T>()))));
        if (BinnedGroup.Of(ensemble.TreeDepths.AsSpan(), wide: false)[^1].End > limit) return null;
        if (BinnedSplits<T>.TryCreate(ensemble.Splits) is not { } splits) return null;
        var groups = BinnedGroup.Of(ensemble.TreeDepths.AsSpan(), splits.Features.Slots > BinnedGroup.ByteSlots);
        return groups[^1].End + splits.Features.Bytes > limit ? null : new BinnedForest<T>(ensemble, splits, groups);
    }

    /// <summary>The leaf that a row reaches, as an index into the nodes of the ensemble, of which those of a tree are in breadth-first order.</summary>
    /// <param name="bins">Of the row.</param>
    public int FindNode(int tree, ReadOnlySpan<byte> bins)
    {
        var memory = Memory;
        var group = Groups[tree / BinnedGroup.Lanes];
        var (node, index, splits) = (0, 0, 0);
        for (var level = 0; level < group.Depth; level++)
        {
            var before = splits;
            for (var i = 0; i < 1 << level; i++)
            {
                if (memory[(int)group.PlaceOf(tree, level, i).Bound] != NoSplit) splits++;
                if (i == index) before = splits;
            }
            var place = group.PlaceOf(tree, level, index);
            var bound = memory[(int)place.Bound];
            if (bound == NoSplit) break;
            var ninth = group.IsWide && (memory[(int)place.NinthBit] & place.NinthBitMask) != 0 ? BinnedGroup.ByteSlots : 0;
            var right = bins[ninth + memory[(int)place.Slot]] > bound ? 1 : 0;
            node = (2 * before) - 1 + right;
            index = (2 * index) + right;
        }
        return _roots[tree] + node;
    }

    private void Fill(TreeEnsemble ensemble, BinnedSplits<T> splits, LeafPayloads<T> leaves, in BinnedGroup group, int tree, int node, int level, int index)
    {
        var memory = Memory;
        if (ensemble.IsLeaf(node))
        {
            BinaryPrimitives.WriteInt32LittleEndian(memory[(int)group.LeafAt(tree, index << (group.Depth - level))..], leaves.Of(node));
            return;
        }
        var place = group.PlaceOf(tree, level, index);
        var (slot, bound) = splits.Encode(node);
        (memory[(int)place.Slot], memory[(int)place.Bound]) = ((byte)slot, (byte)bound);
        if (slot >= BinnedGroup.ByteSlots) memory[(int)place.NinthBit] |= place.NinthBitMask;
        Fill(ensemble, splits, leaves, group, tree, ensemble.LeftChildren[node], level + 1, 2 * index);
        Fill(ensemble, splits, leaves, group, tree, ensemble.LeftChildren[node] + 1, level + 1, (2 * index) + 1);
    }
}

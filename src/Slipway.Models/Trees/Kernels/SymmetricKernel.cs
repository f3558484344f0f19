using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary><see cref="SymmetricTrees"/>: for a row all levels of one or two trees are decided at once, for a block a level of one tree for 64 rows.</summary>
internal sealed class SymmetricKernel<T, TForm>(CompactForest<T> forest, SymmetricTrees trees) : ForestKernel<T, TForm>(forest.WithoutNodes(forest.TreeCount))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    protected override int KeysRead { get; } = KeyLookup.KeysRead(forest.Keys.Slots);

    [SkipLocalsInit]
    protected override unsafe void Walk(ReadOnlySpan<T> row, Span<int> leaves)
    {
        var slots = Math.Max(Forest.Keys.Slots, KeysRead);
        var rented = ArrayPool<int>.Shared.Rent(slots);
        fixed (int* keys = rented)
        {
            Forest.Keys.Write(row, keys);
            for (var tree = 0; tree < leaves.Length; tree++) leaves[tree] = Forest.Roots[tree] + (1 << trees.Depths[tree]) - 1 + PlaceOf(tree, keys);
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    protected override unsafe void Reach(int* keys, int first, int end, int* leaves)
    {
        if (!Avx512F.IsSupported) ReachOneByOne(keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf32.Count) Reach<KeysOf32>(keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf64.Count) Reach<KeysOf64>(keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf128.Count) Reach<KeysOf128>(keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf256.Count) Reach<KeysOf256>(keys, first, end, leaves);
        else Reach<ManyKeys>(keys, first, end, leaves);
    }

    [SkipLocalsInit]
    protected override unsafe void AddTree(int tree, int* keys, int keysPerBlock, Span<T> margins)
    {
        var leaves = stackalloc int[KeyBlock.Rows];
        var blockMargins = KeyBlock.Rows * Outputs;
        var depth = trees.Depths[tree];
        var bound = trees.Leaves.AsSpan(trees.LeafStarts[tree], 1 << depth);
        fixed (int* allSlots = trees.Slots)
        fixed (int* allBounds = trees.Bounds)
        {
            var slots = allSlots + (tree * trees.Width);
            var bounds = allBounds + (tree * trees.Width);
            for (var from = 0; from < margins.Length; from += blockMargins, keys += keysPerBlock)
            {
                var sums = margins.Slice(from, Math.Min(blockMargins, margins.Length - from));
                var reached = new Span<int>(leaves, sums.Length / Outputs);
                if (Avx512F.IsSupported) FindPlaces(slots, bounds, depth, keys, leaves);
                else for (var row = 0; row < reached.Length; row++) leaves[row] = PlaceInBlock(slots, bounds, depth, keys + row);
                foreach (ref var leaf in reached) leaf = bound[leaf];
                Sums.AddToRows(reached, Leaves.TreeOutputs[tree], sums);
            }
        }
    }

    private unsafe void ReachOneByOne(int* keys, int first, int end, int* leaves)
    {
        for (var tree = first; tree < end; tree++) *leaves++ = trees.Leaves[trees.LeafStarts[tree] + PlaceOf(tree, keys)];
    }

    private unsafe void Reach<TKeys>(int* keys, int first, int end, int* leaves)
        where TKeys : IKeyLookup
    {
        fixed (int* allSlots = trees.Slots)
        fixed (int* allBounds = trees.Bounds)
        fixed (int* starts = trees.LeafStarts)
        fixed (int* bounds = trees.Leaves)
        {
            if (trees.Width == SymmetricTrees.MaxLevels)
            {
                for (var tree = first; tree < end; tree++) *leaves++ = bounds[starts[tree] + (int)Decide<TKeys>(allSlots, allBounds, tree * SymmetricTrees.MaxLevels, keys)];
                return;
            }
            // First is even; the last place may belong to no tree and is the first leaf then, which always exists.
            for (var tree = first; tree < end; tree += 2, leaves += 2)
            {
                var places = Decide<TKeys>(allSlots, allBounds, tree * SymmetricTrees.LevelsPerHalf, keys);
                leaves[0] = bounds[starts[tree] + (int)(places & 0xff)];
                if (tree + 1 < end) leaves[1] = bounds[starts[tree + 1] + (int)(places >> SymmetricTrees.LevelsPerHalf)];
            }
        }
    }

    /// <summary>The decisions of 16 levels, as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe ulong Decide<TKeys>(int* slots, int* bounds, int at, int* keys)
        where TKeys : IKeyLookup =>
        TForm.GoesRight(TKeys.Find(keys, Vector512.Load(slots + at)), Vector512.Load(bounds + at)).ExtractMostSignificantBits();

    private unsafe int PlaceOf(int tree, int* keys)
    {
        var place = 0;
        for (var level = 0; level < trees.Depths[tree]; level++)
        {
            var at = (tree * trees.Width) + level;
            place |= TForm.GoesRight(keys[trees.Slots[at]], trees.Bounds[at]) << level;
        }
        return place;
    }

    private static unsafe int PlaceInBlock(int* slots, int* bounds, int depth, int* keys)
    {
        var place = 0;
        for (var level = 0; level < depth; level++) place |= TForm.GoesRight(keys[slots[level] << KeyBlock.Shift], bounds[level]) << level;
        return place;
    }

    /// <summary>The places of 64 rows.</summary>
    private static unsafe void FindPlaces(int* slots, int* bounds, int depth, int* keys, int* places)
    {
        Vector512<int> a = default, b = default, c = default, d = default;
        for (var level = depth - 1; level >= 0; level--)
        {
            var key = (Vector512<int>*)(keys + (slots[level] << KeyBlock.Shift));
            var bound = Vector512.Create(bounds[level]);
            a = a + a - TForm.GoesRight(key[0], bound);
            b = b + b - TForm.GoesRight(key[1], bound);
            c = c + c - TForm.GoesRight(key[2], bound);
            d = d + d - TForm.GoesRight(key[3], bound);
        }
        a.Store(places);
        b.Store(places + 16);
        c.Store(places + 32);
        d.Store(places + 48);
    }
}

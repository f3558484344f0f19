using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary><see cref="QuickScorerForest{T}"/>: a single row against the splits of 16 trees at once, a block against one split after the other for 64 rows.</summary>
internal sealed class QuickScorerKernel<T, TForm>(QuickScorerForest<T> forest) : KeyKernel<T, TForm>(forest.Features, forest.Keys, forest.Leaves)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    private const int Lanes = QuickScorer.Lanes;

    /// <summary>The rows of a block.</summary>
    private const int VectorsPerBlock = 4;

    private readonly nint _fromClassesToMasks = (forest.Keys.BlockSlots - forest.Keys.Slots) << KeyBlock.Shift;

    protected override int MinBlockRows => 32;

    protected override int KeysRead { get; } = KeyLookup.KeysRead(forest.Keys.Slots);

    [SkipLocalsInit]
    protected override unsafe void Walk(ReadOnlySpan<T> row, Span<int> leaves)
    {
        var numbers = stackalloc int[QuickScorer.TreesPerGroup];
        var rented = ArrayPool<int>.Shared.Rent(Math.Max(Keys.Slots, KeysRead));
        fixed (int* keys = rented)
        {
            Keys.Write(row, keys);
            for (var tree = 0; tree < leaves.Length; tree++)
            {
                if (tree % QuickScorer.TreesPerGroup == 0) Search(keys, tree, leaves.Length, numbers);
                var leaf = forest.LeafStarts[tree] + numbers[forest.LaneOf[tree]];
                // All trees before have a split less than leaves.
                leaves[tree] = (2 * forest.LeafStarts[tree]) - tree + forest.NodeOfLeaf[leaf];
            }
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    [SkipLocalsInit]
    protected override unsafe void Reach(int* keys, int first, int end, int* leaves)
    {
        var numbers = stackalloc int[QuickScorer.TreesPerGroup];
        Search(keys, first, end, numbers);
        fixed (byte* lanes = forest.LaneOf)
        fixed (int* starts = forest.LeafStarts)
        {
            for (var tree = first; tree < end; tree++) leaves[tree - first] = starts[tree] + numbers[lanes[tree]];
        }
        if (Leaves.AreVectors) Replace(forest.VectorOfLeaf, leaves, end - first);
        else if (LeafSums<T, TForm>.InNodes) Replace(MemoryMarshal.Cast<T, int>(Leaves.Values), leaves, end - first);
    }

    [SkipLocalsInit]
    protected override unsafe void AddTree(int tree, int* keys, int keysPerBlock, Span<T> margins)
    {
        var leaves = stackalloc int[KeyBlock.Rows];
        var remaining = stackalloc Vector512<int>[2 * VectorsPerBlock];
        var lane = forest.LaneOf[tree];
        var pack = forest.PackOf(tree / QuickScorer.TreesPerGroup, lane / Lanes);
        var exclusions = forest.Trees[tree];
        var first = forest.LeafStarts[tree];
        var values = Leaves.AreVectors ? [] : Leaves.Values.AsSpan(first);
        var target = Leaves.TreeOutputs[tree];
        var blockMargins = KeyBlock.Rows * Outputs;
        fixed (int* memory = forest.Memory)
        {
            var low = new Splits(memory, pack, forest.IsWide, lane % Lanes, 0);
            var high = new Splits(memory, pack, forest.IsWide, lane % Lanes, pack.LowRows);
            for (var from = 0; from < margins.Length; from += blockMargins, keys += keysPerBlock)
            {
                var sums = margins.Slice(from, Math.Min(blockMargins, margins.Length - from));
                var reached = new Span<int>(leaves, sums.Length / Outputs);
                if (forest.IsWide)
                {
                    Remaining<ushort>(low, exclusions.LowNumeric, exclusions.Low, keys, remaining);
                    if (pack.HighRows > 0) Remaining<ushort>(high, exclusions.HighNumeric, exclusions.High, keys, remaining + VectorsPerBlock);
                }
                else
                {
                    Remaining<byte>(low, exclusions.LowNumeric, exclusions.Low, keys, remaining);
                    if (pack.HighRows > 0) Remaining<byte>(high, exclusions.HighNumeric, exclusions.High, keys, remaining + VectorsPerBlock);
                }
                for (var row = 0; row < reached.Length; row += Vector512<int>.Count)
                {
                    LeafMaskForest.FirstOf(remaining[row / Vector512<int>.Count], pack.HighRows > 0 ? remaining[(row / Vector512<int>.Count) + VectorsPerBlock] : Vector512<int>.AllBitsSet).Store(leaves + row);
                }
                if (Leaves.AreVectors)
                {
                    Replace(forest.VectorOfLeaf.AsSpan(first), leaves, reached.Length);
                    Sums.AddToRows(reached, target, sums);
                }
                else
                {
                    Sums.AddToRows(reached, values, target, sums);
                }
            }
        }
    }

    private static unsafe void Replace(ReadOnlySpan<int> table, int* leaves, int count)
    {
        for (var i = 0; i < count; i++) leaves[i] = table[leaves[i]];
    }

    /// <summary>Finds the leaves of a row in the trees of a group, numbered in each tree from left to right.</summary>
    /// <param name="first">The first tree of the group.</param>
    /// <param name="numbers">Receives them by the places of the trees.</param>
    private unsafe void Search(int* keys, int first, int end, int* numbers)
    {
        if (Keys.Slots <= KeysOf32.Count) Search<KeysOf32>(keys, first, end, numbers);
        else if (Keys.Slots <= KeysOf64.Count) Search<KeysOf64>(keys, first, end, numbers);
        else if (Keys.Slots <= KeysOf128.Count) Search<KeysOf128>(keys, first, end, numbers);
        else if (Keys.Slots <= KeysOf256.Count) Search<KeysOf256>(keys, first, end, numbers);
        else Search<ManyKeys>(keys, first, end, numbers);
    }

    private unsafe void Search<TKeys>(int* keys, int first, int end, int* numbers)
        where TKeys : IKeyLookup
    {
        var group = first / QuickScorer.TreesPerGroup;
        fixed (int* memory = forest.Memory)
        {
            Search<TKeys>(memory, forest.PackOf(group, 0), keys, numbers);
            if (end - first > Lanes) Search<TKeys>(memory, forest.PackOf(group, 1), keys, numbers + Lanes);
        }
    }

    private static unsafe void Search<TKeys>(int* memory, in QuickScorerForest<T>.Pack pack, int* keys, int* numbers)
        where TKeys : IKeyLookup
    {
        var low = Remaining<TKeys>(new Splits(memory, pack, TKeys.SlotBits > 8, 0, 0), pack.LowRows, keys);
        var high = pack.HighRows > 0 ? Remaining<TKeys>(new Splits(memory, pack, TKeys.SlotBits > 8, 0, pack.LowRows), pack.HighRows, keys) : Vector512<int>.AllBitsSet;
        LeafMaskForest.FirstOf(low, high).Store(numbers);
    }

    private static unsafe Vector512<int> Remaining<TKeys>(in Splits splits, int rows, int* keys)
        where TKeys : IKeyLookup
    {
        var remaining = Vector512<int>.AllBitsSet;
        int* bounds = splits.Bounds, keeps = splits.Keeps;
        var slots = splits.Slots;
        for (; rows > 0; rows--)
        {
            var key = TKeys.Find(keys, TKeys.SlotBits > 8 ? Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)slots)) : Avx512F.ConvertToVector512Int32(Vector128.Load(slots)));
            var right = TForm.GoesRight(key, Vector512.Load(bounds));
            remaining = Vector512.ConditionalSelect(right, remaining & Vector512.Load(keeps), remaining);
            bounds += splits.Stride;
            keeps += splits.Stride;
            slots += splits.SlotStride;
        }
        return remaining;
    }

    /// <summary>What a tree's splits leave to the rows of a block.</summary>
    /// <param name="remaining">Receives it.</param>
    /// <typeparam name="TSlot">Of the splits.</typeparam>
    private unsafe void Remaining<TSlot>(in Splits splits, int numeric, int all, int* keys, Vector512<int>* remaining)
        where TSlot : unmanaged, IBinaryInteger<TSlot>
    {
        Vector512<int> a = Vector512<int>.AllBitsSet, b = a, c = a, d = a;
        int* bounds = splits.Bounds, keeps = splits.Keeps;
        var slots = (TSlot*)splits.Slots;
        var stride = splits.Stride;
        var categorical = all - numeric;
        for (; numeric > 0; numeric--)
        {
            var key = (Vector512<int>*)(keys + (int.CreateTruncating(*slots) << KeyBlock.Shift));
            var bound = Vector512.Create(*bounds);
            var keep = Vector512.Create(*keeps);
            a = Vector512.ConditionalSelect(Vector512.GreaterThan(key[0], bound), a & keep, a);
            b = Vector512.ConditionalSelect(Vector512.GreaterThan(key[1], bound), b & keep, b);
            c = Vector512.ConditionalSelect(Vector512.GreaterThan(key[2], bound), c & keep, c);
            d = Vector512.ConditionalSelect(Vector512.GreaterThan(key[3], bound), d & keep, d);
            bounds += stride;
            keeps += stride;
            slots += stride;
        }
        // In blocks there is the bit of the class, too, which is found without shifting.
        var masks = keys + _fromClassesToMasks;
        for (; categorical > 0; categorical--)
        {
            var key = (Vector512<int>*)(masks + (int.CreateTruncating(*slots) << KeyBlock.Shift));
            var classes = Vector512.Create(*bounds);
            var keep = Vector512.Create(*keeps);
            a = Vector512.ConditionalSelect(Vector512.Equals(key[0] & classes, key[0]), a & keep, a);
            b = Vector512.ConditionalSelect(Vector512.Equals(key[1] & classes, key[1]), b & keep, b);
            c = Vector512.ConditionalSelect(Vector512.Equals(key[2] & classes, key[2]), c & keep, c);
            d = Vector512.ConditionalSelect(Vector512.Equals(key[3] & classes, key[3]), d & keep, d);
            bounds += stride;
            keeps += stride;
            slots += stride;
        }
        (remaining[0], remaining[1], remaining[2], remaining[3]) = (a, b, c, d);
    }

    /// <summary>Rows of a pack, from a lane on.</summary>
    private readonly unsafe struct Splits
    {
        /// <param name="first">The first of the rows.</param>
        public Splits(int* memory, in QuickScorerForest<T>.Pack pack, bool isWide, int lane, int first)
        {
            var at = (first * pack.Lanes) + lane;
            IsWide = isWide;
            Stride = pack.Lanes;
            SlotStride = isWide ? sizeof(ushort) * pack.Lanes : pack.Lanes;
            Bounds = memory + pack.Start + at;
            Keeps = Bounds + pack.Places;
            Slots = (byte*)(memory + pack.Start + (2 * pack.Places)) + (isWide ? sizeof(ushort) * at : at);
        }

        /// <summary>Slots take two bytes.</summary>
        public bool IsWide { get; }

        public int* Bounds { get; }

        public int* Keeps { get; }

        public byte* Slots { get; }

        /// <summary>From row to row.</summary>
        public nint Stride { get; }

        /// <summary>In bytes.</summary>
        public nint SlotStride { get; }
    }
}

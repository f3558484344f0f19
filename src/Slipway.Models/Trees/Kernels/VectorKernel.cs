using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Blocks of rows against small trees, without walking: all splits of a tree are evaluated for 16 or 32 rows at once and exclude leaves, see
/// <see cref="LeafMaskForest"/>. That is fewer instructions than a walk of six steps for every row. Larger trees and single rows are walked.
/// </summary>
internal sealed class VectorKernel<T, TForm> : InterleavedKernel<T, TForm>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    private const int MinDecodedRows = 192;

    private readonly int _bits;
    private readonly TreeTops? _tops;
    private readonly Lock _making = new();
    private LeafMaskForest? _masks;

    public VectorKernel(CompactForest<T> forest, int bits) : this(forest, bits, bits == 512 && Avx512F.IsSupported ? TreeTops.TryCreate<T, TForm>(forest) : null)
    {
    }

    private VectorKernel(CompactForest<T> forest, int bits, TreeTops? tops) : base(tops is null ? forest : forest.WithoutNodes(tops.WholeTrees))
    {
        _bits = bits;
        _tops = tops;
    }

    /// <summary>Of the small trees that are not whole tops. Made for the first block: rows that come one by one do without, and so does the memory.</summary>
    private LeafMaskForest Masks
    {
        get
        {
            if (Volatile.Read(ref _masks) is { } made) return made;
            lock (_making)
            {
                if (_masks is null) Volatile.Write(ref _masks, LeafMaskForest.Of<T, TForm>(Forest));
                return _masks!;
            }
        }
    }

    /// <summary>Trees that are whole tops are fast one by one, and for blocks have to be decoded.</summary>
    protected override int MinBlockRows => _tops is { WholeTrees: > 0 } ? MinDecodedRows : base.MinBlockRows;

    protected override int KeysRead => _tops is null ? 0 : KeyLookup.KeysRead(Forest.Keys.Slots);

    protected override unsafe void Reach(int* keys, int first, int end, int* leaves)
    {
        if (_tops is null) base.Reach(keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf32.Count) Reach<KeysOf32>(_tops, keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf64.Count) Reach<KeysOf64>(_tops, keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf128.Count) Reach<KeysOf128>(_tops, keys, first, end, leaves);
        else if (Forest.Keys.Slots <= KeysOf256.Count) Reach<KeysOf256>(_tops, keys, first, end, leaves);
        else Reach<ManyKeys>(_tops, keys, first, end, leaves);
    }

    private unsafe void Reach<TKeys>(TreeTops tops, int* keys, int first, int end, int* leaves)
        where TKeys : IKeyLookup
    {
        ref readonly var group = ref tops.Groups[first / TreeTops.TreesPerGroup];
        if (group.Levels == 0)
        {
            base.Reach(keys, first, end, leaves);
            return;
        }
        fixed (int* memory = tops.Memory)
        fixed (CompactNode* kept = Forest.Nodes)
        {
            var nodes = kept - Forest.FirstNode;
            var top = memory + group.Start;
            TreeTopsSearch<TForm, TKeys>.Search(top, top + group.Length, group, keys, leaves);
            for (var tree = first; tree < end && group.StepsBelow > 0; tree += Walker<TForm>.Walks, leaves += Walker<TForm>.Walks)
            {
                Walker<TForm>.WalkTrees(nodes, leaves, keys, group.StepsBelow, leaves);
            }
        }
    }

    [SkipLocalsInit]
    protected override unsafe void AddTree(int tree, int* keys, int keysPerBlock, Span<T> margins)
    {
        if (tree < _tops?.WholeTrees)
        {
            var splits = stackalloc LeafMaskSplit[TreeTops.MaxDecoded];
            var leaves = stackalloc int[LeafMaskForest.MaxLeaves];
            fixed (int* memory = _tops.Memory)
            {
                var whole = _tops.Decode(memory + _tops.LaneOf(tree), _tops.GroupOf(tree), splits, leaves);
                AddSmallTree(tree, splits, whole, leaves, keys, keysPerBlock, margins);
            }
            return;
        }
        var masks = Masks;
        ref readonly var small = ref masks.Trees[tree];
        if (small.LeafCount == 0)
        {
            base.AddTree(tree, keys, keysPerBlock, margins);
            return;
        }
        fixed (LeafMaskSplit* splits = masks.Splits)
        fixed (int* leaves = masks.Leaves)
        {
            AddSmallTree(tree, splits, small, leaves + small.FirstLeaf, keys, keysPerBlock, margins);
        }
    }

    /// <param name="bounds">Of the leaves, from left to right.</param>
    [SkipLocalsInit]
    private unsafe void AddSmallTree(int tree, LeafMaskSplit* splits, in LeafMaskForest.Tree small, int* bounds, int* keys, int keysPerBlock, Span<T> margins)
    {
        // Whole vectors are written, the last beyond the rows.
        var leaves = stackalloc int[KeyBlock.Rows];
        Span<T> values = stackalloc T[LeafMaskForest.MaxLeaves];
        for (var leaf = 0; leaf < small.LeafCount && !Leaves.AreVectors; leaf++) values[leaf] = Sums.Value(bounds[leaf]);
        var target = Leaves.TreeOutputs[tree];
        var blockMargins = KeyBlock.Rows * Outputs;
        for (var from = 0; from < margins.Length; from += blockMargins, keys += keysPerBlock)
        {
            var sums = margins.Slice(from, Math.Min(blockMargins, margins.Length - from));
            var reached = new Span<int>(leaves, sums.Length / Outputs);
            if (_bits == 512) FindLeaves512(splits, small, keys, reached.Length, leaves);
            else FindLeaves256(splits, small, keys, reached.Length, leaves);
            if (!Leaves.AreVectors)
            {
                Sums.AddToRows(reached, values, target, sums);
                continue;
            }
            foreach (ref var leaf in reached) leaf = bounds[leaf];
            Sums.AddToRows(reached, target, sums);
        }
    }

    protected override unsafe void Walk(ReadOnlySpan<T> row, Span<int> leaves)
    {
        base.Walk(row, leaves);
        if (_tops is null || _tops.WholeTrees == 0) return;
        var keys = ArrayPool<int>.Shared.Rent(Forest.Keys.Slots);
        fixed (int* key = keys)
        fixed (int* memory = _tops.Memory)
        {
            Forest.Keys.Write(row, key);
            for (var tree = 0; tree < _tops.WholeTrees; tree++) leaves[tree] = Forest.Roots[tree] + TreeTops.FindNode<TForm>(memory + _tops.LaneOf(tree), _tops.GroupOf(tree), key);
        }
        ArrayPool<int>.Shared.Return(keys);
    }

    private static unsafe void FindLeaves512(LeafMaskSplit* splits, in LeafMaskForest.Tree tree, int* keys, int rows, int* leaves)
    {
        const int PerPass = 2 * 16;
        for (var row = 0; row < rows; row += PerPass)
        {
            var (low0, low1) = Remaining512(splits, tree.Low, (byte*)(keys + row));
            var (high0, high1) = tree.LeafCount > LeafMaskForest.LeavesPerWord ? Remaining512(splits, tree.High, (byte*)(keys + row)) : default;
            LeafMaskForest.FirstOf(low0, high0).Store(leaves + row);
            LeafMaskForest.FirstOf(low1, high1).Store(leaves + row + Vector512<int>.Count);
        }
    }

    private static unsafe (Vector512<int>, Vector512<int>) Remaining512(LeafMaskSplit* splits, LeafMaskForest.Word word, byte* keys)
    {
        var first = Vector512<int>.AllBitsSet;
        var second = Vector512<int>.AllBitsSet;
        for (LeafMaskSplit* split = splits + word.First, end = splits + word.FirstCategorical; split < end; split++)
        {
            var key = (Vector512<int>*)(keys + split->Key);
            var bound = Vector512.Create(split->Bound);
            var keep = Vector512.Create(split->Keep);
            first = Vector512.ConditionalSelect(Vector512.GreaterThan(key[0], bound), first & keep, first);
            second = Vector512.ConditionalSelect(Vector512.GreaterThan(key[1], bound), second & keep, second);
        }
        for (LeafMaskSplit* split = splits + word.FirstCategorical, end = splits + word.End; split < end; split++)
        {
            var key = (Vector512<int>*)(keys + split->Key);
            var classes = Vector512.Create(split->Bound);
            var keep = Vector512.Create(split->Keep);
            first = Vector512.ConditionalSelect(Vector512.Equals(key[0] & classes, key[0]), first & keep, first);
            second = Vector512.ConditionalSelect(Vector512.Equals(key[1] & classes, key[1]), second & keep, second);
        }
        return (first, second);
    }

    private static unsafe void FindLeaves256(LeafMaskSplit* splits, in LeafMaskForest.Tree tree, int* keys, int rows, int* leaves)
    {
        const int PerPass = 2 * 8;
        for (var row = 0; row < rows; row += PerPass)
        {
            var (low0, low1) = Remaining256(splits, tree.Low, (byte*)(keys + row));
            var (high0, high1) = tree.LeafCount > LeafMaskForest.LeavesPerWord ? Remaining256(splits, tree.High, (byte*)(keys + row)) : default;
            FirstOf(low0, high0).Store(leaves + row);
            FirstOf(low1, high1).Store(leaves + row + Vector256<int>.Count);
        }
    }

    private static unsafe (Vector256<int>, Vector256<int>) Remaining256(LeafMaskSplit* splits, LeafMaskForest.Word word, byte* keys)
    {
        var first = Vector256<int>.AllBitsSet;
        var second = Vector256<int>.AllBitsSet;
        for (LeafMaskSplit* split = splits + word.First, end = splits + word.FirstCategorical; split < end; split++)
        {
            var key = (Vector256<int>*)(keys + split->Key);
            var bound = Vector256.Create(split->Bound);
            var keep = Vector256.Create(split->Keep);
            first = Vector256.ConditionalSelect(Vector256.GreaterThan(key[0], bound), first & keep, first);
            second = Vector256.ConditionalSelect(Vector256.GreaterThan(key[1], bound), second & keep, second);
        }
        for (LeafMaskSplit* split = splits + word.FirstCategorical, end = splits + word.End; split < end; split++)
        {
            var key = (Vector256<int>*)(keys + split->Key);
            var classes = Vector256.Create(split->Bound);
            var keep = Vector256.Create(split->Keep);
            first = Vector256.ConditionalSelect(Vector256.Equals(key[0] & classes, key[0]), first & keep, first);
            second = Vector256.ConditionalSelect(Vector256.Equals(key[1] & classes, key[1]), second & keep, second);
        }
        return (first, second);
    }

    private static Vector256<int> FirstOf(Vector256<int> low, Vector256<int> high)
    {
        var inHigh = Vector256.Equals(low, Vector256<int>.Zero);
        var word = Vector256.ConditionalSelect(inHigh, high, low);
        var exponent = (Vector256.ConvertToSingle(word & -word).AsInt32() >>> 23) & Vector256.Create(0xff);
        return exponent - Vector256.Create(127) + (inHigh & Vector256.Create(LeafMaskForest.LeavesPerWord));
    }
}

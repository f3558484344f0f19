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
    private readonly int _bits;
    private readonly LeafMaskForest.Tree[] _trees;
    private readonly LeafMaskSplit[] _splits;

    /// <summary>Of the leaves of <see cref="_trees"/>: their bounds when they are vectors, else their values.</summary>
    private readonly int[] _leafBounds = [];
    private readonly T[] _leafValues = [];

    private readonly TreeTops? _tops;

    public VectorKernel(CompactForest<T> forest, int bits) : base(forest)
    {
        _bits = bits;
        var masks = LeafMaskForest.Of<T, TForm>(forest);
        if (bits == 512 && Avx512F.IsSupported) _tops = TreeTops.TryCreate<T, TForm>(forest);
        _trees = masks.Trees;
        _splits = masks.Splits;
        if (forest.HasVectorLeaves) _leafBounds = masks.Leaves;
        else _leafValues = Array.ConvertAll(masks.Leaves, Sums.Value);
    }

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
        fixed (CompactNode* nodes = Forest.Nodes)
        {
            var top = memory + group.Start;
            TreeTopsSearch<TForm, TKeys>.Search(top, top + group.Length, group, keys, leaves);
            for (var tree = first; tree < end && group.StepsBelow > 0; tree += Walker<TForm>.Walks, leaves += Walker<TForm>.Walks)
            {
                Walker<TForm>.WalkTrees(nodes, leaves, keys, group.StepsBelow, leaves);
            }
        }
    }

    [SkipLocalsInit]
    protected override unsafe void AddTree(int tree, int* keys, Span<T> margins)
    {
        ref readonly var program = ref _trees[tree];
        if (program.LeafCount == 0)
        {
            AddTreeByWalks(tree, keys, margins);
            return;
        }
        // Whole vectors are written, the last beyond the rows.
        var leaves = stackalloc int[KeyBlock.Rows];
        var rows = margins.Length / Outputs;
        if (_bits == 512) FindLeaves512(program, keys, rows, leaves);
        else FindLeaves256(program, keys, rows, leaves);
        var reached = new Span<int>(leaves, rows);
        if (!Forest.HasVectorLeaves)
        {
            Sums.AddToRows(reached, _leafValues.AsSpan(program.FirstLeaf, program.LeafCount), Forest.TreeOutputs[tree], margins);
            return;
        }
        var bounds = _leafBounds.AsSpan(program.FirstLeaf, program.LeafCount);
        foreach (ref var leaf in reached) leaf = bounds[leaf];
        Sums.AddToRows(reached, Forest.TreeOutputs[tree], margins);
    }

    private unsafe void FindLeaves512(in LeafMaskForest.Tree tree, int* keys, int rows, int* leaves)
    {
        const int PerPass = 2 * 16;
        fixed (LeafMaskSplit* splits = _splits)
        {
            for (var row = 0; row < rows; row += PerPass)
            {
                var (low0, low1) = Remaining512(splits, tree.Low, (byte*)(keys + row));
                var (high0, high1) = tree.LeafCount > LeafMaskForest.LeavesPerWord ? Remaining512(splits, tree.High, (byte*)(keys + row)) : default;
                FirstOf(low0, high0).Store(leaves + row);
                FirstOf(low1, high1).Store(leaves + row + Vector512<int>.Count);
            }
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

    /// <summary>The number of the lowest bit of 64, of which one at least is set: the exponent of that bit as a floating-point number.</summary>
    private static Vector512<int> FirstOf(Vector512<int> low, Vector512<int> high)
    {
        var inHigh = Vector512.Equals(low, Vector512<int>.Zero);
        var word = Vector512.ConditionalSelect(inHigh, high, low);
        var exponent = (Vector512.ConvertToSingle(word & -word).AsInt32() >>> 23) & Vector512.Create(0xff);
        return exponent - Vector512.Create(127) + (inHigh & Vector512.Create(LeafMaskForest.LeavesPerWord));
    }

    private unsafe void FindLeaves256(in LeafMaskForest.Tree tree, int* keys, int rows, int* leaves)
    {
        const int PerPass = 2 * 8;
        fixed (LeafMaskSplit* splits = _splits)
        {
            for (var row = 0; row < rows; row += PerPass)
            {
                var (low0, low1) = Remaining256(splits, tree.Low, (byte*)(keys + row));
                var (high0, high1) = tree.LeafCount > LeafMaskForest.LeavesPerWord ? Remaining256(splits, tree.High, (byte*)(keys + row)) : default;
                FirstOf(low0, high0).Store(leaves + row);
                FirstOf(low1, high1).Store(leaves + row + Vector256<int>.Count);
            }
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

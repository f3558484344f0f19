using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// <see cref="BinnedForest{T}"/>: a row becomes bytes, and these stay in registers while 64 trees are passed at once. Blocks of rows go through 64 trees before the
/// next are fetched, four rows at a time, because the leaves of one row are added one after the other.
/// </summary>
internal sealed class BinnedKernel<T, TLookup>(BinnedForest<T> forest) : TreeKernel<T>(forest.Features, forest.Leaves.Outputs, forest.Leaves.TreeOutputs.Length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLookup : IBinLookup<TLookup>
{
    private const int Lanes = BinnedGroup.Lanes;

    /// <summary>Whose leaves are found, and then added.</summary>
    private const int RowsPerSum = 4;

    /// <summary>Bins of the rows that go through a group before the next is fetched.</summary>
    private const int BytesPerPass = 128 * 1024;

    private readonly LeafForm<T> _leaves = forest.Leaves;
    private readonly LeafSums<T, OrderNodes> _sums = new(forest.Leaves);

    protected override void ScoreRows(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        if (count <= RowsPerSum) ScoreOneByOne(rows, rowLength, margins, count);
        else ScoreBlocks(rows, rowLength, margins, count);
    }

    protected override unsafe void Walk(ReadOnlySpan<T> row, Span<int> leaves)
    {
        var bins = stackalloc byte[TLookup.Slots];
        forest.Bins.Write(row, bins);
        for (var tree = 0; tree < leaves.Length; tree++) leaves[tree] = forest.FindNode(tree, new ReadOnlySpan<byte>(bins, TLookup.Slots));
    }

    [SkipLocalsInit]
    private unsafe void ScoreOneByOne(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        var memory = stackalloc byte[TLookup.Slots + KeyBlock.Alignment];
        for (var row = 0; row < count; row++) ScorePass(rows.Slice(row * rowLength, rowLength), rowLength, margins.Slice(row * Outputs, Outputs), Aligned(memory), 1);
    }

    private unsafe void ScoreBlocks(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        var rowsPerPass = Math.Min(count, BytesPerPass / TLookup.Slots);
        var rented = ArrayPool<byte>.Shared.Rent((rowsPerPass * TLookup.Slots) + KeyBlock.Alignment);
        fixed (byte* memory = rented)
        {
            for (var first = 0; first < count; first += rowsPerPass)
            {
                var pass = Math.Min(rowsPerPass, count - first);
                ScorePass(rows.Slice(first * rowLength, pass * rowLength), rowLength, margins.Slice(first * Outputs, pass * Outputs), Aligned(memory), pass);
            }
        }
        ArrayPool<byte>.Shared.Return(rented);
    }

    [SkipLocalsInit]
    private unsafe void ScorePass(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, byte* bins, int count)
    {
        for (var row = 0; row < count; row++)
        {
            forest.Bins.Write(rows.Slice(row * rowLength, rowLength), bins + (row * TLookup.Slots));
            _leaves.BaseMargins.CopyTo(margins[(row * Outputs)..]);
        }
        var leafAt = stackalloc int[RowsPerSum * Lanes];
        fixed (byte* memory = forest.Memory)
        {
            foreach (ref readonly var group in forest.Groups.AsSpan())
            {
                for (var row = 0; row < count; row += RowsPerSum)
                {
                    var found = Math.Min(RowsPerSum, count - row);
                    for (var i = 0; i < found; i++) FindLeaves(memory, group, bins + ((row + i) * TLookup.Slots), leafAt + (i * Lanes));
                    Add(memory + group.ExitsAt, leafAt, group, margins.Slice(row * Outputs, found * Outputs), found);
                }
            }
        }
    }

    /// <param name="leafAt">Receives for every tree of the group where its leaf is, from the group's exits on.</param>
    private static unsafe void FindLeaves(byte* memory, in BinnedGroup group, byte* bins, int* leafAt)
    {
        FindExits(memory, group, bins, leafAt);
        if (!group.HasBottoms) return;
        // Whole fours are passed.
        for (var i = group.Trees; i % BinnedBottoms<TLookup>.Width != 0; i++) leafAt[i] = 0;
        var bottoms = memory + group.ExitsAt;
        BinnedBottoms<TLookup>.Prefetch(bottoms, leafAt, group.Trees);
        BinnedBottoms<TLookup>.FindLeaves(bottoms, leafAt, group.Trees, bins);
    }

    /// <param name="exitAt">Receives for every tree of the group where its exit is, from the group's exits on; room for all lanes.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void FindExits(byte* memory, in BinnedGroup group, byte* bins, int* exitAt)
    {
        var levels = group.TopLevels;
        var place = levels == 0 ? Vector512<byte>.One : BinnedTops<TLookup>.FindExits(memory + group.Start, memory + group.NinthBitsAt, levels, bins);
        var exits = place - Vector512.Create((byte)(1 << levels));
        var firstOfTrees = Vector512<int>.Indices << levels;
        var firstOfPart = Vector512.Create(Vector512<int>.Count << levels);
        var bytes = Vector512.Create(group.ExitBytes);
        ((firstOfTrees + Avx512F.ConvertToVector512Int32(exits.GetLower().GetLower())) * bytes).Store(exitAt);
        firstOfTrees += firstOfPart;
        ((firstOfTrees + Avx512F.ConvertToVector512Int32(exits.GetLower().GetUpper())) * bytes).Store(exitAt + Vector512<int>.Count);
        firstOfTrees += firstOfPart;
        ((firstOfTrees + Avx512F.ConvertToVector512Int32(exits.GetUpper().GetLower())) * bytes).Store(exitAt + (2 * Vector512<int>.Count));
        firstOfTrees += firstOfPart;
        ((firstOfTrees + Avx512F.ConvertToVector512Int32(exits.GetUpper().GetUpper())) * bytes).Store(exitAt + (3 * Vector512<int>.Count));
    }

    /// <summary>Adds the leaves that rows reached in a group to their margins, in the order of the trees.</summary>
    [SkipLocalsInit]
    private unsafe void Add(byte* exits, int* leafAt, in BinnedGroup group, Span<T> margins, int rows)
    {
        if (_leaves.Outputs == 1 && !_leaves.AreVectors)
        {
            fixed (T* sums = margins)
            fixed (T* values = _leaves.Values)
            {
                if (_leaves.RoundsToSingle) BinnedSums<T>.Add<float>(exits, leafAt, group.Trees, values, sums, rows);
                else BinnedSums<T>.Add<T>(exits, leafAt, group.Trees, values, sums, rows);
            }
            return;
        }
        var leaves = stackalloc int[Lanes];
        for (var row = 0; row < rows; row++, leafAt += Lanes)
        {
            for (var tree = 0; tree < group.Trees; tree++) leaves[tree] = *(int*)(exits + leafAt[tree]);
            _sums.AddToRow(new ReadOnlySpan<int>(leaves, group.Trees), group.FirstTree, margins.Slice(row * Outputs, Outputs));
        }
    }

    private static unsafe byte* Aligned(byte* memory) => (byte*)(((nuint)memory + KeyBlock.Alignment - 1) & ~(nuint)(KeyBlock.Alignment - 1));
}

/// <summary>Makes kernels for as many slots as there are.</summary>
internal static class BinnedKernel
{
    public static bool IsSupported => Avx512Vbmi.IsSupported;

    /// <param name="most">What a single row may cost, see <see cref="KernelCost"/>.</param>
    /// <returns>null when the machine or the ensemble does not have what it takes.</returns>
    public static TreeKernel<T>? TryCreate<T>(TreeEnsemble ensemble, double most = double.PositiveInfinity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsSupported || BinnedForest<T>.TryCreate(ensemble) is not { } forest || KernelCost.Of(forest) > most) return null;
        var slots = forest.Bins.Slots;
        return slots <= BinsOf64.Slots ? new BinnedKernel<T, BinsOf64>(forest)
            : slots <= BinsOf128.Slots ? new BinnedKernel<T, BinsOf128>(forest)
            : slots <= BinsOf256.Slots ? new BinnedKernel<T, BinsOf256>(forest)
            : new BinnedKernel<T, BinsOf512>(forest);
    }
}

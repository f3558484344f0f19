using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// <see cref="BinnedForest{T}"/>: all splits of a tree's top, whether the row comes by them or not, are decided by one permutation and one comparison, and the
/// path through them is read out of the 64 decisions by two tables. Single rows go through many trees, blocks of rows through one tree after the other.
/// </summary>
internal sealed class BinnedKernel<T, TLookup>(BinnedForest<T> forest) : LeafKernel<T, OrderNodes, byte>(forest.Features, forest.Leaves)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLookup : IBinLookup<TLookup>
{
    /// <summary>Fewer rows are scored one by one.</summary>
    private const int MinBlockRows = 4;

    /// <summary>Rows whose leaves in one tree are found, and then added.</summary>
    private const int RowsPerSum = 64;

    /// <summary>Bins of the rows that go through a tree before the next tree is fetched.</summary>
    private const int BytesPerPass = 128 * 1024;

    /// <summary>Of the upper three levels: the last lane of each eight.</summary>
    private const ulong UpperSplits = 0x8080808080808080;

    /// <summary>Of the same paths, with eight exits for each.</summary>
    private const int Eights = 256;

    private static readonly byte[] Paths = MakePaths();

    private readonly bool _hasBottoms = forest.Layout.HasBottoms;
    private readonly int _exitsShift = forest.Layout.ExitsShift;
    private readonly long _exitsAt = forest.Layout.ExitsAt;
    private readonly int _ninthBitsAt = forest.Layout.NinthBitsAt;

    private static bool IsWide => TLookup.Slots > BinnedLayout.ByteSlots;

    private static int LeavesAt => BinnedLayout.LeavesIn(IsWide);

    private static int BottomBytes => LeavesAt + (BinnedLayout.BottomLanes * sizeof(int));

    protected override void ScoreRows(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        if (count < MinBlockRows) ScoreOneByOne(rows, rowLength, margins, count);
        else ScoreBlocks(rows, rowLength, margins, count);
    }

    protected override unsafe void Reach(byte* keys, int first, int end, int* leaves) => Reach<OverTrees>(first, keys, end - first, leaves);

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
        var bins = Aligned(memory);
        for (var row = 0; row < count; row++)
        {
            forest.Bins.Write(rows.Slice(row * rowLength, rowLength), bins);
            ScoreRow(bins, margins.Slice(row * Outputs, Outputs));
        }
    }

    private unsafe void ScoreBlocks(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        var rowsPerPass = Math.Min(count, BytesPerPass / TLookup.Slots);
        var rented = ArrayPool<byte>.Shared.Rent((rowsPerPass * TLookup.Slots) + KeyBlock.Alignment);
        fixed (byte* memory = rented)
        {
            var bins = Aligned(memory);
            for (var first = 0; first < count; first += rowsPerPass)
            {
                var pass = Math.Min(rowsPerPass, count - first);
                ScorePass(rows.Slice(first * rowLength, pass * rowLength), rowLength, margins.Slice(first * Outputs, pass * Outputs), bins, pass);
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
            Leaves.BaseMargins.CopyTo(margins[(row * Outputs)..]);
        }
        var leaves = stackalloc int[RowsPerSum];
        for (var tree = 0; tree < Trees; tree++)
        {
            for (var row = 0; row < count; row += RowsPerSum)
            {
                var reached = Math.Min(RowsPerSum, count - row);
                Reach<OverRows>(tree, bins + (row * TLookup.Slots), reached, leaves);
                Sums.AddToRows(new ReadOnlySpan<int>(leaves, reached), Leaves.TreeOutputs[tree], margins.Slice(row * Outputs, reached * Outputs));
            }
        }
    }

    /// <summary>One row through several trees, or several rows through one.</summary>
    /// <param name="tree">The first.</param>
    /// <param name="bins">Of the first row.</param>
    /// <param name="count">At most <see cref="RowsPerSum"/>.</param>
    /// <param name="leaves">Receives what the leaves hold.</param>
    [SkipLocalsInit]
    private unsafe void Reach<TWay>(int tree, byte* bins, int count, int* leaves)
        where TWay : IWay
    {
        fixed (byte* memory = forest.Memory)
        fixed (byte* paths = Paths)
        {
            var top = memory + (tree * BinnedLayout.TopBytes);
            var below = memory + _exitsAt + ((long)(tree << _exitsShift) * BottomBytes);
            var ninthBits = (ulong*)(memory + _ninthBitsAt) + tree;
            if (!_hasBottoms)
            {
                LeaveTops<TWay>(top, ninthBits, (int*)(memory + _exitsAt) + (tree << _exitsShift), TWay.OverTrees ? 1 << _exitsShift : 0, bins, paths, count, leaves);
                return;
            }
            var bottoms = stackalloc byte*[RowsPerSum];
            EnterBottoms<TWay>(top, ninthBits, below, TWay.OverTrees ? (nint)BottomBytes << _exitsShift : 0, bins, paths, count, bottoms);
            if (TWay.OverTrees)
            {
                // Whole fours are left.
                for (var i = count; i % 4 != 0; i++) bottoms[i] = bottoms[0];
                LeaveBottomsOfRow(bottoms, bins, paths, count, leaves);
            }
            else
            {
                LeaveBottomsOfRows(bottoms, bins, paths, count, leaves);
            }
        }
    }

    // Methods of their own, so that all of their few variables are in registers.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void LeaveTops<TWay>(byte* top, ulong* ninthBits, int* exits, nint exitsPerTree, byte* bins, byte* paths, nint count, int* leaves)
        where TWay : IWay
    {
        var row = TLookup.Load(bins);
        for (nint i = 0; i < count; i++)
        {
            if (!TWay.OverTrees) row = TLookup.Load(bins);
            leaves[i] = exits[ExitOfTop(top, ninthBits, row, paths)];
            exits += exitsPerTree;
            if (TWay.OverTrees) top += BinnedLayout.TopBytes;
            else bins += TLookup.Slots;
            if (TWay.OverTrees) ninthBits++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void EnterBottoms<TWay>(byte* top, ulong* ninthBits, byte* exits, nint bytesPerTree, byte* bins, byte* paths, nint count, byte** bottoms)
        where TWay : IWay
    {
        var row = TLookup.Load(bins);
        for (nint i = 0; i < count; i++)
        {
            if (!TWay.OverTrees) row = TLookup.Load(bins);
            var bottom = exits + (ExitOfTop(top, ninthBits, row, paths) * (nint)BottomBytes);
            Sse.Prefetch0(bottom);
            Sse.Prefetch0(bottom + LeavesAt);
            bottoms[i] = bottom;
            exits += bytesPerTree;
            if (TWay.OverTrees) top += BinnedLayout.TopBytes;
            else bins += TLookup.Slots;
            if (TWay.OverTrees) ninthBits++;
        }
    }

    /// <summary>Four bottoms at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void LeaveBottomsOfRow(byte** bottoms, byte* bins, byte* paths, nint count, int* leaves)
    {
        var row = TLookup.Load(bins);
        for (nint i = 0; i < count; i += 4)
        {
            byte* a = bottoms[i], b = bottoms[i + 1], c = bottoms[i + 2], d = bottoms[i + 3];
            var isHigh = IsWide ? IsHigh(NinthBits(a) | (NinthBits(b) << 16) | (NinthBits(c) << 32) | (NinthBits(d) << 48)) : default;
            var found = row.Find(Four(a, b, c, d), isHigh);
            const int Bounds = BinnedLayout.BottomLanes;
            var right = Vector512.GreaterThan(found, Four(a + Bounds, b + Bounds, c + Bounds, d + Bounds)).ExtractMostSignificantBits();
            leaves[i] = ((int*)(a + LeavesAt))[ExitOfBottom((ushort)right, paths)];
            leaves[i + 1] = ((int*)(b + LeavesAt))[ExitOfBottom((ushort)(right >> 16), paths)];
            leaves[i + 2] = ((int*)(c + LeavesAt))[ExitOfBottom((ushort)(right >> 32), paths)];
            leaves[i + 3] = ((int*)(d + LeavesAt))[ExitOfBottom((uint)(right >> 48), paths)];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void LeaveBottomsOfRows(byte** bottoms, byte* bins, byte* paths, nint count, int* leaves)
    {
        for (nint i = 0; i < count; i++)
        {
            var bottom = bottoms[i];
            var isHigh = IsWide ? IsHigh(NinthBits(bottom)) : default;
            var found = TLookup.Load(bins).Find(Vector128.LoadAligned(bottom).ToVector256Unsafe().ToVector512Unsafe(), isHigh).GetLower().GetLower();
            var right = Vector128.GreaterThan(found, Vector128.LoadAligned(bottom + BinnedLayout.BottomLanes)).ExtractMostSignificantBits();
            leaves[i] = ((int*)(bottom + LeavesAt))[ExitOfBottom(right, paths)];
            bins += TLookup.Slots;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe nint ExitOfTop(byte* top, ulong* ninthBits, TLookup bins, byte* paths)
    {
        var found = bins.Find(Vector512.LoadAligned(top), IsWide ? IsHigh(*ninthBits) : default);
        var right = Vector512.GreaterThan(found, Vector512.LoadAligned(top + BinnedLayout.TopLanes)).ExtractMostSignificantBits();
        int upper = paths[Eights + (nint)Bmi2.X64.ParallelBitExtract(right, UpperSplits)];
        return upper + (nint)paths[(byte)(right >> upper)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe nint ExitOfBottom(uint right, byte* paths)
    {
        var upper = (int)(right >> 12) & 8;
        return upper + (nint)paths[(byte)(right >> upper)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<byte> Four(byte* a, byte* b, byte* c, byte* d) =>
        Vector512.Create(Vector256.Create(Vector128.LoadAligned(a), Vector128.LoadAligned(b)), Vector256.Create(Vector128.LoadAligned(c), Vector128.LoadAligned(d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe ulong NinthBits(byte* bottom) => *(ushort*)(bottom + BinnedLayout.BottomSplitBytes);

    /// <summary>All bits of each byte whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> IsHigh(ulong ninthBits)
    {
        var byteOf = Vector512.Create(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303, 0x0404040404040404, 0x0505050505050505, 0x0606060606060606, 0x0707070707070707).AsByte();
        return ~Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(ninthBits).AsByte(), byteOf) & Vector512.Create(0x8040201008040201).AsByte(), Vector512<byte>.Zero);
    }

    /// <summary>One row through many trees, or many rows through one.</summary>
    private interface IWay
    {
        static abstract bool OverTrees { get; }
    }

    private readonly struct OverTrees : IWay
    {
        static bool IWay.OverTrees => true;
    }

    private readonly struct OverRows : IWay
    {
        static bool IWay.OverTrees => false;
    }

    private static unsafe byte* Aligned(byte* memory) => (byte*)(((nuint)memory + KeyBlock.Alignment - 1) & ~(nuint)(KeyBlock.Alignment - 1));

    /// <summary>Where the decisions of seven splits of three levels lead, in breadth-first order from the lowest bit on: 0 to 7 from left to right. The eighth bit says nothing. Then eight times the same.</summary>
    private static byte[] MakePaths()
    {
        var paths = GC.AllocateUninitializedArray<byte>(2 * Eights, pinned: true);
        for (var decisions = 0; decisions < Eights; decisions++)
        {
            var place = 0;
            for (var level = 0; level < 3; level++) place = (2 * place) + 1 + ((decisions >> place) & 1);
            paths[decisions] = (byte)(place - 7);
            paths[Eights + decisions] = (byte)(8 * (place - 7));
        }
        return paths;
    }
}

/// <summary>Makes kernels for as many slots as there are.</summary>
internal static class BinnedKernel
{
    public static bool IsSupported => Avx512Vbmi.IsSupported && Bmi2.X64.IsSupported;

    /// <param name="always">Even where rows have so many features for so few trees that others are faster.</param>
    /// <returns>null when the machine or the ensemble does not have what it takes.</returns>
    public static TreeKernel<T>? TryCreate<T>(TreeEnsemble ensemble, bool always)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsSupported || BinnedForest<T>.TryCreate(ensemble) is not { } forest || !(always || forest.Pays)) return null;
        var slots = forest.Bins.Slots;
        return slots <= BinsOf64.Slots ? new BinnedKernel<T, BinsOf64>(forest)
            : slots <= BinsOf128.Slots ? new BinnedKernel<T, BinsOf128>(forest)
            : slots <= BinsOf256.Slots ? new BinnedKernel<T, BinsOf256>(forest)
            : new BinnedKernel<T, BinsOf512>(forest);
    }
}

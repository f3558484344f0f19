using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>One row down the tops of 64 trees at once. The decisions of the levels above choose among the vectors of a level, so that no load waits for another.</summary>
internal static unsafe class BinnedTops<TLookup>
    where TLookup : IBinLookup<TLookup>
{
    private const int Lanes = BinnedGroup.Lanes;
    private const int PlaceBytes = BinnedGroup.PlaceBytes;

    private static bool IsWide => TLookup.Slots > BinnedGroup.ByteSlots;

    /// <param name="places">Of the group.</param>
    /// <param name="ninthBits">See <see cref="BinnedGroup.NinthBitsAt"/>.</param>
    /// <param name="levels">From 1 to <see cref="BinnedGroup.MaxTopLevels"/>.</param>
    /// <param name="bins">Of the row; where a cache line starts.</param>
    /// <returns>For each tree the exit's number, from left to right, above as many as there are exits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> FindExits(byte* places, byte* ninthBits, int levels, byte* bins)
    {
        var row = TLookup.Load(bins);
        var place = Vector512<byte>.One;
        var upper = IsWide ? Load(ninthBits) : default;
        var right0 = GoesRight(row, Load(places), Load(places + Lanes), HasNinthBit(upper, place));
        place = Below(place, right0);
        if (levels == 1) return place;
        places += PlaceBytes;
        var right1 = GoesRight(row, OfTwo(places, 2, right0), OfTwo(places + Lanes, 2, right0), HasNinthBit(upper, place));
        place = Below(place, right1);
        if (levels == 2) return place;
        places += 2 * PlaceBytes;
        var right2 = GoesRight(row, OfFour(places, 4, right0, right1), OfFour(places + Lanes, 4, right0, right1), HasNinthBit(upper, place));
        place = Below(place, right2);
        if (levels == 3) return place;
        places += 4 * PlaceBytes;
        ninthBits += Lanes;
        var ninth = IsWide ? Load(ninthBits) : default;
        var right3 = GoesRight(row, OfEight(places, 8, right0, right1, right2), OfEight(places + Lanes, 8, right0, right1, right2), HasNinthBit(ninth, place));
        place = Below(place, right3);
        if (levels == 4) return place;
        places += 8 * PlaceBytes;
        ninthBits += Lanes;
        ninth = IsWide ? Choose(right0, ninthBits + Lanes, ninthBits) : default;
        var right4 = GoesRight(row, OfSixteen(places, 16, right0, right1, right2, right3), OfSixteen(places + Lanes, 16, right0, right1, right2, right3), HasNinthBit(ninth, place));
        place = Below(place, right4);
        if (levels == 5) return place;
        places += 16 * PlaceBytes;
        ninthBits += 2 * Lanes;
        ninth = IsWide ? Vector512.ConditionalSelect(right1, Choose(right0, ninthBits + (3 * Lanes), ninthBits + Lanes), Choose(right0, ninthBits + (2 * Lanes), ninthBits)) : default;
        var right5 = GoesRight(row, OfThirtyTwo(places, right0, right1, right2, right3, right4), OfThirtyTwo(places + Lanes, right0, right1, right2, right3, right4), HasNinthBit(ninth, place));
        return Below(place, right5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> GoesRight(TLookup row, Vector512<byte> slots, Vector512<byte> bounds, Vector512<byte> isHigh) =>
        Vector512.GreaterThan(row.Find(slots, isHigh), bounds);

    /// <summary>The place of the child in breadth-first order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Below(Vector512<byte> place, Vector512<byte> right) => place + place - right;

    /// <param name="ninthBits">Of the eight places that have the same number but for its lowest three bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> HasNinthBit(Vector512<byte> ninthBits, Vector512<byte> place) =>
        IsWide ? ~Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(0x8040201008040201).AsByte(), place) & ninthBits, Vector512<byte>.Zero) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Load(byte* lanes) => Vector512.LoadAligned(lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Choose(Vector512<byte> right, byte* ofRight, byte* ofLeft) => Vector512.ConditionalSelect(right, Load(ofRight), Load(ofLeft));

    /// <summary>Of the vectors of a level, those whose places end with the same bits: the earlier decisions choose.</summary>
    /// <param name="level">The first of them.</param>
    /// <param name="width">Vectors of the whole level; the decision of the root chooses between its halves, and so on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OfTwo(byte* level, int width, Vector512<byte> right0) => Choose(right0, level + (width / 2 * PlaceBytes), level);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OfFour(byte* level, int width, Vector512<byte> right0, Vector512<byte> right1) =>
        Vector512.ConditionalSelect(right1, OfTwo(level + (width / 4 * PlaceBytes), width, right0), OfTwo(level, width, right0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OfEight(byte* level, int width, Vector512<byte> right0, Vector512<byte> right1, Vector512<byte> right2) =>
        Vector512.ConditionalSelect(right2, OfFour(level + (width / 8 * PlaceBytes), width, right0, right1), OfFour(level, width, right0, right1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OfSixteen(byte* level, int width, Vector512<byte> right0, Vector512<byte> right1, Vector512<byte> right2, Vector512<byte> right3) =>
        Vector512.ConditionalSelect(right3, OfEight(level + (width / 16 * PlaceBytes), width, right0, right1, right2), OfEight(level, width, right0, right1, right2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OfThirtyTwo(byte* level, Vector512<byte> right0, Vector512<byte> right1, Vector512<byte> right2, Vector512<byte> right3, Vector512<byte> right4) =>
        Vector512.ConditionalSelect(right4, OfSixteen(level + PlaceBytes, 32, right0, right1, right2, right3), OfSixteen(level, 32, right0, right1, right2, right3));
}

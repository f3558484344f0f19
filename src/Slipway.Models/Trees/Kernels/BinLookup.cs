using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>All bins of a row, in registers: those of 64 slots are found at once, by permutations.</summary>
internal unsafe interface IBinLookup<TSelf>
    where TSelf : IBinLookup<TSelf>
{
    /// <summary>Slots that there can be.</summary>
    static abstract int Slots { get; }

    /// <param name="bins">Of as many slots, arbitrary where there is none; where a cache line starts.</param>
    static abstract TSelf Load(byte* bins);

    /// <param name="slots">The lowest eight bits of their numbers.</param>
    /// <param name="isHigh">All bits where the ninth bit is set, too.</param>
    Vector512<byte> Find(Vector512<byte> slots, Vector512<byte> isHigh);
}

internal readonly unsafe struct BinsOf64(byte* bins) : IBinLookup<BinsOf64>
{
    public static int Slots => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinsOf64 Load(byte* bins) => new(bins);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Find(Vector512<byte> slots, Vector512<byte> isHigh) => Avx512Vbmi.PermuteVar64x8(Vector512.LoadAligned(bins), slots);
}

internal readonly unsafe struct BinsOf128(Vector512<byte> low, Vector512<byte> high) : IBinLookup<BinsOf128>
{
    public static int Slots => 2 * BinsOf64.Slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinsOf128 Load(byte* bins) => new(Vector512.LoadAligned(bins), Vector512.LoadAligned(bins + BinsOf64.Slots));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Find(Vector512<byte> slots, Vector512<byte> isHigh) => Avx512Vbmi.PermuteVar64x8x2(low, slots, high);
}

internal readonly unsafe struct BinsOf256(BinsOf128 low, BinsOf128 high) : IBinLookup<BinsOf256>
{
    public static int Slots => 2 * BinsOf128.Slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinsOf256 Load(byte* bins) => new(BinsOf128.Load(bins), BinsOf128.Load(bins + BinsOf128.Slots));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Find(Vector512<byte> slots, Vector512<byte> isHigh) =>
        Vector512.ConditionalSelect(Vector512.LessThan(slots.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high.Find(slots, isHigh), low.Find(slots, isHigh));
}

internal readonly unsafe struct BinsOf512(BinsOf256 low, BinsOf256 high) : IBinLookup<BinsOf512>
{
    public static int Slots => 2 * BinsOf256.Slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BinsOf512 Load(byte* bins) => new(BinsOf256.Load(bins), BinsOf256.Load(bins + BinsOf256.Slots));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Find(Vector512<byte> slots, Vector512<byte> isHigh) =>
        Vector512.ConditionalSelect(isHigh, high.Find(slots, isHigh), low.Find(slots, isHigh));
}

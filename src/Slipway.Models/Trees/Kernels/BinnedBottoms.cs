using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>One row through the bottoms of four trees at once: all their splits are decided, and the ways through the decisions are read out of them.</summary>
internal static unsafe class BinnedBottoms<TLookup>
    where TLookup : IBinLookup<TLookup>
{
    /// <summary>That are passed at once.</summary>
    public const int Width = 4;

    private const int Lanes = BinnedGroup.BottomLanes;

    private static bool IsWide => TLookup.Slots > BinnedGroup.ByteSlots;

    /// <summary>Fetches bottoms before they are passed.</summary>
    /// <param name="at">Where each starts.</param>
    public static void Prefetch(byte* memory, int* at, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            Sse.Prefetch0(memory + (uint)at[i]);
            Sse.Prefetch0(memory + (uint)at[i] + BinnedGroup.LeavesIn(IsWide));
        }
    }

    /// <param name="at">Where each bottom starts, in whole fours; then where its leaf is.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FindLeaves(byte* memory, int* at, nint count, byte* bins)
    {
        var row = TLookup.Load(bins);
        var ofEach = Vector512.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
        var leavesAt = Vector128.Create(BinnedGroup.LeavesIn(IsWide) - (Lanes * sizeof(int)));
        for (nint i = 0; i < count; i += Width)
        {
            byte* a = memory + (uint)at[i], b = memory + (uint)at[i + 1], c = memory + (uint)at[i + 2], d = memory + (uint)at[i + 3];
            var isHigh = IsWide ? Four(a + BinnedGroup.BottomNinthBitsAt, b + BinnedGroup.BottomNinthBitsAt, c + BinnedGroup.BottomNinthBitsAt, d + BinnedGroup.BottomNinthBitsAt) : default;
            var right = Vector512.GreaterThan(row.Find(Four(a, b, c, d), isHigh), Four(a + Lanes, b + Lanes, c + Lanes, d + Lanes));
            // All lanes of a bottom hold the same place, in breadth-first order.
            var exit = Below(Below(Below(Below(Vector512<byte>.One, right), right), right), right).AsInt32();
            var exits = Avx512F.PermuteVar16x32(exit, ofEach).GetLower().GetLower() & Vector128.Create((int)byte.MaxValue);
            (Vector128.Load(at + i) + (exits << 2) + leavesAt).Store(at + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Below(Vector512<byte> place, Vector512<byte> right) => place + place - Avx512BW.Shuffle(right, place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Four(byte* a, byte* b, byte* c, byte* d) =>
        Vector512.Create(Vector256.Create(Vector128.LoadAligned(a), Vector128.LoadAligned(b)), Vector256.Create(Vector128.LoadAligned(c), Vector128.LoadAligned(d)));
}

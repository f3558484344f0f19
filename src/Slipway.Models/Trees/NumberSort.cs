using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees;

/// <summary>
/// Sorts numbers by their bits: NaN stands outside of the infinities, -0 before +0. The library's sort is compiled anew for numbers in every process,
/// and slow until it is compiled well: opening a model would be over by then.
/// </summary>
internal static class NumberSort
{
    private const int MaxInsertions = 32;
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;

    public static void Sort(Span<double> numbers)
    {
        var keys = MemoryMarshal.Cast<double, long>(numbers);
        foreach (ref var key in keys) key = Turn(key);
        if (keys.Length <= MaxInsertions) Insert(keys);
        else Distribute(keys);
        foreach (ref var key in keys) key = Turn(key);
    }

    /// <summary>From the bits of a number to a whole number that has its place in the order, and back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Turn(long bits) => bits ^ ((bits >> 63) & long.MaxValue);

    private static void Insert(Span<long> keys)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            var key = keys[i];
            var at = i;
            for (; at > 0 && keys[at - 1] > key; at--) keys[at] = keys[at - 1];
            keys[at] = key;
        }
    }

    /// <summary>By one digit after the other, the least significant first.</summary>
    private static void Distribute(Span<long> keys)
    {
        Span<long> from = keys, to = new long[keys.Length];
        Span<int> starts = stackalloc int[Digits];
        for (var shift = 0; shift < 64; shift += DigitBits)
        {
            // The sign's digit has the negative numbers first.
            var flip = shift == 64 - DigitBits ? Digits / 2 : 0;
            starts.Clear();
            foreach (var key in from) starts[(int)((key >>> shift) & (Digits - 1)) ^ flip]++;
            if (starts[(int)((from[0] >>> shift) & (Digits - 1)) ^ flip] == from.Length) continue;
            var start = 0;
            foreach (ref var count in starts) (count, start) = (start, start + count);
            foreach (var key in from) to[starts[(int)((key >>> shift) & (Digits - 1)) ^ flip]++] = key;
            var sorted = to;
            to = from;
            from = sorted;
        }
        if (from != keys) from.CopyTo(keys);
    }
}

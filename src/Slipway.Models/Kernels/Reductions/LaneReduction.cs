using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Elements next to each other taken together in a fixed order: element i goes to lane i modulo the lanes of four vectors of 512 bits as long as
/// four fit, then to the first vector; lanes are combined pairwise, the upper half onto the lower. The order depends on the count alone.
/// </summary>
internal static class LaneReduction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Reduce<T, TReduction>(ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        if (x.IsEmpty) return TReduction.Identity;
        if (!Vector512<T>.IsSupported)
        {
            var sum = TReduction.Identity;
            foreach (var element in x) sum = TReduction.Accumulate(sum, element);
            return sum;
        }
        ref var start = ref MemoryMarshal.GetReference(x);
        var lanes = SimdVector512<T>.Count;
        var first = SimdVector512<T>.Create(TReduction.Identity);
        var i = 0;
        if (x.Length >= 4 * lanes)
        {
            var (second, third, fourth) = (first, first, first);
            for (; i <= x.Length - (4 * lanes); i += 4 * lanes)
            {
                first = TReduction.Accumulate(first, SimdVector512<T>.Load(ref start, i));
                second = TReduction.Accumulate(second, SimdVector512<T>.Load(ref start, i + lanes));
                third = TReduction.Accumulate(third, SimdVector512<T>.Load(ref start, i + (2 * lanes)));
                fourth = TReduction.Accumulate(fourth, SimdVector512<T>.Load(ref start, i + (3 * lanes)));
            }
            first = TReduction.Combine(TReduction.Combine(first, second), TReduction.Combine(third, fourth));
        }
        for (; i <= x.Length - lanes; i += lanes) first = TReduction.Accumulate(first, SimdVector512<T>.Load(ref start, i));
        if (i < x.Length)
        {
            var block = SimdVector512<T>.Create(TReduction.Neutral);
            x[i..].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<SimdVector512<T>, T>(ref block), lanes));
            first = TReduction.Accumulate(first, block);
        }
        return Fold<T, TReduction>(first);
    }

    /// <summary>The lanes of a vector as one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Fold<T, TReduction>(SimdVector512<T> lanes)
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        var folded = MemoryMarshal.CreateSpan(ref Unsafe.As<SimdVector512<T>, T>(ref lanes), SimdVector512<T>.Count);
        for (var half = folded.Length / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) folded[i] = TReduction.Combine(folded[i], folded[i + half]);
        }
        return folded[0];
    }
}

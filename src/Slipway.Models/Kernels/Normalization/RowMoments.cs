using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>Mean and variance of elements next to each other, in two passes, each in the order of <see cref="LaneReduction"/>.</summary>
internal static class RowMoments
{
    public static T Mean<T>(ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T> => LaneReduction.Reduce<T, SumReduction<T>>(x) / T.CreateTruncating(x.Length);

    public static T MeanSquare<T>(ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T> => LaneReduction.Reduce<T, SquareReduction<T>>(x) / T.CreateTruncating(x.Length);

    /// <summary>The mean of (x − mean)²: that of the whole population.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Variance<T>(ReadOnlySpan<T> x, T mean)
        where T : unmanaged, INumber<T>
    {
        ref var start = ref MemoryMarshal.GetReference(x);
        var lanes = SimdVector512<T>.Count;
        var center = SimdVector512<T>.Create(mean);
        var first = SimdVector512<T>.Create(T.Zero);
        var second = first;
        var i = 0;
        for (; i <= x.Length - (2 * lanes); i += 2 * lanes)
        {
            var a = SimdVector512<T>.Load(ref start, i) - center;
            var b = SimdVector512<T>.Load(ref start, i + lanes) - center;
            first = SimdVector512<T>.FusedMultiplyAdd(a, a, first);
            second = SimdVector512<T>.FusedMultiplyAdd(b, b, second);
        }
        while (i < x.Length)
        {
            var block = center;
            x.Slice(i, Math.Min(lanes, x.Length - i)).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<SimdVector512<T>, T>(ref block), lanes));
            block -= center;
            first = SimdVector512<T>.FusedMultiplyAdd(block, block, first);
            i += lanes;
        }
        return LaneReduction.Fold<T, SumReduction<T>>(first + second) / T.CreateTruncating(x.Length);
    }

    /// <summary>y = (x − center) · factor, then · scale + shift rounded once, where there is a scale.</summary>
    /// <param name="scale">As long as <paramref name="x"/>, or nothing.</param>
    /// <param name="shift">As long as <paramref name="x"/>, or nothing; nothing where there is no scale.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<T>(ReadOnlySpan<T> x, Span<T> y, T center, T factor, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        ref var scales = ref MemoryMarshal.GetReference(scale);
        ref var shifts = ref MemoryMarshal.GetReference(shift);
        var centers = SimdVector512<T>.Create(center);
        var factors = SimdVector512<T>.Create(factor);
        var i = 0;
        for (; i <= x.Length - SimdVector512<T>.Count; i += SimdVector512<T>.Count)
        {
            var value = (SimdVector512<T>.Load(ref source, i) - centers) * factors;
            if (!shift.IsEmpty) value = SimdVector512<T>.FusedMultiplyAdd(value, SimdVector512<T>.Load(ref scales, i), SimdVector512<T>.Load(ref shifts, i));
            else if (!scale.IsEmpty) value *= SimdVector512<T>.Load(ref scales, i);
            SimdVector512<T>.Store(value, ref target, i);
        }
        for (; i < x.Length; i++)
        {
            var value = (x[i] - center) * factor;
            if (!shift.IsEmpty) value = T.FusedMultiplyAdd(value, scale[i], shift[i]);
            else if (!scale.IsEmpty) value *= scale[i];
            y[i] = value;
        }
    }

    /// <summary>y = x · scale + shift, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndShift<T>(ReadOnlySpan<T> x, Span<T> y, T scale, T shift)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var scales = SimdVector512<T>.Create(scale);
        var shifts = SimdVector512<T>.Create(shift);
        var i = 0;
        for (; i <= x.Length - SimdVector512<T>.Count; i += SimdVector512<T>.Count)
        {
            SimdVector512<T>.Store(SimdVector512<T>.FusedMultiplyAdd(SimdVector512<T>.Load(ref source, i), scales, shifts), ref target, i);
        }
        for (; i < x.Length; i++) y[i] = T.FusedMultiplyAdd(x[i], scale, shift);
    }

    public static void RequireLength(int length, long expected, string name)
    {
        if (length != expected) throw new ArgumentException($"has {length} elements where {expected} are wanted", name);
    }
}

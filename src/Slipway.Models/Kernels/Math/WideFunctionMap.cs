using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Functions of float32 numbers computed in float64 and rounded once, see <see cref="FunctionMap"/>.</summary>
internal static class WideFunctionMap
{
    /// <summary>y[i] = f(x[i]).</summary>
    /// <param name="y">As long as <paramref name="x"/>; the same memory or none of it.</param>
    public static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IFunction<double>
    {
        if (Vector512.IsHardwareAccelerated) Map<TFunction, SimdVector512<double>>(x, y);
        else if (Vector256.IsHardwareAccelerated) Map<TFunction, SimdVector256<double>>(x, y);
        else Map<TFunction, SimdVector128<double>>(x, y);
    }

    /// <summary>z[i] = f(x[i], y[i]).</summary>
    /// <param name="y">As long as <paramref name="x"/>, or one element for all.</param>
    /// <param name="z">As long as <paramref name="x"/>; the same memory as an argument or none of it.</param>
    public static void Map<TFunction>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
        where TFunction : struct, IFunction2<double>
    {
        if (Vector512.IsHardwareAccelerated) Map<TFunction, SimdVector512<double>>(x, y, z);
        else if (Vector256.IsHardwareAccelerated) Map<TFunction, SimdVector256<double>>(x, y, z);
        else Map<TFunction, SimdVector128<double>>(x, y, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Map<TFunction, TVector>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IFunction<double>
        where TVector : unmanaged, ISimdVector<TVector, double>
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - TVector.Count; i += TVector.Count)
        {
            TVector.StoreSingle(TFunction.Invoke(TVector.LoadSingle(ref source, i)), ref target, i);
        }
        if (i == x.Length) return;
        TVector block = default;
        var padded = MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, float>(ref block), TVector.Count);
        x[i..].CopyTo(padded);
        TVector.StoreSingle(TFunction.Invoke(TVector.LoadSingle(ref padded[0], 0)), ref padded[0], 0);
        padded[..(x.Length - i)].CopyTo(y[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Map<TFunction, TVector>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
        where TFunction : struct, IFunction2<double>
        where TVector : unmanaged, ISimdVector<TVector, double>
    {
        FunctionMap.RequireLength(z.Length, x.Length, nameof(z));
        var one = y.Length == 1;
        if (!one) FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y);
        ref var target = ref MemoryMarshal.GetReference(z);
        var scalar = TVector.Create(one ? y[0] : 0);
        var i = 0;
        for (; i <= x.Length - TVector.Count; i += TVector.Count)
        {
            TVector.StoreSingle(TFunction.Invoke(TVector.LoadSingle(ref left, i), one ? scalar : TVector.LoadSingle(ref right, i)), ref target, i);
        }
        if (i == x.Length) return;
        TVector a = default, b = default;
        var paddedX = MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, float>(ref a), TVector.Count);
        var paddedY = MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, float>(ref b), TVector.Count);
        x[i..].CopyTo(paddedX);
        if (!one) y[i..].CopyTo(paddedY);
        TVector.StoreSingle(TFunction.Invoke(TVector.LoadSingle(ref paddedX[0], 0), one ? scalar : TVector.LoadSingle(ref paddedY[0], 0)), ref paddedX[0], 0);
        paddedX[..(x.Length - i)].CopyTo(z[i..]);
    }
}

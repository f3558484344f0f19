using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Functions over spans. The last elements that do not fill a vector go through the same code on a padded one, so an element's result does not
/// depend on where it stands; nor does it on the width, see <see cref="ISimdVector{TSelf, T}"/>.
/// </summary>
internal static class FunctionMap
{
    /// <summary>y[i] = f(x[i]) in the widest vectors the machine has.</summary>
    /// <param name="y">As long as <paramref name="x"/>; the same memory or none of it.</param>
    public static void Map<TFunction, T>(ReadOnlySpan<T> x, Span<T> y)
        where TFunction : struct, IFunction<T>
        where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated) Map<TFunction, T, SimdVector512<T>>(x, y);
        else if (Vector256.IsHardwareAccelerated) Map<TFunction, T, SimdVector256<T>>(x, y);
        else Map<TFunction, T, SimdVector128<T>>(x, y);
    }

    /// <summary>z[i] = f(x[i], y[i]) in the widest vectors the machine has.</summary>
    /// <param name="y">As long as <paramref name="x"/>, or one element for all.</param>
    /// <param name="z">As long as <paramref name="x"/>; the same memory as an argument or none of it.</param>
    public static void Map<TFunction, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where TFunction : struct, IFunction2<T>
        where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated) Map<TFunction, T, SimdVector512<T>>(x, y, z);
        else if (Vector256.IsHardwareAccelerated) Map<TFunction, T, SimdVector256<T>>(x, y, z);
        else Map<TFunction, T, SimdVector128<T>>(x, y, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Map<TFunction, T, TVector>(ReadOnlySpan<T> x, Span<T> y)
        where TFunction : struct, IFunction<T>
        where T : unmanaged
        where TVector : unmanaged, ISimdVector<TVector, T>
    {
        RequireLength(y.Length, x.Length, nameof(y));
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - TVector.Count; i += TVector.Count)
        {
            TVector.Store(TFunction.Invoke(TVector.Load(ref source, i)), ref target, i);
        }
        if (i == x.Length) return;
        TVector block = default;
        var padded = MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, T>(ref block), TVector.Count);
        x[i..].CopyTo(padded);
        block = TFunction.Invoke(block);
        padded[..(x.Length - i)].CopyTo(y[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Map<TFunction, T, TVector>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where TFunction : struct, IFunction2<T>
        where T : unmanaged
        where TVector : unmanaged, ISimdVector<TVector, T>
    {
        RequireLength(z.Length, x.Length, nameof(z));
        var one = y.Length == 1;
        if (!one) RequireLength(y.Length, x.Length, nameof(y));
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y);
        ref var target = ref MemoryMarshal.GetReference(z);
        var scalar = TVector.Create(one ? y[0] : default);
        var i = 0;
        for (; i <= x.Length - TVector.Count; i += TVector.Count)
        {
            TVector.Store(TFunction.Invoke(TVector.Load(ref left, i), one ? scalar : TVector.Load(ref right, i)), ref target, i);
        }
        if (i == x.Length) return;
        TVector a = default, b = scalar;
        var padded = MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, T>(ref a), TVector.Count);
        x[i..].CopyTo(padded);
        if (!one) y[i..].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, T>(ref b), TVector.Count));
        a = TFunction.Invoke(a, b);
        padded[..(x.Length - i)].CopyTo(z[i..]);
    }

    internal static void RequireLength(int length, int expected, string name)
    {
        if (length != expected) throw new ArgumentException($"has {length} elements where {expected} are wanted", name);
    }
}

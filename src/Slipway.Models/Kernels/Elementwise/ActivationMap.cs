using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Activations over spans, see <see cref="FunctionMap"/>.</summary>
internal static class ActivationMap
{
    /// <summary>y[i] = f(x[i]).</summary>
    /// <param name="y">As long as <paramref name="x"/>; the same memory or none of it.</param>
    public static void Map<TActivation>(TActivation activation, ReadOnlySpan<float> x, Span<float> y)
        where TActivation : struct, IActivation
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        if (Vector512.IsHardwareAccelerated) Map<TActivation, SimdVector512<float>>(activation, x, y);
        else if (Vector256.IsHardwareAccelerated) Map<TActivation, SimdVector256<float>>(activation, x, y);
        else Map<TActivation, SimdVector128<float>>(activation, x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Map<TActivation, TVector>(TActivation activation, ReadOnlySpan<float> x, Span<float> y)
        where TActivation : struct, IActivation
        where TVector : unmanaged, ISimdVector<TVector, float>
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - TVector.Count; i += TVector.Count)
        {
            TVector.Store(activation.Invoke(TVector.Load(ref source, i)), ref target, i);
        }
        if (i == x.Length) return;
        TVector block = default;
        var padded = MemoryMarshal.CreateSpan(ref Unsafe.As<TVector, float>(ref block), TVector.Count);
        x[i..].CopyTo(padded);
        block = activation.Invoke(block);
        padded[..(x.Length - i)].CopyTo(y[i..]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Activations over spans, see <see cref="FunctionMap"/>; large ones shared among threads.</summary>
internal static class ActivationMap
{
    private const int ElementsPerPart = 16384;

    /// <summary>y[i] = f(x[i]).</summary>
    /// <param name="y">As long as <paramref name="x"/>; the same memory or none of it.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static unsafe void Map<TActivation>(TActivation activation, ReadOnlySpan<float> x, Span<float> y, int threads = 1)
        where TActivation : struct, IActivation
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        if (threads <= 1 || x.Length < 2 * ElementsPerPart)
        {
            Widest(activation, x, y);
            return;
        }
        fixed (float* source = x, target = y) ParallelRows.Run(new Parts<TActivation>(activation, source, target), x.Length, 1, ElementsPerPart, threads);
    }

    private static void Widest<TActivation>(TActivation activation, ReadOnlySpan<float> x, Span<float> y)
        where TActivation : struct, IActivation
    {
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

    private readonly unsafe struct Parts<TActivation>(TActivation activation, float* x, float* y) : IRows
        where TActivation : struct, IActivation
    {
        public void Run(long first, long end) => Widest(activation, new ReadOnlySpan<float>(x + first, (int)(end - first)), new Span<float>(y + first, (int)(end - first)));
    }
}

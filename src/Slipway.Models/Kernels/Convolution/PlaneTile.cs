using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The micro-kernel of <see cref="PlaneConvolution"/>: eight filters by all 49 outputs of a plane of 7×7, held in registers while all taps go by. Three vectors hold 48
/// outputs of a filter, and half a vector the last output of all eight, so that hardly a lane is empty.
/// </summary>
internal static unsafe class PlaneTile
{
    /// <summary>Filters.</summary>
    public const int Filters = 8;

    /// <summary>Outputs of each.</summary>
    public const int Pixels = 49;

    /// <summary>Floats of the weights of 128 taps, which take longer than memory.</summary>
    private const int Ahead = 128 * Filters;

    /// <param name="taps">Over all channels, at least 1.</param>
    /// <param name="weights">For each tap the filters' weights side by side.</param>
    /// <param name="elements">What the first output would see at offset 0.</param>
    /// <param name="offsets">From there to what it sees at each tap.</param>
    /// <param name="bias">Of the filters, or null.</param>
    /// <param name="c">The outputs, of one filter after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint taps, float* weights, float* elements, int* offsets, float* bias, float* c)
    {
        Vector512<float> c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default, c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default, c40 = default, c41 = default, c42 = default, c50 = default, c51 = default, c52 = default, c60 = default, c61 = default, c62 = default, c70 = default, c71 = default, c72 = default;
        var last = Vector256<float>.Zero;
        do
        {
            var at = elements + *offsets;
            Vector512<float> b0 = Vector512.Load(at), b1 = Vector512.Load(at + 16), b2 = Vector512.Load(at + 32);
            Multiply(weights, b0, b1, b2, ref c00, ref c01, ref c02);
            Multiply(weights + 1, b0, b1, b2, ref c10, ref c11, ref c12);
            Multiply(weights + 2, b0, b1, b2, ref c20, ref c21, ref c22);
            Multiply(weights + 3, b0, b1, b2, ref c30, ref c31, ref c32);
            Multiply(weights + 4, b0, b1, b2, ref c40, ref c41, ref c42);
            Multiply(weights + 5, b0, b1, b2, ref c50, ref c51, ref c52);
            Multiply(weights + 6, b0, b1, b2, ref c60, ref c61, ref c62);
            Multiply(weights + 7, b0, b1, b2, ref c70, ref c71, ref c72);
            // Weights are read once in a run, and often from beyond the second-level cache; asking for what is behind the last does no harm.
            Sse.Prefetch0(weights + Ahead);
            last = Vector256.FusedMultiplyAdd(Vector256.Load(weights), Vector256.Create(at[Pixels - 1]), last);
            weights += Filters;
            offsets++;
        }
        while (--taps > 0);
        if (bias != null)
        {
            Add(bias, ref c00, ref c01, ref c02);
            Add(bias + 1, ref c10, ref c11, ref c12);
            Add(bias + 2, ref c20, ref c21, ref c22);
            Add(bias + 3, ref c30, ref c31, ref c32);
            Add(bias + 4, ref c40, ref c41, ref c42);
            Add(bias + 5, ref c50, ref c51, ref c52);
            Add(bias + 6, ref c60, ref c61, ref c62);
            Add(bias + 7, ref c70, ref c71, ref c72);
            last += Vector256.Load(bias);
        }
        Store(c, c00, c01, c02);
        Store(c + Pixels, c10, c11, c12);
        Store(c + (2 * Pixels), c20, c21, c22);
        Store(c + (3 * Pixels), c30, c31, c32);
        Store(c + (4 * Pixels), c40, c41, c42);
        Store(c + (5 * Pixels), c50, c51, c52);
        Store(c + (6 * Pixels), c60, c61, c62);
        Store(c + (7 * Pixels), c70, c71, c72);
        for (var filter = 0; filter < Filters; filter++) c[((filter + 1) * Pixels) - 1] = last[filter];
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(float* weight, Vector512<float> b0, Vector512<float> b1, Vector512<float> b2, ref Vector512<float> c0, ref Vector512<float> c1, ref Vector512<float> c2)
    {
        var x = Vector512.Create(*weight);
        c0 = Vector512.FusedMultiplyAdd(x, b0, c0);
        c1 = Vector512.FusedMultiplyAdd(x, b1, c1);
        c2 = Vector512.FusedMultiplyAdd(x, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* bias, ref Vector512<float> c0, ref Vector512<float> c1, ref Vector512<float> c2)
    {
        var y = Vector512.Create(*bias);
        c0 += y;
        c1 += y;
        c2 += y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2)
    {
        c0.Store(to);
        c1.Store(to + 16);
        c2.Store(to + 32);
    }
}

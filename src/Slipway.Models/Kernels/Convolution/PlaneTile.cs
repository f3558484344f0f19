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
            var x = Vector512.Create(*weights);
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(x, b2, c02);
            x = Vector512.Create(weights[1]);
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(x, b2, c12);
            x = Vector512.Create(weights[2]);
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(x, b2, c22);
            x = Vector512.Create(weights[3]);
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(x, b2, c32);
            x = Vector512.Create(weights[4]);
            c40 = Vector512.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x, b1, c41);
            c42 = Vector512.FusedMultiplyAdd(x, b2, c42);
            x = Vector512.Create(weights[5]);
            c50 = Vector512.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x, b1, c51);
            c52 = Vector512.FusedMultiplyAdd(x, b2, c52);
            x = Vector512.Create(weights[6]);
            c60 = Vector512.FusedMultiplyAdd(x, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x, b1, c61);
            c62 = Vector512.FusedMultiplyAdd(x, b2, c62);
            x = Vector512.Create(weights[7]);
            c70 = Vector512.FusedMultiplyAdd(x, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x, b1, c71);
            c72 = Vector512.FusedMultiplyAdd(x, b2, c72);
            // Weights are read once in a run, and often from beyond the second-level cache; asking for what is behind the last does no harm.
            Sse.Prefetch0(weights + Ahead);
            last = Vector256.FusedMultiplyAdd(Vector256.Load(weights), Vector256.Create(at[Pixels - 1]), last);
            weights += Filters;
            offsets++;
        }
        while (--taps > 0);
        if (bias != null)
        {
            var y = Vector512.Create(*bias);
            c00 += y;
            c01 += y;
            c02 += y;
            y = Vector512.Create(bias[1]);
            c10 += y;
            c11 += y;
            c12 += y;
            y = Vector512.Create(bias[2]);
            c20 += y;
            c21 += y;
            c22 += y;
            y = Vector512.Create(bias[3]);
            c30 += y;
            c31 += y;
            c32 += y;
            y = Vector512.Create(bias[4]);
            c40 += y;
            c41 += y;
            c42 += y;
            y = Vector512.Create(bias[5]);
            c50 += y;
            c51 += y;
            c52 += y;
            y = Vector512.Create(bias[6]);
            c60 += y;
            c61 += y;
            c62 += y;
            y = Vector512.Create(bias[7]);
            c70 += y;
            c71 += y;
            c72 += y;
            last += Vector256.Load(bias);
        }
        c00.Store(c);
        c01.Store(c + 16);
        c02.Store(c + 32);
        c10.Store(c + Pixels);
        c11.Store(c + Pixels + 16);
        c12.Store(c + Pixels + 32);
        c20.Store(c + (2 * Pixels));
        c21.Store(c + (2 * Pixels) + 16);
        c22.Store(c + (2 * Pixels) + 32);
        c30.Store(c + (3 * Pixels));
        c31.Store(c + (3 * Pixels) + 16);
        c32.Store(c + (3 * Pixels) + 32);
        c40.Store(c + (4 * Pixels));
        c41.Store(c + (4 * Pixels) + 16);
        c42.Store(c + (4 * Pixels) + 32);
        c50.Store(c + (5 * Pixels));
        c51.Store(c + (5 * Pixels) + 16);
        c52.Store(c + (5 * Pixels) + 32);
        c60.Store(c + (6 * Pixels));
        c61.Store(c + (6 * Pixels) + 16);
        c62.Store(c + (6 * Pixels) + 32);
        c70.Store(c + (7 * Pixels));
        c71.Store(c + (7 * Pixels) + 16);
        c72.Store(c + (7 * Pixels) + 32);
        for (var filter = 0; filter < Filters; filter++) c[((filter + 1) * Pixels) - 1] = last[filter];
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The micro-kernel of <see cref="DepthwiseRowConvolution"/>: sixteen columns of the outputs of two filters, from the first row to the last. Each row of the input is read
/// once for each tap along the width, and added to all outputs whose window it is in, which stay in registers until their last row. So every output is one chain in the
/// order of its taps, and those of two filters are enough to hide how long a multiply-add takes.
/// </summary>
/// <typeparam name="TFunction">The activation.</typeparam>
/// <typeparam name="TSize">Taps of the window along height and width: 3 or 5.</typeparam>
internal static unsafe class DepthwiseRowTile<TFunction, TSize>
    where TFunction : struct, IEpilogueFunction<float>
    where TSize : IConstant
{
    /// <summary>For a window that moves by one.</summary>
    /// <param name="block">The columns.</param>
    /// <param name="first">A filter.</param>
    /// <param name="second">Another, or the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunOne(in DepthwiseRowBlock block, in DepthwiseRowFilter first, in DepthwiseRowFilter second)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, b0 = default, b1 = default, b2 = default, b3 = default, b4 = default;
        float* u = first.Weights, v = second.Weights, fromA = first.Input + block.From, fromB = second.Input + block.From, toA = first.Output + block.To, toB = second.Output + block.To;
        Vector512<float> m0 = Vector512.Load(block.Masks), m1 = Vector512.Load(block.Masks + 16), m2 = Vector512.Load(block.Masks + 32);
        Vector512<float> m3 = TSize.Value > 3 ? Vector512.Load(block.Masks + 48) : default, m4 = TSize.Value > 3 ? Vector512.Load(block.Masks + 64) : default;
        for (nint row = -block.Above; row <= block.LastRow; row++)
        {
            var isInside = (nuint)row < (nuint)block.Rows;
            float* a = isInside ? fromA + (row * block.Pitch) : block.Zeros, b = isInside ? fromB + (row * block.Pitch) : block.Zeros;
            Sse.Prefetch0(a + block.Ahead);
            Sse.Prefetch0(b + block.Ahead);
            Vector512<float> x = Avx512F.MaskLoad(a, m0, default), y = Avx512F.MaskLoad(b, m0, default);
            a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[(TSize.Value - 1) * TSize.Value]), a0);
            b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[(TSize.Value - 1) * TSize.Value]), b0);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[(TSize.Value - 2) * TSize.Value]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[(TSize.Value - 2) * TSize.Value]), b1);
            a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[(TSize.Value - 3) * TSize.Value]), a2);
            b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[(TSize.Value - 3) * TSize.Value]), b2);
            if (TSize.Value > 3)
            {
                a3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[5]), a3);
                b3 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[5]), b3);
                a4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[0]), a4);
                b4 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[0]), b4);
            }
            x = Avx512F.MaskLoad(a + 1, m1, default);
            y = Avx512F.MaskLoad(b + 1, m1, default);
            a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 1]), a0);
            b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 1]), b0);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 1]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 1]), b1);
            a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 1]), a2);
            b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 1]), b2);
            if (TSize.Value > 3)
            {
                a3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[6]), a3);
                b3 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[6]), b3);
                a4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[1]), a4);
                b4 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[1]), b4);
            }
            x = Avx512F.MaskLoad(a + 2, m2, default);
            y = Avx512F.MaskLoad(b + 2, m2, default);
            a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 2]), a0);
            b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 2]), b0);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 2]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 2]), b1);
            a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 2]), a2);
            b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 2]), b2);
            if (TSize.Value > 3)
            {
                a3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[7]), a3);
                b3 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[7]), b3);
                a4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[2]), a4);
                b4 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[2]), b4);
            }
            if (TSize.Value > 3)
            {
                x = Avx512F.MaskLoad(a + 3, m3, default);
                y = Avx512F.MaskLoad(b + 3, m3, default);
                a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 3]), a0);
                b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 3]), b0);
                a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 3]), a1);
                b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 3]), b1);
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 3]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 3]), b2);
                a3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[8]), a3);
                b3 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[8]), b3);
                a4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[3]), a4);
                b4 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[3]), b4);
                x = Avx512F.MaskLoad(a + 4, m4, default);
                y = Avx512F.MaskLoad(b + 4, m4, default);
                a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 4]), a0);
                b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 4]), b0);
                a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 4]), a1);
                b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 4]), b1);
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 4]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 4]), b2);
                a3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[9]), a3);
                b3 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[9]), b3);
                a4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[4]), a4);
                b4 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[4]), b4);
            }
            if (row >= block.FirstRow)
            {
                End(block, first, toA, a0);
                End(block, second, toB, b0);
                toA += block.ToPitch;
                toB += block.ToPitch;
            }
            a0 = a1;
            b0 = b1;
            a1 = a2;
            b1 = b2;
            a2 = a3;
            b2 = b3;
            a3 = a4;
            b3 = b4;
            a4 = default;
            b4 = default;
        }
    }

    /// <summary>For a window that moves by two.</summary>
    /// <inheritdoc cref="RunOne"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunTwo(in DepthwiseRowBlock block, in DepthwiseRowFilter first, in DepthwiseRowFilter second)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        var even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        var odd = even + Vector512<int>.One;
        float* u = first.Weights, v = second.Weights, fromA = first.Input + block.From, fromB = second.Input + block.From, toA = first.Output + block.To, toB = second.Output + block.To;
        Vector512<float> m0 = Vector512.Load(block.Masks), n0 = Vector512.Load(block.Masks + 16), m1 = Vector512.Load(block.Masks + 32), n1 = Vector512.Load(block.Masks + 48);
        Vector512<float> m2 = TSize.Value > 3 ? Vector512.Load(block.Masks + 64) : default, n2 = TSize.Value > 3 ? Vector512.Load(block.Masks + 80) : default;
        for (nint row = -block.Above; row <= block.LastRow; row += 2)
        {
            var isInside = (nuint)row < (nuint)block.Rows;
            float* a = isInside ? fromA + (row * block.Pitch) : block.Zeros, b = isInside ? fromB + (row * block.Pitch) : block.Zeros;
            Sse.Prefetch0(a + block.Ahead);
            Sse.Prefetch0(a + block.Ahead + 16);
            Sse.Prefetch0(b + block.Ahead);
            Sse.Prefetch0(b + block.Ahead + 16);
            Vector512<float> p = Avx512F.MaskLoad(a, m0, default), q = Avx512F.MaskLoad(a + 16, n0, default), r = Avx512F.MaskLoad(b, m0, default), s = Avx512F.MaskLoad(b + 16, n0, default);
            Vector512<float> x = Avx512F.PermuteVar16x32x2(p, even, q), y = Avx512F.PermuteVar16x32x2(r, even, s);
            a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[(TSize.Value - 1) * TSize.Value]), a0);
            b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[(TSize.Value - 1) * TSize.Value]), b0);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[(TSize.Value - 3) * TSize.Value]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[(TSize.Value - 3) * TSize.Value]), b1);
            if (TSize.Value > 3)
            {
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[0]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[0]), b2);
            }
            x = Avx512F.PermuteVar16x32x2(p, odd, q);
            y = Avx512F.PermuteVar16x32x2(r, odd, s);
            a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 1]), a0);
            b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 1]), b0);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 1]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 1]), b1);
            if (TSize.Value > 3)
            {
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[1]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[1]), b2);
            }
            p = Avx512F.MaskLoad(a + 2, m1, default);
            q = Avx512F.MaskLoad(a + 18, n1, default);
            r = Avx512F.MaskLoad(b + 2, m1, default);
            s = Avx512F.MaskLoad(b + 18, n1, default);
            x = Avx512F.PermuteVar16x32x2(p, even, q);
            y = Avx512F.PermuteVar16x32x2(r, even, s);
            a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 2]), a0);
            b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 2]), b0);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 2]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 2]), b1);
            if (TSize.Value > 3)
            {
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[2]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[2]), b2);
            }
            if (TSize.Value > 3)
            {
                x = Avx512F.PermuteVar16x32x2(p, odd, q);
                y = Avx512F.PermuteVar16x32x2(r, odd, s);
                a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 3]), a0);
                b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 3]), b0);
                a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 3]), a1);
                b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 3]), b1);
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[3]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[3]), b2);
            }
            if (TSize.Value > 3)
            {
                p = Avx512F.MaskLoad(a + 4, m2, default);
                q = Avx512F.MaskLoad(a + 20, n2, default);
                r = Avx512F.MaskLoad(b + 4, m2, default);
                s = Avx512F.MaskLoad(b + 20, n2, default);
                x = Avx512F.PermuteVar16x32x2(p, even, q);
                y = Avx512F.PermuteVar16x32x2(r, even, s);
                a0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 1) * TSize.Value) + 4]), a0);
                b0 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 1) * TSize.Value) + 4]), b0);
                a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 3) * TSize.Value) + 4]), a1);
                b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 3) * TSize.Value) + 4]), b1);
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[4]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[4]), b2);
            }
            if (row >= block.FirstRow)
            {
                End(block, first, toA, a0);
                End(block, second, toB, b0);
                toA += block.ToPitch;
                toB += block.ToPitch;
            }
            isInside = (nuint)(row + 1) < (nuint)block.Rows;
            a = isInside ? fromA + ((row + 1) * block.Pitch) : block.Zeros;
            b = isInside ? fromB + ((row + 1) * block.Pitch) : block.Zeros;
            Sse.Prefetch0(a + block.Ahead);
            Sse.Prefetch0(a + block.Ahead + 16);
            Sse.Prefetch0(b + block.Ahead);
            Sse.Prefetch0(b + block.Ahead + 16);
            p = Avx512F.MaskLoad(a, m0, default);
            q = Avx512F.MaskLoad(a + 16, n0, default);
            r = Avx512F.MaskLoad(b, m0, default);
            s = Avx512F.MaskLoad(b + 16, n0, default);
            x = Avx512F.PermuteVar16x32x2(p, even, q);
            y = Avx512F.PermuteVar16x32x2(r, even, s);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[(TSize.Value - 2) * TSize.Value]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[(TSize.Value - 2) * TSize.Value]), b1);
            if (TSize.Value > 3)
            {
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[5]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[5]), b2);
            }
            x = Avx512F.PermuteVar16x32x2(p, odd, q);
            y = Avx512F.PermuteVar16x32x2(r, odd, s);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 1]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 1]), b1);
            if (TSize.Value > 3)
            {
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[6]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[6]), b2);
            }
            p = Avx512F.MaskLoad(a + 2, m1, default);
            q = Avx512F.MaskLoad(a + 18, n1, default);
            r = Avx512F.MaskLoad(b + 2, m1, default);
            s = Avx512F.MaskLoad(b + 18, n1, default);
            x = Avx512F.PermuteVar16x32x2(p, even, q);
            y = Avx512F.PermuteVar16x32x2(r, even, s);
            a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 2]), a1);
            b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 2]), b1);
            if (TSize.Value > 3)
            {
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[7]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[7]), b2);
            }
            if (TSize.Value > 3)
            {
                x = Avx512F.PermuteVar16x32x2(p, odd, q);
                y = Avx512F.PermuteVar16x32x2(r, odd, s);
                a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 3]), a1);
                b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 3]), b1);
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[8]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[8]), b2);
            }
            if (TSize.Value > 3)
            {
                p = Avx512F.MaskLoad(a + 4, m2, default);
                q = Avx512F.MaskLoad(a + 20, n2, default);
                r = Avx512F.MaskLoad(b + 4, m2, default);
                s = Avx512F.MaskLoad(b + 20, n2, default);
                x = Avx512F.PermuteVar16x32x2(p, even, q);
                y = Avx512F.PermuteVar16x32x2(r, even, s);
                a1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[((TSize.Value - 2) * TSize.Value) + 4]), a1);
                b1 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[((TSize.Value - 2) * TSize.Value) + 4]), b1);
                a2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(u[9]), a2);
                b2 = Vector512.FusedMultiplyAdd(y, Vector512.Create(v[9]), b2);
            }
            a0 = a1;
            b0 = b1;
            a1 = TSize.Value > 3 ? a2 : default;
            b1 = TSize.Value > 3 ? b2 : default;
            a2 = default;
            b2 = default;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(in DepthwiseRowBlock block, in DepthwiseRowFilter filter, float* to, Vector512<float> sum)
    {
        if (filter.Bias != null) sum += Vector512.Create(*filter.Bias);
        var value = TFunction.Invoke(new SimdVector512<float>(sum), new SimdVector512<float>(Vector512.Create(block.Low)), new SimdVector512<float>(Vector512.Create(block.High)));
        Sse.Prefetch0(to + block.ToAhead);
        Avx512F.MaskStore(to, Vector512.Load(block.Kept), value.Vector);
    }
}

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
            AddAll(Avx512F.MaskLoad(a, m0, default), u, ref a0, ref a1, ref a2, ref a3, ref a4);
            AddAll(Avx512F.MaskLoad(b, m0, default), v, ref b0, ref b1, ref b2, ref b3, ref b4);
            AddAll(Avx512F.MaskLoad(a + 1, m1, default), u + 1, ref a0, ref a1, ref a2, ref a3, ref a4);
            AddAll(Avx512F.MaskLoad(b + 1, m1, default), v + 1, ref b0, ref b1, ref b2, ref b3, ref b4);
            AddAll(Avx512F.MaskLoad(a + 2, m2, default), u + 2, ref a0, ref a1, ref a2, ref a3, ref a4);
            AddAll(Avx512F.MaskLoad(b + 2, m2, default), v + 2, ref b0, ref b1, ref b2, ref b3, ref b4);
            if (TSize.Value > 3)
            {
                AddAll(Avx512F.MaskLoad(a + 3, m3, default), u + 3, ref a0, ref a1, ref a2, ref a3, ref a4);
                AddAll(Avx512F.MaskLoad(b + 3, m3, default), v + 3, ref b0, ref b1, ref b2, ref b3, ref b4);
                AddAll(Avx512F.MaskLoad(a + 4, m4, default), u + 4, ref a0, ref a1, ref a2, ref a3, ref a4);
                AddAll(Avx512F.MaskLoad(b + 4, m4, default), v + 4, ref b0, ref b1, ref b2, ref b3, ref b4);
            }
            if (row >= block.FirstRow)
            {
                End(block, first, toA, a0);
                End(block, second, toB, b0);
                toA += block.ToPitch;
                toB += block.ToPitch;
            }
            (a0, a1, a2, a3, a4) = (a1, a2, a3, a4, default);
            (b0, b1, b2, b3, b4) = (b1, b2, b3, b4, default);
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
            Fetch(a + block.Ahead, b + block.Ahead);
            Vector512<float> p = Avx512F.MaskLoad(a, m0, default), q = Avx512F.MaskLoad(a + 16, n0, default), r = Avx512F.MaskLoad(b, m0, default), s = Avx512F.MaskLoad(b + 16, n0, default);
            AddEven(Avx512F.PermuteVar16x32x2(p, even, q), u, ref a0, ref a1, ref a2);
            AddEven(Avx512F.PermuteVar16x32x2(r, even, s), v, ref b0, ref b1, ref b2);
            AddEven(Avx512F.PermuteVar16x32x2(p, odd, q), u + 1, ref a0, ref a1, ref a2);
            AddEven(Avx512F.PermuteVar16x32x2(r, odd, s), v + 1, ref b0, ref b1, ref b2);
            (p, q, r, s) = (Avx512F.MaskLoad(a + 2, m1, default), Avx512F.MaskLoad(a + 18, n1, default), Avx512F.MaskLoad(b + 2, m1, default), Avx512F.MaskLoad(b + 18, n1, default));
            AddEven(Avx512F.PermuteVar16x32x2(p, even, q), u + 2, ref a0, ref a1, ref a2);
            AddEven(Avx512F.PermuteVar16x32x2(r, even, s), v + 2, ref b0, ref b1, ref b2);
            if (TSize.Value > 3)
            {
                AddEven(Avx512F.PermuteVar16x32x2(p, odd, q), u + 3, ref a0, ref a1, ref a2);
                AddEven(Avx512F.PermuteVar16x32x2(r, odd, s), v + 3, ref b0, ref b1, ref b2);
                (p, q, r, s) = (Avx512F.MaskLoad(a + 4, m2, default), Avx512F.MaskLoad(a + 20, n2, default), Avx512F.MaskLoad(b + 4, m2, default), Avx512F.MaskLoad(b + 20, n2, default));
                AddEven(Avx512F.PermuteVar16x32x2(p, even, q), u + 4, ref a0, ref a1, ref a2);
                AddEven(Avx512F.PermuteVar16x32x2(r, even, s), v + 4, ref b0, ref b1, ref b2);
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
            Fetch(a + block.Ahead, b + block.Ahead);
            (p, q, r, s) = (Avx512F.MaskLoad(a, m0, default), Avx512F.MaskLoad(a + 16, n0, default), Avx512F.MaskLoad(b, m0, default), Avx512F.MaskLoad(b + 16, n0, default));
            AddOdd(Avx512F.PermuteVar16x32x2(p, even, q), u, ref a1, ref a2);
            AddOdd(Avx512F.PermuteVar16x32x2(r, even, s), v, ref b1, ref b2);
            AddOdd(Avx512F.PermuteVar16x32x2(p, odd, q), u + 1, ref a1, ref a2);
            AddOdd(Avx512F.PermuteVar16x32x2(r, odd, s), v + 1, ref b1, ref b2);
            (p, q, r, s) = (Avx512F.MaskLoad(a + 2, m1, default), Avx512F.MaskLoad(a + 18, n1, default), Avx512F.MaskLoad(b + 2, m1, default), Avx512F.MaskLoad(b + 18, n1, default));
            AddOdd(Avx512F.PermuteVar16x32x2(p, even, q), u + 2, ref a1, ref a2);
            AddOdd(Avx512F.PermuteVar16x32x2(r, even, s), v + 2, ref b1, ref b2);
            if (TSize.Value > 3)
            {
                AddOdd(Avx512F.PermuteVar16x32x2(p, odd, q), u + 3, ref a1, ref a2);
                AddOdd(Avx512F.PermuteVar16x32x2(r, odd, s), v + 3, ref b1, ref b2);
                (p, q, r, s) = (Avx512F.MaskLoad(a + 4, m2, default), Avx512F.MaskLoad(a + 20, n2, default), Avx512F.MaskLoad(b + 4, m2, default), Avx512F.MaskLoad(b + 20, n2, default));
                AddOdd(Avx512F.PermuteVar16x32x2(p, even, q), u + 4, ref a1, ref a2);
                AddOdd(Avx512F.PermuteVar16x32x2(r, even, s), v + 4, ref b1, ref b2);
            }
            (a0, a1, a2) = (a1, TSize.Value > 3 ? a2 : default, default);
            (b0, b1, b2) = (b1, TSize.Value > 3 ? b2 : default, default);
        }
    }

    /// <summary>A row of the input times a column of the taps, for all outputs whose window it is in: the first at its last row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAll(Vector512<float> x, float* taps, ref Vector512<float> y0, ref Vector512<float> y1, ref Vector512<float> y2, ref Vector512<float> y3, ref Vector512<float> y4)
    {
        y0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[(TSize.Value - 1) * TSize.Value]), y0);
        y1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[(TSize.Value - 2) * TSize.Value]), y1);
        y2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[(TSize.Value - 3) * TSize.Value]), y2);
        if (TSize.Value == 3) return;
        y3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[TSize.Value]), y3);
        y4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[0]), y4);
    }

    /// <summary>The same of each second tap from the last one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddEven(Vector512<float> x, float* taps, ref Vector512<float> y0, ref Vector512<float> y1, ref Vector512<float> y2)
    {
        y0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[(TSize.Value - 1) * TSize.Value]), y0);
        y1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[(TSize.Value - 3) * TSize.Value]), y1);
        if (TSize.Value > 3) y2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[0]), y2);
    }

    /// <summary>The same of the taps between these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOdd(Vector512<float> x, float* taps, ref Vector512<float> y1, ref Vector512<float> y2)
    {
        y1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[(TSize.Value - 2) * TSize.Value]), y1);
        if (TSize.Value > 3) y2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(taps[TSize.Value]), y2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* a, float* b)
    {
        Sse.Prefetch0(a);
        Sse.Prefetch0(a + 16);
        Sse.Prefetch0(b);
        Sse.Prefetch0(b + 16);
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

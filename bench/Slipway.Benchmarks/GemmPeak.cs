using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Benchmarks;

/// <summary>What a core can do at most: chains of fused multiply-adds in registers that do not wait for each other.</summary>
internal static class GemmPeak
{
    private const int Rounds = 1 << 18;

    /// <summary>Operations of a call: <see cref="Rounds"/> times sixteen vectors of multiply-adds.</summary>
    public static double Operations<T>() => 2.0 * 16 * Rounds * (Avx512F.IsSupported ? Vector512<T>.Count : Vector256.IsHardwareAccelerated ? Vector256<T>.Count : Vector<T>.Count);

    /// <summary>Seconds of a call.</summary>
    public static double Single(float x)
    {
        var start = Stopwatch.GetTimestamp();
        var sum = Avx512F.IsSupported ? Chains512(x) : Vector256.IsHardwareAccelerated ? Chains256(x) : ChainsPortable(x);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return float.IsNaN(sum) ? double.NaN : seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains512(float x)
    {
        var f = Vector512.Create(x);
        Vector512<float> a = f, b = f, c = f, d = f, e = f, g = f, h = f, i = f, j = f, k = f, l = f, m = f, n = f, o = f, p = f, q = f;
        for (var round = 0; round < Rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, f, f);
            b = Vector512.FusedMultiplyAdd(b, f, f);
            c = Vector512.FusedMultiplyAdd(c, f, f);
            d = Vector512.FusedMultiplyAdd(d, f, f);
            e = Vector512.FusedMultiplyAdd(e, f, f);
            g = Vector512.FusedMultiplyAdd(g, f, f);
            h = Vector512.FusedMultiplyAdd(h, f, f);
            i = Vector512.FusedMultiplyAdd(i, f, f);
            j = Vector512.FusedMultiplyAdd(j, f, f);
            k = Vector512.FusedMultiplyAdd(k, f, f);
            l = Vector512.FusedMultiplyAdd(l, f, f);
            m = Vector512.FusedMultiplyAdd(m, f, f);
            n = Vector512.FusedMultiplyAdd(n, f, f);
            o = Vector512.FusedMultiplyAdd(o, f, f);
            p = Vector512.FusedMultiplyAdd(p, f, f);
            q = Vector512.FusedMultiplyAdd(q, f, f);
        }
        return Vector512.Sum(a + b + c + d + e + g + h + i + j + k + l + m + n + o + p + q);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains256(float x)
    {
        var f = Vector256.Create(x);
        Vector256<float> a = f, b = f, c = f, d = f, e = f, g = f, h = f, i = f;
        for (var round = 0; round < 2 * Rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, f, f);
            b = Vector256.FusedMultiplyAdd(b, f, f);
            c = Vector256.FusedMultiplyAdd(c, f, f);
            d = Vector256.FusedMultiplyAdd(d, f, f);
            e = Vector256.FusedMultiplyAdd(e, f, f);
            g = Vector256.FusedMultiplyAdd(g, f, f);
            h = Vector256.FusedMultiplyAdd(h, f, f);
            i = Vector256.FusedMultiplyAdd(i, f, f);
        }
        return Vector256.Sum(a + b + c + d + e + g + h + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float ChainsPortable(float x)
    {
        var f = Vector.Create(x);
        Vector<float> a = f, b = f, c = f, d = f, e = f, g = f, h = f, i = f;
        for (var round = 0; round < 2 * Rounds; round++)
        {
            a = Vector.FusedMultiplyAdd(a, f, f);
            b = Vector.FusedMultiplyAdd(b, f, f);
            c = Vector.FusedMultiplyAdd(c, f, f);
            d = Vector.FusedMultiplyAdd(d, f, f);
            e = Vector.FusedMultiplyAdd(e, f, f);
            g = Vector.FusedMultiplyAdd(g, f, f);
            h = Vector.FusedMultiplyAdd(h, f, f);
            i = Vector.FusedMultiplyAdd(i, f, f);
        }
        return Vector.Sum(a + b + c + d + e + g + h + i);
    }
}

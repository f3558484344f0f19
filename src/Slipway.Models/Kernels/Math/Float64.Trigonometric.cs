using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    private const double LargestReduced = 1048576;

    /// <summary>(sin r − r) / r³ in r² on |r| ≤ π/4, highest power first.</summary>
    private static ReadOnlySpan<double> SinTail =>
    [
        1.5896665948522455e-10, -2.505075594931985e-08, 2.755731367856704e-06, -0.0001984126982977079,
        0.00833333333332237, -0.16666666666666632,
    ];

    /// <summary>(cos r − 1 + r²/2) / r⁴ in r² on |r| ≤ π/4, highest power first.</summary>
    private static ReadOnlySpan<double> CosTail =>
    [
        -1.1359559595705707e-11, 2.087572162903361e-09, -2.7557314340700875e-07, 2.4801587289443638e-05,
        -0.0013888888888874066, 0.0416666666666666,
    ];

    /// <summary>Sine of radians, within 1 ULP for every argument, also the largest.</summary>
    [MethodImpl(Inline)]
    public static V Sin<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        SinCos(x, out var sin, out _);
        return sin;
    }

    /// <summary>Cosine of radians, within 1 ULP for every argument, also the largest.</summary>
    [MethodImpl(Inline)]
    public static V Cos<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        SinCos(x, out _, out var cos);
        return cos;
    }

    /// <summary>Tangent of radians, within 2 ULP for every argument, also the largest.</summary>
    [MethodImpl(Inline)]
    public static V Tan<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        SinCos(x, out var sin, out var cos);
        return V.Select(V.AreEqual(x, V.Create(0.0)), x, sin / cos);
    }

    [MethodImpl(Inline)]
    private static void SinCos<V>(V x, out V sin, out V cos)
        where V : unmanaged, ISimdVector<V, double>
    {
        var shifted = V.FusedMultiplyAdd(x, V.Create(0.6366197723675814), V.Create(RoundingShift));
        var n = shifted - V.Create(RoundingShift);
        // Three parts of π/2: the first difference is exact, the next two leave their rounding errors in `low`.
        var first = V.FusedMultiplyAdd(n, V.Create(-1.5707963267948966), x);
        var second = n * V.Create(6.123233995736766e-17);
        var high = first - second;
        var low = (first - high) - second;
        low -= V.FusedMultiplyAdd(n, V.Create(6.123233995736766e-17), -second);
        low = V.FusedMultiplyAdd(n, V.Create(1.4973849048591698e-33), low);
        var sum = high + low;
        low -= sum - high;
        high = sum;
        var quadrant = shifted;
        if (V.Any(V.LessThan(V.Create(LargestReduced), V.Abs(x)))) ReduceLarge(x, ref high, ref low, ref quadrant);

        var square = high * high;
        var s = V.FusedMultiplyAdd(Polynomial(square, SinTail) * square, high, V.FusedMultiplyAdd(V.Create(-0.5) * square, low, low));
        s = high + s;
        var half = V.Create(0.5) * square;
        var c = V.Create(1.0) - half;
        var cError = (V.Create(1.0) - c) - half;
        c += V.FusedMultiplyAdd(square * square, Polynomial(square, CosTail), V.FusedMultiplyAdd(-high, low, cError));
        var odd = V.SubtractBits(V.Create(0.0), quadrant & Bits<V>(1));
        var sign = V.ShiftLeftBits(V.ShiftRightBits(quadrant, 1), 63);
        sin = V.Select(V.AreEqual(x, V.Create(0.0)), x, V.Select(odd, c, s) ^ sign);
        cos = V.Select(odd, s, c) ^ sign ^ (odd & Bits<V>(long.MinValue));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReduceLarge<V>(V x, ref V high, ref V low, ref V quadrant)
        where V : unmanaged, ISimdVector<V, double>
    {
        var arguments = MemoryMarshal.CreateSpan(ref Unsafe.As<V, double>(ref x), V.Count);
        var highs = MemoryMarshal.CreateSpan(ref Unsafe.As<V, double>(ref high), V.Count);
        var lows = MemoryMarshal.CreateSpan(ref Unsafe.As<V, double>(ref low), V.Count);
        var quadrants = MemoryMarshal.CreateSpan(ref Unsafe.As<V, long>(ref quadrant), V.Count);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Math.Abs(arguments[i]) > LargestReduced) quadrants[i] = PayneHanek.Reduce(arguments[i], out highs[i], out lows[i]);
        }
    }
}

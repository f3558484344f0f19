using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

internal static partial class Float32
{
    private const float LargestReduced = 8192f;

    /// <summary>Sine of radians, within 2 ULP for every argument, also the largest.</summary>
    [MethodImpl(Inline)]
    public static V Sin<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var r = Reduce(x, out var quadrant);
        var result = SinOrCos(r, quadrant);
        // A zero keeps its sign.
        return V.Select(V.AreEqual(x, V.Create(0f)), x, result);
    }

    /// <summary>Cosine of radians, within 2 ULP for every argument, also the largest.</summary>
    [MethodImpl(Inline)]
    public static V Cos<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var r = Reduce(x, out var quadrant);
        return SinOrCos(r, V.AddBits(quadrant, Bits<V>(1)));
    }

    /// <summary>x = quadrant · π/2 + r with |r| ≤ π/4; the quadrant in the bits, modulo 4.</summary>
    [MethodImpl(Inline)]
    private static V Reduce<V>(V x, out V quadrant)
        where V : unmanaged, ISimdVector<V, float>
    {
        var shifted = V.FusedMultiplyAdd(x, V.Create(0.63661975f), V.Create(RoundingShift));
        var n = shifted - V.Create(RoundingShift);
        var r = V.FusedMultiplyAdd(n, V.Create(-1.5707964f), x);
        r = V.FusedMultiplyAdd(n, V.Create(4.371139e-08f), r);
        r = V.FusedMultiplyAdd(n, V.Create(1.7151245e-15f), r);
        quadrant = shifted;
        var large = V.LessThan(V.Create(LargestReduced), V.Abs(x));
        if (V.Any(large)) ReduceLarge(x, ref r, ref quadrant);
        return r;
    }

    /// <summary>Sine of r for an even quadrant, cosine for an odd one, negated in quadrants 2 and 3.</summary>
    [MethodImpl(Inline)]
    private static V SinOrCos<V>(V r, V quadrant)
        where V : unmanaged, ISimdVector<V, float>
    {
        var square = r * r;
        var s = V.Create(2.8373952e-06f);
        s = Step(s, square, -0.00019853505f);
        s = Step(s, square, 0.00833338f);
        s = Step(s, square, -0.16666667f);
        var sin = V.FusedMultiplyAdd(s * square, r, r);
        var c = V.Create(2.4430661e-05f);
        c = Step(c, square, -0.0013887301f);
        c = Step(c, square, 0.041666646f);
        c = Step(c, square, -0.5f);
        var cos = Step(c, square, 1f);
        var odd = V.ShiftRightArithmeticBits(V.ShiftLeftBits(quadrant, 31), 31);
        var sign = V.ShiftLeftBits(V.ShiftRightBits(quadrant, 1), 31);
        return V.Select(odd, cos, sin) ^ sign;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReduceLarge<V>(V x, ref V r, ref V quadrant)
        where V : unmanaged, ISimdVector<V, float>
    {
        var arguments = MemoryMarshal.CreateSpan(ref Unsafe.As<V, float>(ref x), V.Count);
        var remainders = MemoryMarshal.CreateSpan(ref Unsafe.As<V, float>(ref r), V.Count);
        var quadrants = MemoryMarshal.CreateSpan(ref Unsafe.As<V, int>(ref quadrant), V.Count);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!(MathF.Abs(arguments[i]) > LargestReduced)) continue;
            quadrants[i] = PayneHanek.Reduce(arguments[i], out var high, out _);
            remainders[i] = (float)high;
        }
    }
}

using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float32
{
    /// <summary>e^x, within 1 ULP. x = n · ln 2 + r, e^r by a polynomial of degree 7 on |r| ≤ ln 2 / 2.</summary>
    [MethodImpl(Inline)]
    public static V Exp<V>(V x)
        where V : unmanaged, ISimdVector<V, float> => Exp(x, out var scale) * scale;

    /// <summary>
    /// e^x in two factors, which are normal for every x: a product with e^x is rounded in the subnormal range only once when the second factor
    /// comes last.
    /// </summary>
    [MethodImpl(Inline)]
    private static V Exp<V>(V x, out V scale)
        where V : unmanaged, ISimdVector<V, float>
    {
        x = V.Select(V.LessThan(x, V.Create(-120f)), V.Create(-120f), x);
        x = V.Select(V.LessThan(V.Create(89f), x), V.Create(89f), x);
        var shifted = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(RoundingShift));
        var p = ExpFraction(x, shifted - V.Create(RoundingShift)) + V.Create(1f);
        return ScaleByPowerOf2(p, V.SubtractBits(shifted, V.Create(RoundingShift)), out scale);
    }

    /// <summary>e^x − 1, within 2 ULP, without cancellation near zero.</summary>
    [MethodImpl(Inline)]
    public static V ExpM1<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var tiny = V.LessThan(V.Abs(x), V.Create(9.313226e-10f));
        var given = x;
        x = V.Select(V.LessThan(x, V.Create(-30f)), V.Create(-30f), x);
        x = V.Select(V.LessThan(V.Create(89f), x), V.Create(89f), x);
        var shifted = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(RoundingShift));
        var p = ExpFraction(x, shifted - V.Create(RoundingShift));
        // Half of 2^n stays finite up to the largest result.
        var half = V.AddBits(V.ShiftLeftBits(shifted, 23), V.Create(0.5f));
        var result = V.FusedMultiplyAdd(half, p, half - V.Create(0.5f));
        return V.Select(tiny, given, result + result);
    }

    /// <summary>2^x, within 1 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Exp2<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        x = V.Select(V.LessThan(x, V.Create(-151f)), V.Create(-151f), x);
        x = V.Select(V.LessThan(V.Create(129f), x), V.Create(129f), x);
        var shifted = x + V.Create(RoundingShift);
        var fraction = x - (shifted - V.Create(RoundingShift));
        var high = fraction * V.Create(Ln2High);
        var low = V.FusedMultiplyAdd(fraction, V.Create(Ln2High), -high) + (fraction * V.Create(Ln2Low));
        var p = ExpPolynomial(high, low) + V.Create(1f);
        return ScaleByPowerOf2(p, V.SubtractBits(shifted, V.Create(RoundingShift)), out var scale) * scale;
    }

    /// <summary>e^(x − n · ln 2) − 1.</summary>
    [MethodImpl(Inline)]
    private static V ExpFraction<V>(V x, V n)
        where V : unmanaged, ISimdVector<V, float>
    {
        var high = V.FusedMultiplyAdd(n, V.Create(-Ln2High), x);
        return ExpPolynomial(high, n * V.Create(-Ln2Low));
    }

    /// <summary>e^r − 1 for r = high + low, |r| ≤ ln 2 / 2, relative error 2⁻³¹ before rounding.</summary>
    [MethodImpl(Inline)]
    private static V ExpPolynomial<V>(V high, V low)
        where V : unmanaged, ISimdVector<V, float>
    {
        var r = high + low;
        var p = V.Create(0.00017436715f);
        p = Step(p, r, 0.001393386f);
        p = Step(p, r, 0.008337782f);
        p = Step(p, r, 0.041666478f);
        p = Step(p, r, 0.16666648f);
        p = Step(p, r, 0.5f);
        return high + V.FusedMultiplyAdd(p, r * r, low);
    }

    /// <summary>p · 2^n, when multiplied by <paramref name="scale"/>, for the integers <paramref name="n"/> from −252 to 254 in the bits.</summary>
    [MethodImpl(Inline)]
    private static V ScaleByPowerOf2<V>(V p, V n, out V scale)
        where V : unmanaged, ISimdVector<V, float>
    {
        var half = V.ShiftRightArithmeticBits(n, 1);
        scale = V.AddBits(V.ShiftLeftBits(V.SubtractBits(n, half), 23), V.Create(1f));
        return p * V.AddBits(V.ShiftLeftBits(half, 23), V.Create(1f));
    }
}

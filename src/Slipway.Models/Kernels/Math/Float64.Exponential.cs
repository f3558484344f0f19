using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    private const double Log2E = 1.4426950408889634;

    /// <summary>(e^r − 1 − r) / r² on |r| ≤ ln 2 / 2, highest power first.</summary>
    private static ReadOnlySpan<double> ExpTail =>
    [
        2.5118079875426252e-08, 2.7631402849182446e-07, 2.7557215658225134e-06, 2.4801489626425343e-05,
        0.0001984126991802881, 0.001388888894729143, 0.008333333333306948, 0.04166666666651449,
        0.166666666666667, 0.5000000000000013,
    ];

    /// <summary>e^x, within 1 ULP. x = n · ln 2 + r.</summary>
    [MethodImpl(Inline)]
    public static V Exp<V>(V x)
        where V : unmanaged, ISimdVector<V, double> => Exp(x, V.Create(0.0), out var scale) * scale;

    /// <summary>2^x, within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Exp2<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        x = V.Select(V.LessThan(x, V.Create(-1080.0)), V.Create(-1080.0), x);
        x = V.Select(V.LessThan(V.Create(1030.0), x), V.Create(1030.0), x);
        var shifted = x + V.Create(RoundingShift);
        var fraction = x - (shifted - V.Create(RoundingShift));
        var high = fraction * V.Create(Ln2High);
        var low = V.FusedMultiplyAdd(fraction, V.Create(Ln2High), -high) + (fraction * V.Create(Ln2Low));
        return ScaleByPowerOf2(ExpM1OfFraction(high, low) + V.Create(1.0), V.SubtractBits(shifted, V.Create(RoundingShift)), out var scale) * scale;
    }

    /// <summary>e^x − 1, within 2 ULP, without cancellation near zero.</summary>
    [MethodImpl(Inline)]
    public static V ExpM1<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var tiny = V.LessThan(V.Abs(x), V.Create(1e-17));
        var given = x;
        x = V.Select(V.LessThan(x, V.Create(-60.0)), V.Create(-60.0), x);
        x = V.Select(V.LessThan(V.Create(710.0), x), V.Create(710.0), x);
        var shifted = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(RoundingShift));
        var n = shifted - V.Create(RoundingShift);
        var p = ExpM1OfFraction(V.FusedMultiplyAdd(n, V.Create(-Ln2High), x), n * V.Create(-Ln2Low));
        // Half of 2^n stays finite up to the largest result.
        var half = V.AddBits(V.ShiftLeftBits(shifted, 52), V.Create(0.5));
        var result = V.FusedMultiplyAdd(half, p, half - V.Create(0.5));
        return V.Select(tiny, given, result + result);
    }

    /// <summary>e^(x + low), to be multiplied by <paramref name="scale"/>: both factors are normal for every x.</summary>
    [MethodImpl(Inline)]
    private static V Exp<V>(V x, V low, out V scale)
        where V : unmanaged, ISimdVector<V, double>
    {
        x = V.Select(V.LessThan(x, V.Create(-800.0)), V.Create(-800.0), x);
        x = V.Select(V.LessThan(V.Create(712.0), x), V.Create(712.0), x);
        var shifted = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(RoundingShift));
        var n = shifted - V.Create(RoundingShift);
        var p = ExpM1OfFraction(V.FusedMultiplyAdd(n, V.Create(-Ln2High), x), V.FusedMultiplyAdd(n, V.Create(-Ln2Low), low)) + V.Create(1.0);
        return ScaleByPowerOf2(p, V.SubtractBits(shifted, V.Create(RoundingShift)), out scale);
    }

    /// <summary>e^(high + low) − 1 on |high + low| ≤ ln 2 / 2.</summary>
    [MethodImpl(Inline)]
    private static V ExpM1OfFraction<V>(V high, V low)
        where V : unmanaged, ISimdVector<V, double>
    {
        var r = high + low;
        return high + V.FusedMultiplyAdd(Polynomial(r, ExpTail), r * r, low);
    }

    /// <summary>p · 2^n, to be multiplied by <paramref name="scale"/>, for integers <paramref name="n"/> from −2044 to 2046 in the bits.</summary>
    [MethodImpl(Inline)]
    private static V ScaleByPowerOf2<V>(V p, V n, out V scale)
        where V : unmanaged, ISimdVector<V, double>
    {
        var half = V.ShiftRightArithmeticBits(n, 1);
        scale = V.AddBits(V.ShiftLeftBits(V.SubtractBits(n, half), 52), V.Create(1.0));
        return p * V.AddBits(V.ShiftLeftBits(half, 52), V.Create(1.0));
    }
}

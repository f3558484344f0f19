using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float32
{
    /// <summary>Hyperbolic tangent, within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var magnitude = V.Abs(x);
        var square = x * x;
        var p = V.Create(0.0021178108f);
        p = Step(p, square, -0.008155154f);
        p = Step(p, square, 0.021694554f);
        p = Step(p, square, -0.053946376f);
        p = Step(p, square, 0.13333212f);
        p = Step(p, square, -0.3333333f);
        var near = V.FusedMultiplyAdd(p * square, magnitude, magnitude);
        // From 10 on the result is 1; the bound keeps e^2|x| finite.
        var doubled = V.Select(V.LessThan(magnitude, V.Create(10f)), magnitude + magnitude, V.Create(20f));
        var far = V.Create(1f) - (V.Create(2f) / (Exp(doubled) + V.Create(1f)));
        var result = WithSign(V.Select(V.LessThan(magnitude, V.Create(0.625f)), near, far), x);
        return V.Select(V.AreEqual(x, x), result, x);
    }

    /// <summary>1 / (1 + e^−x), within 2 ULP also where it is subnormal.</summary>
    [MethodImpl(Inline)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var e = Exp(-V.Abs(x));
        var numerator = V.Select(V.LessThan(x, V.Create(0f)), e, V.Create(1f));
        var quotient = numerator / (e + V.Create(1f));
        // quotient = numerator − e · quotient takes most of what rounding e + 1 has lost out again.
        return V.FusedMultiplyAdd(-e, quotient, numerator);
    }

    /// <summary>x · sigmoid(x), within 4 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Silu<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var part = Exp(-V.Abs(x), out var scale);
        var bounded = V.Select(V.LessThan(x, V.Create(-120f)), V.Create(-120f), x);
        var numerator = V.Select(V.LessThan(x, V.Create(0f)), bounded * part * scale, x);
        return numerator / V.FusedMultiplyAdd(part, scale, V.Create(1f));
    }

    /// <summary>ln(1 + e^x), within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Softplus<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var e = Exp(-V.Abs(x));
        // 1 + e is between 1 and 2: beyond √2 its half is taken.
        var halved = V.LessThan(V.Create(0.41421357f), e);
        var f = V.Select(halved, (e - V.Create(1f)) * V.Create(0.5f), e);
        var log = LogOf1Plus(f, V.Select(halved, V.Create(1f), V.Create(0f)));
        log = V.Select(V.LessThan(e, V.Create(1.17549435e-38f)), e, log);
        return V.Select(V.LessThan(V.Create(0f), x), x + log, log);
    }

    /// <summary>x · tanh(softplus(x)), within 4 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Mish<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        // tanh(ln(1 + e)) = e(1 + e/2) / (e(1 + e/2) + 1) with e = e^x; for positive x both sides are divided by e²/2.
        var part = Exp(-V.Abs(x), out var scale);
        var e = part * scale;
        var negative = V.LessThan(x, V.Create(0f));
        var sum = V.FusedMultiplyAdd(e, V.Select(negative, V.Create(0.5f), V.Create(2f)), V.Create(1f));
        var denominator = V.Select(negative, V.FusedMultiplyAdd(e, sum, V.Create(1f)), V.FusedMultiplyAdd(e + e, e, sum));
        var bounded = V.Select(V.LessThan(x, V.Create(-120f)), V.Create(-120f), x) * sum;
        return V.Select(negative, bounded * part * scale, bounded) / denominator;
    }
}

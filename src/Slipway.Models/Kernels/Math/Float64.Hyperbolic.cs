using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    /// <summary>Hyperbolic sine, within 3 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Sinh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var e = ExpM1(t);
        var result = V.Create(0.5) * (e + (e / (e + V.Create(1.0))));
        return WithSign(V.Select(V.LessThan(V.Create(700.0), t), HalfExp(t), V.Select(V.LessThan(t, V.Create(SmallestNormal)), t, result)), x);
    }

    /// <summary>Hyperbolic cosine, within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Cosh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var e = Exp(t);
        var result = V.Create(0.5) * (e + (V.Create(1.0) / e));
        return V.Select(V.LessThan(V.Create(700.0), t), HalfExp(t), result);
    }

    /// <summary>Hyperbolic tangent, within 3 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var e = ExpM1(V.Select(V.LessThan(t, V.Create(30.0)), t + t, V.Create(60.0)));
        var result = e / (e + V.Create(2.0));
        result = WithSign(V.Select(V.LessThan(t, V.Create(1e-17)), t, result), x);
        return V.Select(V.AreEqual(x, x), result, x);
    }

    /// <summary>Inverse hyperbolic sine, within 3 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Asinh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var square = t * t;
        var result = Log1P(t + (square / (V.Create(1.0) + V.Sqrt(square + V.Create(1.0)))));
        return WithSign(V.Select(V.LessThan(V.Create(1e150), t), Log(t) + V.Create(Ln2High), result), x);
    }

    /// <summary>Inverse hyperbolic cosine, within 3 ULP; NaN below 1.</summary>
    [MethodImpl(Inline)]
    public static V Acosh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = x - V.Create(1.0);
        var result = Log1P(t + V.Sqrt(V.FusedMultiplyAdd(t, t, t + t)));
        result = V.Select(V.LessThan(V.Create(1e150), x), Log(x) + V.Create(Ln2High), result);
        return V.Select(V.LessThan(x, V.Create(1.0)), V.Create(double.NaN), result);
    }

    /// <summary>Inverse hyperbolic tangent, within 3 ULP; NaN beyond ±1.</summary>
    [MethodImpl(Inline)]
    public static V Atanh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var result = V.Create(0.5) * Log1P((t + t) / (V.Create(1.0) - t));
        return WithSign(V.Select(V.LessThan(t, V.Create(1e-300)), t, result), x);
    }

    /// <summary>e^t / 2 where e^t may overflow.</summary>
    [MethodImpl(Inline)]
    private static V HalfExp<V>(V t)
        where V : unmanaged, ISimdVector<V, double>
    {
        var part = Exp(t, V.Create(0.0), out var scale);
        return part * (scale * V.Create(0.5));
    }
}

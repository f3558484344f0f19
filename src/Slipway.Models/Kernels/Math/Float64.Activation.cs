using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    /// <summary>1 / (1 + e^−x), within 2 ULP also where it is subnormal.</summary>
    [MethodImpl(Inline)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var e = Exp(-V.Abs(x));
        var numerator = V.Select(V.LessThan(x, V.Create(0.0)), e, V.Create(1.0));
        var quotient = numerator / (e + V.Create(1.0));
        return V.FusedMultiplyAdd(-e, quotient, numerator);
    }

    /// <summary>x · sigmoid(x), within 4 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Silu<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var part = Exp(-V.Abs(x), V.Create(0.0), out var scale);
        var bounded = V.Select(V.LessThan(x, V.Create(-800.0)), V.Create(-800.0), x);
        var numerator = V.Select(V.LessThan(x, V.Create(0.0)), bounded * part * scale, x);
        return numerator / V.FusedMultiplyAdd(part, scale, V.Create(1.0));
    }

    /// <summary>ln(1 + e^x), within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Softplus<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var log = Log1P(Exp(-V.Abs(x)));
        return V.Select(V.LessThan(V.Create(0.0), x), x + log, log);
    }

    /// <summary>x · tanh(softplus(x)), within 4 ULP; see <see cref="Float32.Mish"/>.</summary>
    [MethodImpl(Inline)]
    public static V Mish<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var part = Exp(-V.Abs(x), V.Create(0.0), out var scale);
        var e = part * scale;
        var negative = V.LessThan(x, V.Create(0.0));
        var sum = V.FusedMultiplyAdd(e, V.Select(negative, V.Create(0.5), V.Create(2.0)), V.Create(1.0));
        var denominator = V.Select(negative, V.FusedMultiplyAdd(e, sum, V.Create(1.0)), V.FusedMultiplyAdd(e + e, e, sum));
        var bounded = V.Select(V.LessThan(x, V.Create(-800.0)), V.Create(-800.0), x) * sum;
        return V.Select(negative, bounded * part * scale, bounded) / denominator;
    }
}

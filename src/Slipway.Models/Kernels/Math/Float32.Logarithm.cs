using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float32
{
    private const int SqrtHalfBits = 0x3f3504f3;

    /// <summary>Natural logarithm, within 1 ULP. x = 2^k · (1 + f) with 1 + f between √½ and √2.</summary>
    [MethodImpl(Inline)]
    public static V Log<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var subnormal = V.LessThan(x, V.Create(1.17549435e-38f));
        var normal = V.Select(subnormal, x * V.Create(16777216f), x);
        var k = V.ShiftRightArithmeticBits(V.SubtractBits(normal, Bits<V>(SqrtHalfBits)), 23);
        var f = V.SubtractBits(normal, V.ShiftLeftBits(k, 23)) - V.Create(1f);
        var exponent = IntegerBits(k) - V.Select(subnormal, V.Create(24f), V.Create(0f));
        return LogSpecial(x, LogOf1Plus(f, exponent));
    }

    /// <summary>ln(1 + x), within 2 ULP, without cancellation near zero.</summary>
    [MethodImpl(Inline)]
    public static V Log1P<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var u = x + V.Create(1f);
        var k = V.ShiftRightArithmeticBits(V.SubtractBits(u, Bits<V>(SqrtHalfBits)), 23);
        // What rounding 1 + x has lost, in units of 2^k. From 2^25 on it is nothing beside x.
        var lost = V.Select(V.LessThan(x, V.Create(1f)), x - (u - V.Create(1f)), V.Create(1f) - (u - x));
        lost *= V.SubtractBits(V.Create(1f), V.ShiftLeftBits(k, 23));
        var f = V.SubtractBits(u, V.ShiftLeftBits(k, 23)) - V.Create(1f);
        f += V.Select(V.LessThan(x, V.Create(33554432f)), lost, V.Create(0f));
        var result = LogSpecial(u, LogOf1Plus(f, IntegerBits(k)));
        return V.Select(V.LessThan(V.Abs(x), V.Create(1.17549435e-38f)), x, result);
    }

    /// <summary>Integers in the bits, small in magnitude, as numbers.</summary>
    [MethodImpl(Inline)]
    private static V IntegerBits<V>(V integers)
        where V : unmanaged, ISimdVector<V, float> => V.AddBits(integers, V.Create(RoundingShift)) - V.Create(RoundingShift);

    /// <summary>exponent · ln 2 + ln(1 + f) for √½ − 1 ≤ f ≤ √2 − 1.</summary>
    [MethodImpl(Inline)]
    private static V LogOf1Plus<V>(V f, V exponent)
        where V : unmanaged, ISimdVector<V, float>
    {
        var p = V.Create(0.06733627f);
        p = Step(p, f, -0.11645569f);
        p = Step(p, f, 0.11879873f);
        p = Step(p, f, -0.12409831f);
        p = Step(p, f, 0.14220881f);
        p = Step(p, f, -0.16667801f);
        p = Step(p, f, 0.20002055f);
        p = Step(p, f, -0.25000012f);
        p = Step(p, f, 0.33333313f);
        var square = f * f;
        var tail = V.FusedMultiplyAdd(p * f, square, exponent * V.Create(Ln2Low));
        tail = V.FusedMultiplyAdd(V.Create(-0.5f), square, tail);
        return V.FusedMultiplyAdd(exponent, V.Create(Ln2High), f + tail);
    }

    /// <summary>The logarithm's values at zero, below it, at infinity and NaN, else <paramref name="result"/>.</summary>
    [MethodImpl(Inline)]
    private static V LogSpecial<V>(V x, V result)
        where V : unmanaged, ISimdVector<V, float>
    {
        result = V.Select(V.LessThan(x, V.Create(float.PositiveInfinity)), result, x);
        result = V.Select(V.AreEqual(x, V.Create(0f)), V.Create(float.NegativeInfinity), result);
        return V.Select(V.LessThan(x, V.Create(0f)), V.Create(float.NaN), result);
    }
}

using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    private const long SqrtHalfBits = 0x3fe6a09e667f3bcd;

    /// <summary>(ln((1 + s) / (1 − s)) − 2s) / s³ in s² for |s| ≤ (√2 − 1) / (√2 + 1), highest power first.</summary>
    private static ReadOnlySpan<double> LogTail =>
    [
        0.13267125589073672, 0.13248381555775113, 0.15387167743322397, 0.1818177390556201,
        0.22222222668780503, 0.28571428568940005, 0.400000000000067, 0.6666666666666666,
    ];

    /// <summary>Natural logarithm, within 1 ULP. x = 2^k · (1 + f) with 1 + f between √½ and √2.</summary>
    [MethodImpl(Inline)]
    public static V Log<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var f = Split(x, out var exponent);
        return LogSpecial(x, LogOf1Plus(f, exponent));
    }

    /// <summary>ln(1 + x), within 2 ULP, without cancellation near zero.</summary>
    [MethodImpl(Inline)]
    public static V Log1P<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var u = x + V.Create(1.0);
        var k = V.ShiftRightArithmeticBits(V.SubtractBits(u, Bits<V>(SqrtHalfBits)), 52);
        // What rounding 1 + x has lost, in units of 2^k. From 2^54 on it is nothing beside x.
        var lost = V.Select(V.LessThan(x, V.Create(1.0)), x - (u - V.Create(1.0)), V.Create(1.0) - (u - x));
        lost *= V.SubtractBits(V.Create(1.0), V.ShiftLeftBits(k, 52));
        var f = V.SubtractBits(u, V.ShiftLeftBits(k, 52)) - V.Create(1.0);
        f += V.Select(V.LessThan(x, V.Create(18014398509481984.0)), lost, V.Create(0.0));
        var result = LogSpecial(u, LogOf1Plus(f, IntegerBits(k)));
        return V.Select(V.LessThan(V.Abs(x), V.Create(SmallestNormal)), x, result);
    }

    /// <summary>x = 2^exponent · (1 + f); x positive and finite.</summary>
    [MethodImpl(Inline)]
    private static V Split<V>(V x, out V exponent)
        where V : unmanaged, ISimdVector<V, double>
    {
        var subnormal = V.LessThan(x, V.Create(SmallestNormal));
        var normal = V.Select(subnormal, x * V.Create(18014398509481984.0), x);
        var k = V.ShiftRightArithmeticBits(V.SubtractBits(normal, Bits<V>(SqrtHalfBits)), 52);
        exponent = IntegerBits(k) - V.Select(subnormal, V.Create(54.0), V.Create(0.0));
        return V.SubtractBits(normal, V.ShiftLeftBits(k, 52)) - V.Create(1.0);
    }

    /// <summary>Integers in the bits, small in magnitude, as numbers.</summary>
    [MethodImpl(Inline)]
    private static V IntegerBits<V>(V integers)
        where V : unmanaged, ISimdVector<V, double> => V.AddBits(integers, V.Create(RoundingShift)) - V.Create(RoundingShift);

    /// <summary>exponent · ln 2 + ln(1 + f) for √½ − 1 ≤ f ≤ √2 − 1.</summary>
    [MethodImpl(Inline)]
    private static V LogOf1Plus<V>(V f, V exponent)
        where V : unmanaged, ISimdVector<V, double>
    {
        // ln(1 + f) = f − f²/2 + s · (f²/2 + R) with s = f / (2 + f).
        var s = f / (f + V.Create(2.0));
        var square = s * s;
        var halfSquare = V.Create(0.5) * f * f;
        var r = Polynomial(square, LogTail) * square;
        var tail = V.FusedMultiplyAdd(s, halfSquare + r, exponent * V.Create(Ln2Low)) - halfSquare;
        return V.FusedMultiplyAdd(exponent, V.Create(Ln2High), f + tail);
    }

    /// <summary>The logarithm's values at zero, below it, at infinity and NaN, else <paramref name="result"/>.</summary>
    [MethodImpl(Inline)]
    private static V LogSpecial<V>(V x, V result)
        where V : unmanaged, ISimdVector<V, double>
    {
        result = V.Select(V.LessThan(x, V.Create(double.PositiveInfinity)), result, x);
        result = V.Select(V.AreEqual(x, V.Create(0.0)), V.Create(double.NegativeInfinity), result);
        return V.Select(V.LessThan(x, V.Create(0.0)), V.Create(double.NaN), result);
    }
}

using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float32
{
    /// <summary>Error function, within 2 ULP: an odd polynomial up to 1, then 1 − e^q(|x|).</summary>
    [MethodImpl(Inline)]
    public static V Erf<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var magnitude = V.Abs(x);
        var square = x * x;
        var p = V.Create(7.806903e-05f);
        p = Step(p, square, -0.0007997853f);
        p = Step(p, square, 0.005187162f);
        p = Step(p, square, -0.026853347f);
        p = Step(p, square, 0.11283579f);
        p = Step(p, square, -0.37612626f);
        p = Step(p, square, 0.12837917f);
        var near = V.FusedMultiplyAdd(p, magnitude, magnitude);

        var t = V.Select(V.LessThan(magnitude, V.Create(4f)), magnitude, V.Create(4f));
        var q = V.Create(-2.16921e-05f);
        q = Step(q, t, 0.00044142184f);
        q = Step(q, t, -0.0042050956f);
        q = Step(q, t, 0.025209973f);
        q = Step(q, t, -0.108421706f);
        q = Step(q, t, -0.6332166f);
        q = Step(q, t, -1.1295803f);
        q = Step(q, t, 0.00018846763f);
        var far = V.Create(1f) - Exp(q);

        var result = WithSign(V.Select(V.LessThan(magnitude, V.Create(1f)), near, far), x);
        return V.Select(V.AreEqual(x, x), result, x);
    }

    /// <summary>x · Φ(x) = x/2 · (1 + erf(x/√2)), within 4 ULP also in the left tail.</summary>
    [MethodImpl(Inline)]
    public static V Gelu<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        var t = V.Abs(x);
        t = V.Select(V.LessThan(t, V.Create(14.5f)), t, V.Create(14.5f));
        var tail = -t * NormalTail(t, out var scale) * scale;
        return V.Select(V.LessThan(x, V.Create(0f)), tail, x + tail);
    }

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), within 4 ULP also in the left tail.</summary>
    [MethodImpl(Inline)]
    public static V GeluTanh<V>(V x)
        where V : unmanaged, ISimdVector<V, float>
    {
        // x · sigmoid(z), z = x · (c₁ + c₃x²) carried with the error of its rounding: e^z would magnify it by |z|.
        var t = V.Abs(x);
        t = V.Select(V.LessThan(t, V.Create(12f)), t, V.Create(12f));
        var square = t * t;
        var squareError = V.FusedMultiplyAdd(t, t, -square);
        var c1 = V.Create(1.5957692f);
        var c3 = V.Create(0.071354814f);
        var cubic = c3 * square;
        var cubicError = V.FusedMultiplyAdd(c3, square, -cubic) + (c3 * squareError);
        cubicError = Scaled(2.3988325e-09f, square, cubicError);
        var sum = c1 + cubic;
        // The exact error of the sum, whichever term is larger (Knuth).
        var addend = sum - c1;
        var sumError = (c1 - (sum - addend)) + (cubic - addend);
        sumError += cubicError + V.Create(-4.534068e-08f);
        var z = sum * t;
        var zError = V.FusedMultiplyAdd(sum, t, -z) + (sumError * t);
        var part = Exp(-z, out var scale);
        part = V.FusedMultiplyAdd(-part, zError, part);
        var numerator = V.Select(V.LessThan(x, V.Create(0f)), -t * part * scale, x);
        return numerator / V.FusedMultiplyAdd(part, scale, V.Create(1f));
    }

    /// <summary>1 − Φ(t) = e^(−t²/2) · R(t), when multiplied by <paramref name="scale"/>, for 0 ≤ t ≤ 14.5; (t + 3) · R by a polynomial in (t − 3) / (t + 3).</summary>
    [MethodImpl(Inline)]
    private static V NormalTail<V>(V t, out V scale)
        where V : unmanaged, ISimdVector<V, float>
    {
        var above = t + V.Create(3f);
        var u = (t - V.Create(3f)) / above;
        var r = V.Create(5.459111e-05f);
        r = Step(r, u, 0.00013952675f);
        r = Step(r, u, -0.00023285861f);
        r = Step(r, u, -0.0010385255f);
        r = Step(r, u, 0.0010118785f);
        r = Step(r, u, 0.006970246f);
        r = Step(r, u, -0.01045773f);
        r = Step(r, u, -0.047262624f);
        r = Step(r, u, 0.23001702f);
        r = Step(r, u, -0.509332f);
        r = Step(r, u, 0.7290837f);
        r /= above;
        var square = t * t;
        var squareError = V.FusedMultiplyAdd(t, t, -square);
        r = V.FusedMultiplyAdd(r * V.Create(-0.5f), squareError, r);
        return Exp(V.Create(-0.5f) * square, out scale) * r;
    }
}

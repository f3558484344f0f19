using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    /// <summary>erf(x) / x − 1 in x² on |x| ≤ 1, highest power first.</summary>
    private static ReadOnlySpan<double> ErfNear =>
    [
        -7.775927442557227e-10, 1.3709110105300665e-08, -1.62058879250566e-07, 1.6447076884894468e-06,
        -1.4924707950286742e-05, 0.00012055293354959946, -0.0008548325922063899, 0.0052239776059712275,
        -0.02686617064309408, 0.1128379167094408, -0.37612638903183515, 0.12837916709551256,
    ];

    /// <summary>(t + 4) · (1 − Φ(t)) · e^(t²/2) in (t − 4) / (t + 4) for 0 ≤ t ≤ 38.7, highest power first.</summary>
    private static ReadOnlySpan<double> NormalTailRatio =>
    [
        -1.187225563533687e-09, -3.1868575360570966e-10, 1.459929798793003e-08, 1.6001979396088286e-08,
        -7.720280261186598e-08, -1.5649671478750514e-07, 2.6416970690156594e-07, 1.021781286291777e-06,
        -6.252496114399643e-07, -5.9199740297900325e-06, 7.14987858378399e-07, 3.5144558045970315e-05,
        -1.9078479515039746e-06, -0.0002310949014141278, 0.00013334424926441169, 0.0016308184530013242,
        -0.0034796923616834453, -0.0075401889664162385, 0.060396574890670185, -0.18652185795966603,
        0.3871374007422194, -0.6078966419718921, 0.7552851304157515,
    ];

    /// <summary>Error function, within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Erf<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var square = x * x;
        var near = V.FusedMultiplyAdd(Polynomial(square, ErfNear), t, t);
        var bounded = V.Select(V.LessThan(t, V.Create(6.0)), t, V.Create(6.0));
        var tail = NormalTail(bounded * V.Create(1.4142135623730951), out var scale) * scale;
        var far = V.Create(1.0) - (tail + tail);
        var result = WithSign(V.Select(V.LessThan(t, V.Create(1.0)), near, far), x);
        return V.Select(V.AreEqual(x, x), result, x);
    }

    /// <summary>x · Φ(x) = x/2 · (1 + erf(x/√2)), within 6 ULP also in the left tail.</summary>
    [MethodImpl(Inline)]
    public static V Gelu<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        t = V.Select(V.LessThan(t, V.Create(38.7)), t, V.Create(38.7));
        var tail = -t * NormalTail(t, out var scale) * scale;
        return V.Select(V.LessThan(x, V.Create(0.0)), tail, x + tail);
    }

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), within 6 ULP also in the left tail; see <see cref="Float32.GeluTanh"/>.</summary>
    [MethodImpl(Inline)]
    public static V GeluTanh<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        t = V.Select(V.LessThan(t, V.Create(30.0)), t, V.Create(30.0));
        var square = t * t;
        var squareError = V.FusedMultiplyAdd(t, t, -square);
        var c1 = V.Create(1.5957691216057308);
        var c3 = V.Create(0.07135481627260025);
        var cubic = c3 * square;
        var cubicError = V.FusedMultiplyAdd(c3, square, -cubic) + V.FusedMultiplyAdd(c3, squareError, V.Create(-6.175149918155315e-19) * square);
        var sum = c1 + cubic;
        var addend = sum - c1;
        var sumError = (c1 - (sum - addend)) + (cubic - addend) + cubicError + V.Create(-9.96930880911092e-17);
        var z = sum * t;
        var zError = V.FusedMultiplyAdd(sum, t, -z) + (sumError * t);
        var part = Exp(-z, -zError, out var scale);
        var numerator = V.Select(V.LessThan(x, V.Create(0.0)), -t * part * scale, x);
        return numerator / V.FusedMultiplyAdd(part, scale, V.Create(1.0));
    }

    /// <summary>1 − Φ(t), to be multiplied by <paramref name="scale"/>, for 0 ≤ t ≤ 38.7.</summary>
    [MethodImpl(Inline)]
    private static V NormalTail<V>(V t, out V scale)
        where V : unmanaged, ISimdVector<V, double>
    {
        var above = t + V.Create(4.0);
        var r = Polynomial((t - V.Create(4.0)) / above, NormalTailRatio) / above;
        var square = t * t;
        var squareError = V.FusedMultiplyAdd(t, t, -square);
        return Exp(V.Create(-0.5) * square, V.Create(-0.5) * squareError, out scale) * r;
    }
}

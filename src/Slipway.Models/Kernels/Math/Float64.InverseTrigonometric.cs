using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

internal static partial class Float64
{
    private const double HalfPiHigh = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>(atan t − t) / t³ in t² on |t| ≤ tan(π/8), highest power first.</summary>
    private static ReadOnlySpan<double> AtanTail =>
    [
        -0.017907472365605193, 0.038065070612264905, -0.05039335304065897, 0.058478983654109286,
        -0.06663105586362018, 0.0769206037298581, -0.09090897767690502, 0.11111110783835004,
        -0.14285714280204415, 0.19999999999953666, -0.333333333333332,
    ];

    /// <summary>(asin t − t) / t³ in t² on |t| ≤ ½, highest power first.</summary>
    private static ReadOnlySpan<double> AsinTail =>
    [
        0.03270117337448611, -0.021115127457314878, 0.021789516190502897, 0.0036726515282039136,
        0.010789197533923335, 0.01139731506275808, 0.013981015858029052, 0.01735159572183727,
        0.02237221589365988, 0.030381942675711107, 0.04464285717527711, 0.07499999999970108,
        0.16666666666666763,
    ];

    /// <summary>Inverse tangent, within 2 ULP.</summary>
    [MethodImpl(Inline)]
    public static V Atan<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var one = V.Create(1.0);
        var t = V.Abs(x);
        // Beyond tan(3π/8): π/2 − atan(1/t); beyond tan(π/8): π/4 + atan((t − 1) / (t + 1)).
        var far = V.LessThan(V.Create(2.414213562373095), t);
        var middle = V.LessThan(V.Create(0.41421356237309503), t) & ~far;
        var argument = V.Select(far, -one, V.Select(middle, t - one, t)) / V.Select(far, t, V.Select(middle, t + one, one));
        var square = argument * argument;
        var quarter = V.Create(0.5 * HalfPiHigh);
        var start = V.Select(far, quarter + quarter, V.Select(middle, quarter, V.Create(0.0)));
        var startLow = V.Select(far, V.Create(HalfPiLow), V.Select(middle, V.Create(0.5 * HalfPiLow), V.Create(0.0)));
        var result = start + (argument + V.FusedMultiplyAdd(Polynomial(square, AtanTail) * square, argument, startLow));
        return WithSign(result, x);
    }

    /// <summary>Inverse sine, within 2 ULP; NaN beyond ±1.</summary>
    [MethodImpl(Inline)]
    public static V Asin<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var t = V.Abs(x);
        var folded = AsinFolded(t, out var root, out var tail, out var rootError);
        var near = root + tail;
        var far = V.Create(HalfPiHigh) - ((root + root) + ((tail + tail) + (rootError + rootError) - V.Create(HalfPiLow)));
        return WithSign(V.Select(folded, far, near), x);
    }

    /// <summary>Inverse cosine, within 2 ULP; NaN beyond ±1.</summary>
    [MethodImpl(Inline)]
    public static V Acos<V>(V x)
        where V : unmanaged, ISimdVector<V, double>
    {
        var folded = AsinFolded(V.Abs(x), out var root, out var tail, out var rootError);
        var negative = V.LessThan(x, V.Create(0.0));
        var twice = (root + root) + ((tail + tail) + (rootError + rootError));
        var signed = WithSign(root, x);
        var near = V.Create(HalfPiHigh) - (signed - (V.Create(HalfPiLow) - WithSignOf(tail, x)));
        var below = V.Create(2 * HalfPiHigh) - (twice - V.Create(2 * HalfPiLow));
        return V.Select(folded, V.Select(negative, below, twice), near);
    }

    /// <summary>asin t as root + tail up to ½; beyond, of √((1 − t) / 2), so that asin t is π/2 less twice that.</summary>
    [MethodImpl(Inline)]
    private static V AsinFolded<V>(V t, out V root, out V tail, out V rootError)
        where V : unmanaged, ISimdVector<V, double>
    {
        var folded = V.LessThan(V.Create(0.5), t);
        var square = V.Select(folded, V.Create(0.5) - (V.Create(0.5) * t), t * t);
        root = V.Select(folded, V.Sqrt(square), t);
        var error = V.FusedMultiplyAdd(-root, root, square) / (root + root);
        rootError = V.Select(folded & V.LessThan(V.Create(0.0), square), error, V.Create(0.0));
        tail = Polynomial(square, AsinTail) * square * root;
        return folded;
    }

    /// <summary>A number with its sign turned where <paramref name="sign"/> is negative.</summary>
    [MethodImpl(Inline)]
    private static V WithSignOf<V>(V x, V sign)
        where V : unmanaged, ISimdVector<V, double> => x ^ (sign & Bits<V>(long.MinValue));
}

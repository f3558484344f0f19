namespace Slipway.Models.Rows.Functions;

/// <summary>The normal distribution: density, distribution function, quantiles. A standard deviation that is not positive, or a probability outside of [0, 1], has no result.</summary>
internal static class NormalDistribution
{
    private const double Near = 0.67448975;
    private const double RootOf32 = 5.656854249492380195;
    private const double InverseRootOfTwoPi = 0.398942280401432677940;

    private static ReadOnlySpan<double> NearNumerator =>
        [6.5682337918207449113e-2, 2.2352520354606839287e0, 1.6102823106855587881e2, 1.0676894854603709582e3, 1.8154981253343561249e4];

    private static ReadOnlySpan<double> NearDenominator =>
        [1, 4.720258190468824187e1, 9.7609855173777669322e2, 1.0260932208618978205e4, 4.5507789335026729956e4];

    private static ReadOnlySpan<double> MiddleNumerator =>
    [
        1.0765576773720192317e-8, 3.9894151208813466764e-1, 8.8831497943883759412e0, 9.3506656132177855979e1, 5.9727027639480026226e2,
        2.4945375852903726711e3, 6.8481904505362823326e3, 1.1602651437647350124e4, 9.8427148383839780218e3,
    ];

    private static ReadOnlySpan<double> MiddleDenominator =>
    [
        1, 2.2266688044328115691e1, 2.3538790178262499861e2, 1.519377599407554805e3, 6.485558298266760755e3,
        1.8615571640885098091e4, 3.4900952721145977266e4, 3.8912003286093271411e4, 1.9685429676859990727e4,
    ];

    private static ReadOnlySpan<double> FarNumerator =>
        [2.307344176494017303e-2, 2.1589853405795699e-1, 1.274011611602473639e-1, 2.2235277870649807e-2, 1.421619193227893466e-3, 2.9112874951168792e-5];

    private static ReadOnlySpan<double> FarDenominator =>
        [1, 1.28426009614491121e0, 4.68238212480865118e-1, 6.59881378689285515e-2, 3.78239633202758244e-3, 7.29751555083966205e-5];

    private static ReadOnlySpan<double> CentralQuantileNumerator =>
    [
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ];

    private static ReadOnlySpan<double> CentralQuantileDenominator =>
    [
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1,
    ];

    private static ReadOnlySpan<double> OuterQuantileNumerator =>
    [
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ];

    private static ReadOnlySpan<double> OuterQuantileDenominator =>
    [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1,
    ];

    private static ReadOnlySpan<double> ExtremeQuantileNumerator =>
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ];

    private static ReadOnlySpan<double> ExtremeQuantileDenominator =>
    [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
    ];

    public static double Density(double x) => InverseRootOfTwoPi * Rational.Gaussian(Math.Min(Math.Abs(x), 1e3), half: true);

    /// <summary>The probability of a value up to <paramref name="x"/>. Source: W. J. Cody, "Algorithm 715: SPECFUN", ACM TOMS 19 (1993), ANORM.</summary>
    public static double Probability(double x)
    {
        if (double.IsNaN(x)) return x;
        var distance = Math.Abs(x);
        if (distance <= Near) return 0.5 + x * Rational.At(x * x, NearNumerator, NearDenominator);
        var tail = Tail(distance);
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>The value with <paramref name="p"/> as its probability; infinite at 0 and 1. Source: M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16.</summary>
    public static double Quantile(double p)
    {
        if (!(p >= 0 && p <= 1)) return Cell.Invalid;
        var fromMiddle = p - 0.5;
        if (Math.Abs(fromMiddle) <= 0.425)
        {
            return fromMiddle * Rational.At(0.180625 - fromMiddle * fromMiddle, CentralQuantileNumerator, CentralQuantileDenominator);
        }
        var tail = fromMiddle < 0 ? p : 1 - p;
        if (tail == 0) return fromMiddle < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        var root = Math.Sqrt(-Math.Log(tail));
        var quantile = root <= 5
            ? Rational.At(root - 1.6, OuterQuantileNumerator, OuterQuantileDenominator)
            : Rational.At(root - 5, ExtremeQuantileNumerator, ExtremeQuantileDenominator);
        return fromMiddle < 0 ? -quantile : quantile;
    }

    private static double Tail(double x)
    {
        if (x > 40) return 0;
        var density = Rational.Gaussian(x, half: true);
        if (x <= RootOf32) return density * Rational.At(x, MiddleNumerator, MiddleDenominator);
        var square = 1 / (x * x);
        return density * (InverseRootOfTwoPi - square * Rational.At(square, FarNumerator, FarDenominator)) / x;
    }

    internal readonly struct StandardDensity : IUnaryOperation
    {
        public static double Of(double x) => Density(x);
    }

    internal readonly struct StandardProbability : IUnaryOperation
    {
        public static double Of(double x) => Probability(x);
    }

    internal readonly struct StandardQuantile : IUnaryOperation
    {
        public static double Of(double p) => Quantile(p);
    }

    internal readonly struct ScaledDensity : ITernaryOperation
    {
        public static double Of(double x, double mean, double deviation) => deviation > 0 ? Density((x - mean) / deviation) / deviation : Cell.Invalid;
    }

    internal readonly struct ScaledProbability : ITernaryOperation
    {
        public static double Of(double x, double mean, double deviation) => deviation > 0 ? Probability((x - mean) / deviation) : Cell.Invalid;
    }

    internal readonly struct ScaledQuantile : ITernaryOperation
    {
        public static double Of(double p, double mean, double deviation)
        {
            if (!(deviation > 0)) return Cell.Invalid;
            var quantile = Quantile(p);
            return Cell.IsInvalid(quantile) ? quantile : mean + deviation * quantile;
        }
    }
}

namespace Slipway.Models.Rows.Distributions;

/// <summary>The χ² distribution.</summary>
internal static class ChiSquare
{
    private const int MostTerms = 100_000;
    private const double Tiny = 1e-300;

    /// <summary>The probability of a smaller value: the regularized incomplete gamma function P(n/2, x/2).</summary>
    /// <param name="x">Not negative.</param>
    /// <param name="degrees">n, at least 1.</param>
    public static double Cumulative(double x, int degrees)
    {
        if (!(x > 0)) return double.IsNaN(x) ? double.NaN : 0;
        if (double.IsPositiveInfinity(x)) return 1;
        var (a, z) = (degrees / 2.0, x / 2);
        var scale = Math.Exp((a * Math.Log(z)) - z - LogGamma(degrees));
        return z < a + 1 ? scale * Series(a, z) : 1 - (scale * Fraction(a, z));
    }

    /// <summary>Σ zⁱ / (a (a+1) … (a+i)).</summary>
    private static double Series(double a, double z)
    {
        var term = 1 / a;
        var sum = term;
        for (var i = 1; i < MostTerms && term > sum * 1e-17; i++) sum += term *= z / (a + i);
        return sum;
    }

    /// <summary>1/(z+1−a− 1·(1−a)/(z+3−a− …)), by Lentz's method.</summary>
    private static double Fraction(double a, double z)
    {
        var b = z + 1 - a;
        var (c, d) = (1 / Tiny, 1 / b);
        var fraction = d;
        for (var i = 1; i < MostTerms; i++)
        {
            var numerator = i * (a - i);
            b += 2;
            d = 1 / AwayFromZero((numerator * d) + b);
            c = AwayFromZero(b + (numerator / c));
            var factor = c * d;
            fraction *= factor;
            if (Math.Abs(factor - 1) < 1e-16) break;
        }
        return fraction;
    }

    private static double AwayFromZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>ln Γ(n/2).</summary>
    private static double LogGamma(int degrees)
    {
        var half = degrees / 2;
        return degrees % 2 == 0 ? Factorials.Log(half - 1) : Factorials.Log(2.0 * half) - (half * Math.Log(4)) - Factorials.Log(half) + (0.5 * Math.Log(Math.PI));
    }
}

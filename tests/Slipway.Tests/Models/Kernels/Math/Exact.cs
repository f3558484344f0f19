namespace Slipway.Tests.Models.Kernels;

/// <summary>Functions in float64 without cancellation, for arguments that are float32 numbers.</summary>
internal static class Exact
{
    public static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    public static double ExpM1(double x) => x == 0 ? x : Math.Abs(x) > 0.3 ? Math.Exp(x) - 1 : SeriesOfExpM1(x);

    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    public static double Silu(double x) => x < -1000 ? -0.0 : x * Sigmoid(x);

    public static double Mish(double x) => x < -1000 ? -0.0 : x * Math.Tanh(Softplus(x));

    public static double Gelu(double x) => x < -100 ? -0.0 : x * NormalDistribution(x);

    public static double GeluTanh(double x) => x < -100 ? -0.0 : x > 100 ? x : x * Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)));

    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) > 3) return x > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;
        // DLMF 7.6.2: all terms positive.
        double term = x, sum = x;
        for (var n = 1; n < 200 && term != 0; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>Complementary error function of a positive number: DLMF 7.9.1, the continued fraction from its end.</summary>
    public static double Erfc(double x)
    {
        if (x < 2) return 1 - Erf(x);
        var fraction = x;
        for (var n = 160; n > 0; n--) fraction = x + (n / 2.0 / fraction);
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }

    private static double NormalDistribution(double x)
    {
        var t = Math.Abs(x) / Math.Sqrt(2);
        return x < 0 ? t < 2 ? 0.5 - (0.5 * Erf(t)) : 0.5 * Erfc(t) : 0.5 + (0.5 * Erf(t));
    }

    private static double SeriesOfExpM1(double x)
    {
        double term = x, sum = 0;
        for (var n = 2; n < 30 && term != 0; n++)
        {
            sum += term;
            term *= x / n;
        }
        return sum;
    }
}

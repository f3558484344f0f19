namespace Slipway.Models.Graph;

/// <summary>Real functions of ai.onnx that the framework's <see cref="Math"/> does not have.</summary>
internal static class RealFunctions
{
    private const double TwoBySqrtPi = 1.1283791670955125738961589031215451716881012586580;
    private const double SqrtHalf = 0.70710678118654752440084436210484903928483593768847;

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) is var e ? e / (1 + e) : x;

    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    public static double Softsign(double x) => x / (1 + Math.Abs(x));

    public static double Mish(double x) => x * Math.Tanh(Softplus(x));

    public static double Swish(double x, double alpha) => x * Sigmoid(alpha * x);

    public static double Gelu(double x) => 0.5 * x * (1 + Erf(x * SqrtHalf));

    public static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(0.79788456080286535587989211986876 * (x + 0.044715 * x * x * x)));

    public static double Elu(double x, double alpha) => x < 0 ? alpha * ExpMinusOne(x) : x;

    public static double Celu(double x, double alpha) => Math.Max(x, 0) + Math.Min(0, alpha * ExpMinusOne(x / alpha));

    public static double HardSigmoid(double x, double alpha, double beta) => Math.Max(0, Math.Min(1, alpha * x + beta));

    /// <summary>
    /// The error function: its series of positive terms near 0, the continued fraction of its complement far from it
    /// (Abramowitz and Stegun, 7.1.6 and 7.1.14). Relative error below 1e-14.
    /// </summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        var size = Math.Abs(x);
        if (size >= 6) return Math.Sign(x);
        if (size < 2.5)
        {
            var square = size * size;
            double term = size, sum = size;
            for (var n = 1; n < 100 && term > sum * 1e-17; n++)
            {
                term *= 2 * square / (2 * n + 1);
                sum += term;
            }
            return Math.CopySign(TwoBySqrtPi * Math.Exp(-square) * sum, x);
        }
        var fraction = 0.0;
        for (var n = 60; n > 0; n--) fraction = n / 2.0 / (size + fraction);
        return Math.CopySign(1 - Math.Exp(-size * size) * TwoBySqrtPi / 2 / (size + fraction), x);
    }

    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        var e = Math.Exp(x);
        if (e == 1) return x;
        return e - 1 == -1 ? -1 : (e - 1) * x / Math.Log(e);
    }

    public static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }
}

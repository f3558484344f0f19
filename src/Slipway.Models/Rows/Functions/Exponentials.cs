namespace Slipway.Models.Rows.Functions;

/// <summary>Exponential and logarithm near 0 and 1 without the loss of digits that the plain formulas have.</summary>
internal static class Exponentials
{
    /// <summary>eˣ - 1.</summary>
    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) < 1e-5) return x + x * x * (0.5 + x * (1.0 / 6));
        if (Math.Abs(x) > 1) return Math.Exp(x) - 1;
        // sinh is accurate near 0, and eˣ - 1 = 2 sinh(x/2) e^(x/2).
        return 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);
    }

    /// <summary>ln(1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        if (Math.Abs(x) < 1e-5) return x - x * x * (0.5 - x * (1.0 / 3));
        var sum = 1 + x;
        if (double.IsInfinity(sum) || !(sum > 0)) return Math.Log(sum);
        // What the rounding of 1 + x lost, taken up to first order.
        return Math.Log(sum) + (x - (sum - 1)) / sum;
    }
}

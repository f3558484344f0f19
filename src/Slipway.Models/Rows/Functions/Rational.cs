namespace Slipway.Models.Rows.Functions;

/// <summary>Quotients of polynomials, by Horner's rule.</summary>
internal static class Rational
{
    /// <param name="x">Where.</param>
    /// <param name="numerator">Coefficients, the highest power first.</param>
    /// <param name="denominator">Coefficients, the highest power first.</param>
    public static double At(double x, ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator) => Polynomial(x, numerator) / Polynomial(x, denominator);

    /// <summary>e to the power of -x², of which x² is split so that its rounding does not show in the last digits.</summary>
    /// <param name="x">The root of the exponent.</param>
    /// <param name="half">Of the exponent: e to the power of -x²/2.</param>
    public static double Gaussian(double x, bool half)
    {
        var scale = half ? 0.5 : 1;
        var coarse = Math.Truncate(x * 16) / 16;
        return Math.Exp(-coarse * coarse * scale) * Math.Exp(-(x - coarse) * (x + coarse) * scale);
    }

    private static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        var result = 0.0;
        foreach (var coefficient in coefficients) result = result * x + coefficient;
        return result;
    }
}

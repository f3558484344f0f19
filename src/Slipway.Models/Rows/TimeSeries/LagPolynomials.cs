using System.Collections.Immutable;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>A coefficient of a polynomial in the backshift operator.</summary>
internal readonly record struct LagTerm(int Lag, double Coefficient);

/// <summary>Polynomials in the backshift operator by their coefficients, that of B⁰ first.</summary>
internal static class LagPolynomials
{
    public static double[] Multiply(double[] left, double[] right)
    {
        var product = new double[left.Length + right.Length - 1];
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == 0) continue;
            for (var j = 0; j < right.Length; j++) product[i + j] += left[i] * right[j];
        }
        return product;
    }

    /// <summary>1 + sign·(c₁Bˢ + c₂B²ˢ + …).</summary>
    public static double[] Of(ReadOnlySpan<double> coefficients, int spacing, int sign)
    {
        var polynomial = new double[(coefficients.Length * spacing) + 1];
        polynomial[0] = 1;
        for (var i = 0; i < coefficients.Length; i++) polynomial[(i + 1) * spacing] = sign * coefficients[i];
        return polynomial;
    }

    /// <summary>(1 − Bˢ)ⁿ.</summary>
    public static double[] Difference(int spacing, int times)
    {
        double[] polynomial = [1];
        for (var i = 0; i < times; i++) polynomial = Multiply(polynomial, Of([1], spacing, -1));
        return polynomial;
    }

    /// <summary>All but the leading coefficient, as far as they are not 0.</summary>
    public static ImmutableArray<LagTerm> Terms(double[] polynomial) =>
        [.. Enumerable.Range(1, polynomial.Length - 1).Where(lag => polynomial[lag] != 0).Select(lag => new LagTerm(lag, polynomial[lag]))];

    /// <summary>The polynomial of a series from where it can first look back so far: what differences make of it.</summary>
    public static double[] Apply(double[] polynomial, ReadOnlySpan<double> series)
    {
        var applied = new double[Math.Max(0, series.Length - polynomial.Length + 1)];
        for (var at = 0; at < applied.Length; at++)
        {
            for (var lag = 0; lag < polynomial.Length; lag++) applied[at] += polynomial[lag] * series[at + polynomial.Length - 1 - lag];
        }
        return applied;
    }

    /// <summary>ψ(B) = right side / left side: what an error of 1 has left in the value so many steps later, itself first.</summary>
    /// <param name="left">Without the leading 1; <paramref name="right"/> likewise.</param>
    public static double[] Responses(ImmutableArray<LagTerm> left, ImmutableArray<LagTerm> right, int steps)
    {
        var psi = new double[steps];
        if (steps > 0) psi[0] = 1;
        foreach (var (lag, coefficient) in right)
        {
            if (lag < steps) psi[lag] = coefficient;
        }
        for (var step = 1; step < steps; step++)
        {
            foreach (var (lag, coefficient) in left) psi[step] -= lag <= step ? coefficient * psi[step - lag] : 0;
        }
        return psi;
    }
}

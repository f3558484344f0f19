using System.Collections.Immutable;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>
/// A seasonal ARIMA model, φ(B)Φ(Bˢ)((1−B)ᵈ(1−Bˢ)ᴰ y − μ) = θ(B)Θ(Bˢ) a, multiplied out, so that it forecasts the series itself: a value is a weighted sum of
/// values and errors before it, and future errors are 0.
/// </summary>
/// <param name="autoregression">The whole left side, differences and all, without the leading 1.</param>
/// <param name="movingAverage">The right side, without the leading 1.</param>
/// <param name="constant">What is added in every step: μ·φ(1)Φ(1).</param>
/// <param name="history">The series, oldest first; as many values as the longest lag at least.</param>
/// <param name="shocks">What the errors of the series still add to the first steps, one number for each (see <see cref="PastErrors"/>).</param>
/// <param name="variance">Of an error; <see cref="Cell.Missing"/> when it is not known.</param>
internal sealed class ArimaForecaster(
    ImmutableArray<LagTerm> autoregression, ImmutableArray<LagTerm> movingAverage, double constant, double[] history, double[] shocks, double variance) : Forecaster
{
    public override bool HasVariance => !Cell.IsMissing(variance);

    public override long WorkPerStep => 1 + (2 * autoregression.Length) + movingAverage.Length;

    /// <summary>An error is still in the values after it.</summary>
    public bool HasMemory => !autoregression.IsEmpty || !movingAverage.IsEmpty;

    public override void Forecast(Span<double> means, Span<double> variances)
    {
        for (var step = 0; step < means.Length; step++)
        {
            var value = constant;
            foreach (var (lag, coefficient) in autoregression) value -= coefficient * (lag <= step ? means[step - lag] : history[^(lag - step)]);
            means[step] = step < shocks.Length ? value + shocks[step] : value;
        }
        if (variances.IsEmpty) return;
        var psi = Responses(variances.Length);
        double sum = 0;
        for (var step = 0; step < psi.Length; step++) variances[step] = variance * (sum += psi[step] * psi[step]);
    }

    /// <inheritdoc cref="LagPolynomials.Responses"/>
    public double[] Responses(int steps) => LagPolynomials.Responses(autoregression, movingAverage, steps);
}

/// <summary>The errors of a series that an ARMA recursion leaves, and what they do later.</summary>
internal static class PastErrors
{
    /// <summary>The errors that the formulas give when those before the first value that can be explained count as 0 (conditional least squares).</summary>
    /// <param name="first">The first of them that is an error and not a 0.</param>
    public static double[] Find(ImmutableArray<LagTerm> autoregression, ImmutableArray<LagTerm> movingAverage, double constant, double[] history, out int first)
    {
        var errors = new double[history.Length];
        first = autoregression.IsEmpty ? 0 : autoregression.Max(t => t.Lag);
        for (var at = first; at < errors.Length; at++)
        {
            var error = history[at] - constant;
            foreach (var (lag, coefficient) in autoregression) error += coefficient * history[at - lag];
            foreach (var (lag, coefficient) in movingAverage)
            {
                if (lag <= at) error -= coefficient * errors[at - lag];
            }
            errors[at] = error;
        }
        return errors;
    }

    /// <summary>What the errors add to every step that they reach.</summary>
    /// <param name="errors">The last ones, oldest first; those before them count as 0.</param>
    public static double[] Shocks(ImmutableArray<LagTerm> movingAverage, double[] errors)
    {
        var shocks = new double[movingAverage.IsEmpty ? 0 : movingAverage.Max(t => t.Lag)];
        foreach (var (lag, coefficient) in movingAverage)
        {
            for (var step = Math.Max(0, lag - errors.Length); step < lag; step++) shocks[step] += coefficient * errors[^(lag - step)];
        }
        return shocks;
    }
}

using System.Collections.Immutable;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>A coefficient of a polynomial in the backshift operator.</summary>
internal readonly record struct LagTerm(int Lag, double Coefficient);

/// <summary>
/// A seasonal ARIMA model, φ(B)Φ(Bˢ)((1−B)ᵈ(1−Bˢ)ᴰ y − μ) = θ(B)Θ(Bˢ) a, multiplied out, so that it forecasts the series itself: a value is a weighted sum of
/// values and errors before it, and future errors are 0.
/// </summary>
internal sealed class ArimaForecaster : Forecaster
{
    private readonly ImmutableArray<LagTerm> _autoregression;
    private readonly ImmutableArray<LagTerm> _movingAverage;
    private readonly double _constant;
    private readonly double[] _history;
    private readonly double[] _errors;
    private readonly double _variance;

    /// <param name="autoregression">The whole left side, differences and all, without the leading 1.</param>
    /// <param name="movingAverage">The right side, without the leading 1.</param>
    /// <param name="constant">What is added in every step: μ·φ(1)Φ(1).</param>
    /// <param name="history">The series, oldest first; as many values as the longest lag at least.</param>
    /// <param name="errors">The last errors, oldest first; null when they are to be found from the history, those before it counting as 0.</param>
    /// <param name="variance">Of an error; <see cref="Cell.Missing"/> when it is not known.</param>
    public ArimaForecaster(
        ImmutableArray<LagTerm> autoregression, ImmutableArray<LagTerm> movingAverage, double constant, double[] history, double[]? errors, double variance)
    {
        (_autoregression, _movingAverage, _constant, _history, _variance) = (autoregression, movingAverage, constant, history, variance);
        _errors = errors ?? Errors();
    }

    public override bool HasVariance => !Cell.IsMissing(_variance);

    public override long WorkPerStep => 1 + (2 * _autoregression.Length) + _movingAverage.Length;

    public override void Forecast(Span<double> means, Span<double> variances)
    {
        for (var step = 0; step < means.Length; step++)
        {
            var value = _constant;
            foreach (var (lag, coefficient) in _autoregression) value -= coefficient * (lag <= step ? means[step - lag] : _history[^(lag - step)]);
            foreach (var (lag, coefficient) in _movingAverage)
            {
                if (lag > step && lag - step <= _errors.Length) value += coefficient * _errors[^(lag - step)];
            }
            means[step] = value;
        }
        if (!variances.IsEmpty) Spread(variances);
    }

    /// <summary>A forecast's error is the sum of the errors since, weighted by ψ(B) = right side / left side.</summary>
    private void Spread(Span<double> variances)
    {
        var psi = new double[variances.Length];
        double sum = 0;
        for (var step = 0; step < psi.Length; step++)
        {
            var weight = step == 0 ? 1.0 : 0;
            foreach (var (lag, coefficient) in _movingAverage) weight += lag == step ? coefficient : 0;
            foreach (var (lag, coefficient) in _autoregression) weight -= lag <= step ? coefficient * psi[step - lag] : 0;
            psi[step] = weight;
            variances[step] = _variance * (sum += weight * weight);
        }
    }

    private double[] Errors()
    {
        var errors = new double[_history.Length];
        var first = _autoregression.IsEmpty ? 0 : _autoregression.Max(t => t.Lag);
        for (var at = first; at < errors.Length; at++)
        {
            var error = _history[at] - _constant;
            foreach (var (lag, coefficient) in _autoregression) error += coefficient * _history[at - lag];
            foreach (var (lag, coefficient) in _movingAverage)
            {
                if (lag <= at) error -= coefficient * errors[at - lag];
            }
            errors[at] = error;
        }
        return errors;
    }
}

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
}

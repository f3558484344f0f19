using System.Numerics.Tensors;

namespace Slipway.Models.Rows.TimeSeries;

/// <summary>The covariances of a state space model, row by row.</summary>
/// <param name="State">Of the state at the last value of the series.</param>
/// <param name="Disturbance">Of what a step adds to the state.</param>
/// <param name="Observation">The variance of what is added to an observation.</param>
/// <param name="Scale">All the others are given in units of it.</param>
internal sealed record StateCovariances(double[] State, double[] Disturbance, double Observation, double Scale);

/// <summary>A linear state space model: x ← T x + c, y = Z x + d.</summary>
/// <param name="state">At the first forecast.</param>
/// <param name="transition">T, row by row.</param>
/// <param name="measurement">Z, one row.</param>
/// <param name="drift">c.</param>
/// <param name="intercept">d.</param>
internal sealed class StateSpaceForecaster(double[] state, double[] transition, double[] measurement, double[] drift, double intercept, StateCovariances? covariances) : Forecaster
{
    public override bool HasVariance => covariances is not null;

    public override long WorkPerStep => (long)state.Length * state.Length * (covariances is null ? 1 : 2 * state.Length);

    public override void Forecast(Span<double> means, Span<double> variances)
    {
        var (current, next) = ((double[])state.Clone(), new double[state.Length]);
        for (var step = 0; step < means.Length; step++)
        {
            means[step] = TensorPrimitives.Dot<double>(measurement, current) + intercept;
            for (var i = 0; i < next.Length; i++) next[i] = TensorPrimitives.Dot(Row(transition, i), current) + drift[i];
            (current, next) = (next, current);
        }
        if (!variances.IsEmpty) Spread(variances, covariances!);
    }

    /// <summary>P ← T P Tᵀ + V, and Z P Zᵀ + H is the variance of the observation.</summary>
    private void Spread(Span<double> variances, StateCovariances of)
    {
        var size = state.Length;
        var (covariance, product) = ((double[])of.State.Clone(), new double[size * size]);
        for (var step = 0; step < variances.Length; step++)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++) product[(i * size) + j] = TensorPrimitives.Dot(Row(transition, i), Row(covariance, j));
            }
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++) covariance[(i * size) + j] = TensorPrimitives.Dot(Row(product, i), Row(transition, j)) + of.Disturbance[(i * size) + j];
            }
            var variance = of.Observation;
            for (var i = 0; i < size; i++) variance += measurement[i] * TensorPrimitives.Dot<double>(Row(covariance, i), measurement);
            variances[step] = variance * of.Scale;
        }
    }

    private ReadOnlySpan<double> Row(double[] matrix, int row) => matrix.AsSpan(row * state.Length, state.Length);
}

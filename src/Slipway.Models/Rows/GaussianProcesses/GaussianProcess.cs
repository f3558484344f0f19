using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Rows.GaussianProcesses;

/// <summary>
/// The posterior of a Gaussian process of mean 0 at a point, given noisy values at others: its mean kᵀ (K + σ²I)⁻¹ y and, when asked for, its standard
/// deviation √(k(x, x) − kᵀ (K + σ²I)⁻¹ k + σ²), which is that of a new noisy value (PMML 4.4.1, Gaussian Process).
/// </summary>
internal sealed class GaussianProcess : RowModel
{
    private readonly VectorInput _input;
    private readonly CovarianceKernel _kernel;
    private readonly VectorSet _points;
    private readonly CholeskyFactor _factor;
    private readonly double[] _weights;
    private readonly double _priorVariance;
    private readonly int _slot;

    /// <param name="points">The training points, scaled.</param>
    /// <param name="factor">Of K + σ²I.</param>
    /// <param name="weights">(K + σ²I)⁻¹ y</param>
    /// <param name="noise">σ²</param>
    /// <param name="slot">The first of as many slots as <paramref name="points"/> has, padded.</param>
    public GaussianProcess(ModelResult result, VectorInput input, CovarianceKernel kernel, VectorSet points, CholeskyFactor factor, double[] weights, double noise, int slot) : base(result)
    {
        (_input, _kernel, _points, _factor, _weights, _slot) = (input, kernel, points, factor, weights, slot);
        _priorVariance = kernel.Gamma + noise;
    }

    public override void Score(in Row row)
    {
        if (!_input.TryGather(row))
        {
            Result.Clear(row);
            return;
        }
        var point = _input.Values(row);
        _kernel.Scale(point);
        _kernel.Evaluate(_points, point, row.Cells.Slice(_slot, _points.PaddedCount));
        var covariances = row.Cells.Slice(_slot, _points.Count);
        row[Result.Predicted] = Cell.Number(CholeskyFactor.Dot(covariances, _weights));
        if (Result.StandardDeviation < 0) return;
        _factor.SolveLower(covariances);
        row[Result.StandardDeviation] = Math.Sqrt(Math.Max(0, _priorVariance - CholeskyFactor.Dot(covariances, covariances)));
    }
}

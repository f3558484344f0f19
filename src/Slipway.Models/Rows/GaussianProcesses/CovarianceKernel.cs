using System.Collections.Immutable;
using Slipway.Models.Rows.VectorMachines;

namespace Slipway.Models.Rows.GaussianProcesses;

internal enum CovarianceKind : byte
{
    /// <summary>γ exp(−½ Σ (|xᵢ − zᵢ| / λᵢ)²): the radial basis function when all λ are the same.</summary>
    SquaredExponential,

    /// <summary>γ exp(−Σ |xᵢ − zᵢ| / λᵢ)</summary>
    AbsoluteExponential,

    /// <summary>γ exp(−Σ (|xᵢ − zᵢ| / λᵢ)ᵈ)</summary>
    GeneralizedExponential,
}

/// <summary>The covariance of a function's values at two points (PMML 4.4.1, Gaussian Process: kernel types).</summary>
/// <param name="Gamma">The variance of the function.</param>
/// <param name="Lambda">The length scale of each element of a point.</param>
internal sealed record CovarianceKernel(CovarianceKind Kind, double Gamma, ImmutableArray<double> Lambda, double Degree)
{
    /// <summary>Measures a point in length scales, as the other methods expect it.</summary>
    public void Scale(Span<double> point)
    {
        for (var i = 0; i < point.Length; i++) point[i] /= Lambda[i];
    }

    /// <summary>With all of a set of scaled points.</summary>
    /// <param name="values">As many as <see cref="VectorSet.PaddedCount"/>; those after the set's count mean nothing.</param>
    public void Evaluate(VectorSet points, ReadOnlySpan<double> point, Span<double> values)
    {
        if (Kind == CovarianceKind.SquaredExponential) points.SquaredDistances(point, values);
        else points.AbsoluteDistances(point, Kind == CovarianceKind.AbsoluteExponential ? 1 : Degree, values);
        var factor = Kind == CovarianceKind.SquaredExponential ? -0.5 : -1;
        foreach (ref var value in values[..points.Count]) value = Gamma * Math.Exp(factor * value);
    }
}

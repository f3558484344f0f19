using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>What is added to a linear predictor, or what a mean is multiplied with: a field, or the same for every row.</summary>
internal readonly struct RowNumber(RowExpression? field, double constant)
{
    /// <returns>Missing when the field is.</returns>
    public double Evaluate(in Row row) => field is null ? constant : field.Evaluate(row);
}

/// <summary>A linear predictor through the inverse of a link: mean = trials · g⁻¹(x·β + offset).</summary>
/// <param name="covariances">Of the estimates, row by row; empty when the file gives none. From it the standard error of the linear predictor: √(xᵀ C x).</param>
internal sealed class GeneralizedLinearRegression(
    ModelResult result, DesignVector design, ImmutableArray<Estimate> estimates, InverseLink link, RowNumber offset, RowNumber trials, ImmutableArray<double> covariances) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var (added, factor) = (offset.Evaluate(row), trials.Evaluate(row));
        if (Cell.IsMissing(added) || Cell.IsMissing(factor) || !design.TryEvaluate(row))
        {
            Result.Clear(row);
            return;
        }
        var values = design.Values(row);
        row[Result.Predicted] = Cell.Number(link.Of(Estimates.Sum(estimates, values) + added) * factor);
        if (Result.StandardError >= 0) row[Result.StandardError] = StandardError(values);
    }

    private double StandardError(ReadOnlySpan<double> values)
    {
        double variance = 0;
        for (var i = 0; i < estimates.Length; i++)
        {
            for (var j = 0; j < estimates.Length; j++)
            {
                variance += values[estimates[i].Term] * covariances[(i * estimates.Length) + j] * values[estimates[j].Term];
            }
        }
        return Math.Sqrt(variance);
    }
}

using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Rows.Baselines;

/// <summary>The values that a baseline counts, and how often.</summary>
/// <param name="Expected">By bin; the last bin takes the values that have none of their own.</param>
/// <param name="Sample">How many values it was made from, when they are shares.</param>
internal sealed record CountBaseline(CellMap Bins, double[] Expected, double? Sample)
{
    public int Find(double cell) => Cell.IsMissing(cell) ? -1 : (int)Bins.Find(cell, Expected.Length - 1);
}

/// <summary>
/// The probability that two samples of one distribution differ less than the rows and the baseline do: χ² = Σ (p − q)² / (var p + var q), where p and q are the
/// shares of a value in either, with one degree of freedom less than there are values. No result before a row was counted.
/// </summary>
internal sealed class ChiSquareDistribution(ModelResult result, RowExpression value, CountBaseline baseline, CountWindow window) : RowModel(result)
{
    private readonly double _total = baseline.Expected.Sum();

    public override void Score(in Row row)
    {
        var observed = window.Add(row, baseline.Find(value.Evaluate(row)));
        double sum = 0;
        foreach (var count in observed) sum += count;
        var (statistic, degrees) = (0.0, -1);
        for (var bin = 0; bin < observed.Length && sum > 0; bin++)
        {
            if (baseline.Expected[bin] == 0 && observed[bin] == 0) continue;
            var (p, q) = (baseline.Expected[bin] / _total, observed[bin] / sum);
            statistic += (p - q) * (p - q) / ((p / (baseline.Sample ?? _total)) + (q / sum));
            degrees++;
        }
        row[Result.Predicted] = degrees > 0 ? ChiSquare.Cumulative(statistic, degrees) : Cell.Missing;
    }
}

/// <summary>What the scalar product is divided by.</summary>
internal enum ProductNormalization : byte
{
    None,

    /// <summary>By both lengths: the cosine of the angle.</summary>
    Independent,

    /// <summary>By the mean of the squared lengths.</summary>
    SizeWeighted,
}

/// <summary>The scalar product of the counts of the rows and of the baseline. No result before a row was counted.</summary>
internal sealed class ScalarProduct(ModelResult result, RowExpression value, CountBaseline baseline, CountWindow window, ProductNormalization normalization) : RowModel(result)
{
    private readonly double _square = baseline.Expected.Sum(e => e * e);

    public override void Score(in Row row)
    {
        var observed = window.Add(row, baseline.Find(value.Evaluate(row)));
        double product = 0, square = 0;
        for (var bin = 0; bin < observed.Length; bin++)
        {
            product += observed[bin] * baseline.Expected[bin];
            square += observed[bin] * observed[bin];
        }
        var divisor = normalization switch
        {
            ProductNormalization.Independent => Math.Sqrt(_square) * Math.Sqrt(square),
            ProductNormalization.SizeWeighted => (_square + square) / 2,
            _ => 1,
        };
        row[Result.Predicted] = square > 0 ? product / divisor : Cell.Missing;
    }
}

using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Rows.Baselines;

/// <summary>How many standard deviations a number is from the mean of its baseline.</summary>
internal sealed class ZValue(ModelResult result, RowExpression value, Distribution baseline) : RowModel(result)
{
    private readonly double _deviation = Math.Sqrt(baseline.Variance);

    public override void Score(in Row row)
    {
        var cell = value.Evaluate(row);
        row[Result.Predicted] = Cell.IsMissing(cell) ? cell : (cell - baseline.Mean) / _deviation;
    }
}

/// <summary>
/// The first step of a cumulative sum (CUSUM): the logarithm of how much likelier a number is under the alternative than under the baseline,
/// or the reset value when that is greater. Infinite where only one of them is possible, missing where neither is.
/// </summary>
internal sealed class LogOdds(ModelResult result, RowExpression value, Distribution baseline, Distribution alternate, double resetValue) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var cell = value.Evaluate(row);
        var odds = Cell.IsMissing(cell) ? double.NaN : alternate.LogDensity(cell) - baseline.LogDensity(cell);
        row[Result.Predicted] = double.IsNaN(odds) ? Cell.Missing : Math.Max(odds, resetValue);
    }
}

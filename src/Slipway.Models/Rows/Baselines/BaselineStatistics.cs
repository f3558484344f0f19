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
/// Page's cumulative sum of a sequence of rows: Z = max(reset, Z before + g), where g is the logarithm of how much likelier the number is under the alternative
/// than under the baseline. A row without a number, or with one that neither allows, has no score and adds nothing.
/// </summary>
/// <param name="window">The sum begins anew so many rows before; 0 for the first row.</param>
/// <param name="firstSlot">Slots that live from row to row: one for the sum; or one for the number of rows, then one for the g of each row of the window.</param>
internal sealed class CumulativeSum(
    ModelResult result, RowExpression value, Distribution baseline, Distribution alternate, double resetValue, int window, int firstSlot) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var cell = value.Evaluate(row);
        var odds = Cell.IsMissing(cell) ? double.NaN : alternate.LogDensity(cell) - baseline.LogDensity(cell);
        row[Result.Predicted] = double.IsNaN(odds) ? Cell.Missing : window == 0 ? Add(row, odds) : AddToWindow(row, odds);
    }

    private double Add(in Row row, double odds)
    {
        ref var sum = ref row[firstSlot];
        return sum = Math.Max(resetValue, (Cell.IsMissing(sum) ? 0 : sum) + odds);
    }

    private double AddToWindow(in Row row, double odds)
    {
        ref var rows = ref row[firstSlot];
        if (Cell.IsMissing(rows)) rows = 0;
        var kept = row.Cells.Slice(firstSlot + 1, window);
        kept[(int)(rows % window)] = odds;
        rows++;
        double sum = 0;
        for (var i = Math.Max(0, rows - window); i < rows; i++) sum = Math.Max(resetValue, sum + kept[(int)(i % window)]);
        return sum;
    }
}

namespace Slipway.Models.Rows.Transformations;

/// <summary>A number on the line through points; before the first and behind the last the line goes on, stops, or has no value.</summary>
/// <param name="from">Ascending, at least two.</param>
/// <param name="to">One for each.</param>
/// <param name="missing">The value for a missing number.</param>
internal sealed class PiecewiseLinearExpression(RowExpression number, double[] from, double[] to, OutlierTreatment outliers, double missing) : RowExpression(CellType.Float64)
{
    public override double Evaluate(in Row row)
    {
        var value = number.Evaluate(row);
        if (Cell.IsMissing(value)) return missing;
        if (outliers != OutlierTreatment.Keep && !(value >= from[0] && value <= from[^1]))
        {
            if (double.IsNaN(value) || outliers == OutlierTreatment.AsMissing) return outliers == OutlierTreatment.AsMissing ? missing : double.NaN;
            return value < from[0] ? to[0] : to[^1];
        }
        var start = Start(value);
        var width = from[start + 1] - from[start];
        return width == 0 ? to[start + 1] : Cell.Number(to[start] + ((value - from[start]) / width * (to[start + 1] - to[start])));
    }

    /// <summary>The last point that is not behind the value, and never the very last.</summary>
    private int Start(double value)
    {
        var (low, high) = (0, from.Length - 2);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (from[middle] <= value) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}

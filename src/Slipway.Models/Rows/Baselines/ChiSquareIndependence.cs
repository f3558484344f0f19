using System.Collections.Immutable;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Rows.Baselines;

/// <summary>A field of a contingency table.</summary>
/// <param name="Values">Their numbers, from 0.</param>
/// <param name="Scratch">A slot for each value.</param>
internal sealed record TableDimension(RowExpression Value, CellMap Values, int Count, int Scratch);

/// <summary>
/// Pearson's test of whether some fields are independent of each other in the rows: the probability that independent ones give a smaller χ². Values that did not
/// come up do not count; there is no result before two of every field did. Rows with a value that the table does not have are left out.
/// </summary>
/// <param name="before">What was counted before the first row, by cell; the last field's values are neighbours.</param>
internal sealed class ChiSquareIndependence(ModelResult result, ImmutableArray<TableDimension> dimensions, double[] before, CountWindow window) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var counts = window.Add(row, FindCell(row));
        foreach (var dimension in dimensions) row.Cells.Slice(dimension.Scratch, dimension.Count).Clear();
        Span<int> at = stackalloc int[dimensions.Length];
        at.Clear();
        double total = 0;
        for (var cell = 0; cell < counts.Length; cell++, Advance(at))
        {
            var count = before[cell] + counts[cell];
            total += count;
            for (var d = 0; d < at.Length; d++) row[dimensions[d].Scratch + at[d]] += count;
        }
        var (degrees, product) = (-1.0, 1.0);
        foreach (var dimension in dimensions)
        {
            var values = 0;
            foreach (var margin in row.Cells.Slice(dimension.Scratch, dimension.Count)) values += margin > 0 ? 1 : 0;
            product *= values;
            degrees -= values - 1;
        }
        degrees += product;
        row[Result.Predicted] = degrees > 0 ? ChiSquare.Cumulative(Statistic(row, counts, total, at), (int)degrees) : Cell.Missing;
    }

    private double Statistic(in Row row, ReadOnlySpan<double> counts, double total, Span<int> at)
    {
        double statistic = 0;
        for (var cell = 0; cell < counts.Length; cell++, Advance(at))
        {
            var expected = total;
            for (var d = 0; d < at.Length; d++) expected *= row[dimensions[d].Scratch + at[d]] / total;
            if (!(expected > 0)) continue;
            var difference = before[cell] + counts[cell] - expected;
            statistic += difference * difference / expected;
        }
        return statistic;
    }

    /// <summary>Goes to the next cell; after the last one to the first.</summary>
    private void Advance(Span<int> at)
    {
        for (var d = at.Length - 1; d >= 0; d--)
        {
            if (++at[d] < dimensions[d].Count) return;
            at[d] = 0;
        }
    }

    private int FindCell(in Row row)
    {
        var cell = 0;
        foreach (var dimension in dimensions)
        {
            var value = dimension.Value.Evaluate(row);
            var index = Cell.IsMissing(value) ? -1 : (int)dimension.Values.Find(value, -1);
            if (index < 0) return -1;
            cell = (cell * dimension.Count) + index;
        }
        return cell;
    }
}

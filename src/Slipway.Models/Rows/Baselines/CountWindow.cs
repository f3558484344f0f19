using Slipway.Core;

namespace Slipway.Models.Rows.Baselines;

/// <summary>How often each of some bins came up in the rows so far, or in the last ones: in slots that live from row to row.</summary>
internal sealed class CountWindow
{
    private readonly int _bins;
    private readonly int _window;
    private readonly RowExpression? _weight;
    private readonly string _weightName;
    private readonly int _counts;

    /// <summary>How many rows were counted; missing before the first.</summary>
    private readonly int _rows;
    private readonly int _kept;

    /// <param name="window">Only so many rows count, the last ones; 0 for all.</param>
    /// <param name="weight">What a row counts; null for 1.</param>
    public CountWindow(int bins, int window, RowExpression? weight, string weightName, ProgramBuilder program)
    {
        (_bins, _window, _weight, _weightName) = (bins, window, weight, weightName);
        _counts = program.Slots(bins);
        _rows = program.Slot();
        _kept = program.Slots(2 * window);
        program.KeepOrder();
    }

    /// <summary>Counts the row, and gives all counts.</summary>
    /// <param name="bin">Of the row; negative when it has none: it is not counted. Nor is a row without a weight.</param>
    /// <exception cref="RecordException">The weight is negative, or no number.</exception>
    public ReadOnlySpan<double> Add(in Row row, int bin)
    {
        var counts = row.Cells.Slice(_counts, _bins);
        ref var rows = ref row[_rows];
        if (Cell.IsMissing(rows))
        {
            rows = 0;
            counts.Clear();
        }
        var weight = bin < 0 ? Cell.Missing : _weight is null ? 1 : _weight.Evaluate(row);
        if (Cell.IsMissing(weight)) return counts;
        if (!(weight >= 0 && double.IsFinite(weight))) throw new RecordException($"the field '{_weightName}' is {weight:R}: a row counts a finite number of times, and not less than 0");
        if (_window == 0) counts[bin] += weight;
        else Keep(row, bin, weight, counts);
        return counts;
    }

    /// <summary>Adds the window up anew, so that nothing is left of weights that were rounded.</summary>
    private void Keep(in Row row, int bin, double weight, Span<double> counts)
    {
        ref var rows = ref row[_rows];
        var kept = row.Cells.Slice(_kept, 2 * _window);
        var at = 2 * (int)(rows % _window);
        (kept[at], kept[at + 1]) = (bin, weight);
        rows++;
        counts.Clear();
        var length = (int)Math.Min(rows, _window);
        for (var i = 0; i < length; i++) counts[(int)kept[2 * i]] += kept[(2 * i) + 1];
    }
}

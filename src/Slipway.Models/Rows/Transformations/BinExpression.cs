namespace Slipway.Models.Rows.Transformations;

/// <summary>A bin: the numbers of an interval have this value.</summary>
internal readonly record struct Bin(Interval Interval, double Value);

/// <summary>The value of the bin that a number is in: a binary search, however many bins there are.</summary>
internal sealed class BinExpression : RowExpression
{
    private readonly RowExpression _number;
    private readonly double _otherwise;
    private readonly double _missing;

    /// <summary>Where bins begin or end, ascending.</summary>
    private readonly double[] _margins;

    /// <summary>The value before the first margin, on it, between it and the next, on that, …</summary>
    private readonly double[] _values;

    /// <param name="bins">Where several overlap, the last counts.</param>
    /// <param name="otherwise">The value of a number in no bin.</param>
    /// <param name="missing">The value for a missing number.</param>
    public BinExpression(RowExpression number, CellType type, ReadOnlySpan<Bin> bins, double otherwise, double missing) : base(type)
    {
        _number = number;
        _otherwise = otherwise;
        _missing = missing;
        _margins = Margins(bins);
        _values = Paint(bins);
    }

    public override double Evaluate(in Row row)
    {
        var number = _number.Evaluate(row);
        if (!double.IsNaN(number)) return _values[Region(number)];
        return Cell.IsMissing(number) ? _missing : _otherwise;
    }

    private static double[] Margins(ReadOnlySpan<Bin> bins)
    {
        var margins = new List<double>(bins.Length * 2);
        foreach (var bin in bins)
        {
            if (double.IsFinite(bin.Interval.Low)) margins.Add(bin.Interval.Low);
            if (double.IsFinite(bin.Interval.High)) margins.Add(bin.Interval.High);
        }
        margins.Sort();
        return [.. margins.Distinct()];
    }

    /// <summary>From the last bin to the first, each over the regions that have no value yet; painted ones are jumped over.</summary>
    private double[] Paint(ReadOnlySpan<Bin> bins)
    {
        var values = new double[(_margins.Length * 2) + 1];
        values.AsSpan().Fill(_otherwise);
        var next = new int[values.Length + 1];
        for (var i = 0; i < next.Length; i++) next[i] = i;
        for (var i = bins.Length - 1; i >= 0; i--)
        {
            var interval = bins[i].Interval;
            var first = double.IsNegativeInfinity(interval.Low) ? 0 : Region(interval.Low) + (interval.LowClosed ? 0 : 1);
            var last = double.IsPositiveInfinity(interval.High) ? values.Length - 1 : Region(interval.High) - (interval.HighClosed ? 0 : 1);
            for (var region = Unpainted(next, first); region <= last; region = Unpainted(next, region))
            {
                values[region] = bins[i].Value;
                next[region] = region + 1;
            }
        }
        return values;
    }

    private static int Unpainted(int[] next, int region)
    {
        while (next[region] != region) region = next[region] = next[next[region]];
        return region;
    }

    /// <summary>Odd on a margin, even between margins.</summary>
    private int Region(double number)
    {
        var (low, high) = (0, _margins.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_margins[middle] < number) low = middle + 1;
            else high = middle;
        }
        return low < _margins.Length && _margins[low] == number ? (low * 2) + 1 : low * 2;
    }
}

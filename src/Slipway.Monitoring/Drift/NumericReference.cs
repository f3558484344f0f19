using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Monitoring.Drift;

/// <summary>
/// A numeric column in bins between quantiles of the reference. Equal quantiles (many rows with one value) make fewer, fuller bins.
/// The outer bins are open, so what lies beyond the reference counts there; missing values have a bin of their own.
/// </summary>
internal sealed class NumericReference : ReferenceColumn
{
    private readonly double[] _edges;
    private readonly int[] _counts;
    private readonly ImmutableArray<string> _labels;

    /// <param name="sorted">The values that are not missing, ascending.</param>
    public NumericReference(string name, int rows, double[] sorted, int bins) : base(name, rows)
    {
        var edges = new List<double>(bins);
        for (var k = 1; k < bins; k++)
        {
            var edge = sorted[(int)Math.Ceiling((double)k * sorted.Length / bins) - 1];
            if (edges.Count == 0 || edge > edges[^1]) edges.Add(edge);
        }
        _edges = [.. edges];
        _counts = Count(sorted, rows);
        var labels = ImmutableArray.CreateBuilder<string>(_counts.Length);
        labels.Add($"≤ {Text(_edges[0])}");
        for (var i = 1; i < _edges.Length; i++) labels.Add($"{Text(_edges[i - 1])} to {Text(_edges[i])}");
        labels.Add($"> {Text(_edges[^1])}");
        labels.Add(Missing);
        _labels = labels.DrainToImmutable();
    }

    public override BinCounts? Count(Tensor? current)
    {
        if (current is { Type: ElementType.Bytes }) return null;
        return new BinCounts(_labels, _counts, current is null ? new int[_counts.Length] : Count(Present(current), current.Rows), _edges.Length + 1);
    }

    /// <summary>The values that are neither missing nor NaN.</summary>
    public static double[] Present(Tensor column)
    {
        var values = new double[column.Count];
        column.CopyTo<double>(values);
        return Array.FindAll(values, v => !double.IsNaN(v));
    }

    private int[] Count(double[] present, int rows)
    {
        var counts = new int[_edges.Length + 2];
        foreach (var value in present)
        {
            var at = Array.BinarySearch(_edges, value);
            counts[at < 0 ? ~at : at]++;
        }
        counts[^1] = rows - present.Length;
        return counts;
    }

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows.Comparisons;

/// <summary>Sums of differences between one number and a column of many. Multiplication and addition stay separate, so that every machine gets the same sums.</summary>
internal static class Differences
{
    /// <summary>sums[i] += weight · (x − column[i])².</summary>
    public static void AddSquares(double x, ReadOnlySpan<double> column, double weight, Span<double> sums)
    {
        var columns = MemoryMarshal.Cast<double, Vector<double>>(column);
        var totals = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var (row, factor) = (new Vector<double>(x), new Vector<double>(weight));
        for (var i = 0; i < totals.Length; i++)
        {
            var difference = row - columns[i];
            totals[i] += factor * (difference * difference);
        }
        for (var i = totals.Length * Vector<double>.Count; i < sums.Length; i++)
        {
            var difference = x - column[i];
            sums[i] += weight * (difference * difference);
        }
    }

    /// <summary>sums[i] += weight · |x − column[i]|.</summary>
    public static void AddAbsolutes(double x, ReadOnlySpan<double> column, double weight, Span<double> sums)
    {
        var columns = MemoryMarshal.Cast<double, Vector<double>>(column);
        var totals = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var (row, factor) = (new Vector<double>(x), new Vector<double>(weight));
        for (var i = 0; i < totals.Length; i++) totals[i] += factor * Vector.Abs(row - columns[i]);
        for (var i = totals.Length * Vector<double>.Count; i < sums.Length; i++) sums[i] += weight * Math.Abs(x - column[i]);
    }
}

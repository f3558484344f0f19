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

    /// <summary>The same for four columns, which are added in their order: the sums are read and written once.</summary>
    public static void AddSquares(
        ReadOnlySpan<double> x, ReadOnlySpan<double> column0, ReadOnlySpan<double> column1, ReadOnlySpan<double> column2, ReadOnlySpan<double> column3, ReadOnlySpan<double> weights,
        Span<double> sums)
    {
        var columns0 = MemoryMarshal.Cast<double, Vector<double>>(column0);
        var columns1 = MemoryMarshal.Cast<double, Vector<double>>(column1);
        var columns2 = MemoryMarshal.Cast<double, Vector<double>>(column2);
        var columns3 = MemoryMarshal.Cast<double, Vector<double>>(column3);
        var totals = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var (row0, row1, row2, row3) = (new Vector<double>(x[0]), new Vector<double>(x[1]), new Vector<double>(x[2]), new Vector<double>(x[3]));
        var (factor0, factor1, factor2, factor3) = (new Vector<double>(weights[0]), new Vector<double>(weights[1]), new Vector<double>(weights[2]), new Vector<double>(weights[3]));
        for (var i = 0; i < totals.Length; i++)
        {
            var (d0, d1, d2, d3) = (row0 - columns0[i], row1 - columns1[i], row2 - columns2[i], row3 - columns3[i]);
            totals[i] = totals[i] + (factor0 * (d0 * d0)) + (factor1 * (d1 * d1)) + (factor2 * (d2 * d2)) + (factor3 * (d3 * d3));
        }
        for (var i = totals.Length * Vector<double>.Count; i < sums.Length; i++)
        {
            var (d0, d1, d2, d3) = (x[0] - column0[i], x[1] - column1[i], x[2] - column2[i], x[3] - column3[i]);
            sums[i] = sums[i] + (weights[0] * (d0 * d0)) + (weights[1] * (d1 * d1)) + (weights[2] * (d2 * d2)) + (weights[3] * (d3 * d3));
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

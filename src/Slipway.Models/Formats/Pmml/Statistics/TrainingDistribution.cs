using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Statistics;

/// <summary>
/// Columns whose values are distributed as a file's statistics say: what drift is measured against when a package brings no rows of its own.
/// Fields of which only a mean or quartiles are known are left out: any rows made of those would differ from the real ones.
/// </summary>
internal static class TrainingDistribution
{
    /// <summary>Steps of the distribution that a quantile column must give.</summary>
    private const int MinQuantiles = 10;
    private const int MaxRows = 10_000;

    /// <summary>The fields that can be compared.</summary>
    public static IEnumerable<UnivariateStats> Comparable(ImmutableArray<UnivariateStats> stats) =>
        stats.Where(s => s.Frequencies.Any(f => f > 0) || s.Quantiles.Length >= MinQuantiles);

    /// <returns>One column <c>[rows]</c> a field; null when no field can be compared. The caller disposes them.</returns>
    public static Batch? Rows(ImmutableArray<UnivariateStats> stats)
    {
        var fields = Comparable(stats).ToArray();
        if (fields.Length == 0) return null;
        var rows = (int)Math.Clamp(fields.Max(f => f.Total > 0 ? f.Total : f.Frequencies.Sum()), 100, MaxRows);
        var batch = new Batch();
        foreach (var field in fields) batch.Add(field.Values.IsEmpty ? Numbers(field, rows) : Texts(field, rows));
        return batch;
    }

    private static Tensor Texts(UnivariateStats field, int rows)
    {
        var texts = new string?[rows];
        Fill(field, rows, (row, bin, _) => texts[row] = field.Values[bin]);
        return Tensor.OfText(field.Field, texts);
    }

    private static Tensor Numbers(UnivariateStats field, int rows)
    {
        var column = new Tensor(field.Field, ElementType.Float64, rows);
        var present = rows - MissingRows(field, rows);
        for (var row = present; row < rows; row++) column.SetMissing(row);
        if (field.Intervals.IsEmpty)
        {
            for (var row = 0; row < present; row++) column.Values<double>()[row] = Quantile(field.Quantiles, (row + 0.5) / present);
            return column;
        }
        Fill(field, rows, (row, bin, share) => column.Values<double>()[row] = Within(field.Intervals[bin], share));
        return column;
    }

    /// <summary>Gives every row its bin, in proportion to the frequencies, and its place in the bin (0…1).</summary>
    private static void Fill(UnivariateStats field, int rows, Action<int, int, double> fill)
    {
        var (present, all) = (rows - MissingRows(field, rows), field.Frequencies.Sum());
        double before = 0;
        for (int bin = 0, row = 0; bin < field.Frequencies.Length; before += field.Frequencies[bin++])
        {
            var (first, after) = (row, (before + field.Frequencies[bin]) / all * present);
            var count = (int)Math.Round(after) - first;
            for (; row < first + count; row++) fill(row, bin, (row - first + 0.5) / count);
        }
    }

    private static int MissingRows(UnivariateStats field, int rows) =>
        field.Total > 0 ? (int)Math.Round(Math.Clamp(field.Missing / field.Total, 0, 1) * rows) : 0;

    /// <summary>Where an interval has no end, its other one.</summary>
    private static double Within(Interval interval, double share) =>
        double.IsInfinity(interval.Low) ? interval.High : double.IsInfinity(interval.High) ? interval.Low : interval.Low + ((interval.High - interval.Low) * share);

    private static double Quantile(ImmutableArray<(double Share, double Limit)> quantiles, double share)
    {
        for (var i = 1; i < quantiles.Length; i++)
        {
            var (low, high) = (quantiles[i - 1], quantiles[i]);
            if (share <= high.Share && high.Share > low.Share) return low.Limit + ((high.Limit - low.Limit) * Math.Max(0, share - low.Share) / (high.Share - low.Share));
        }
        return quantiles[^1].Limit;
    }
}

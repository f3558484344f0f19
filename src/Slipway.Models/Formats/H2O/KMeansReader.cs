using System.Globalization;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>K-means: the number of the nearest centre.</summary>
internal static class KMeansReader
{
    public static MojoModel Read(MojoInfo info, MojoHeader header)
    {
        var (clusters, columns) = (info.Int("center_num"), header.Features);
        var centers = new List<double[]>();
        for (var c = 0; c < clusters; c++)
        {
            var center = info.Doubles($"center_{c}");
            if (center.Length != columns) throw info.Fault($"center_{c}", $"{columns} numbers, one for each column,");
            centers.Add(center);
        }
        if (centers.Count == 0) throw info.Fault("center_num", "at least 1");
        Standardization? standardization = null;
        if (info.Bool("standardize", false))
        {
            var (means, factors, modes) = (info.Doubles("standardize_means"), info.Doubles("standardize_mults"), info.Ints("standardize_modes"));
            if (means.Length != columns) throw info.Fault("standardize_means", $"{columns} numbers");
            if (modes.Length != columns) throw info.Fault("standardize_modes", $"{columns} numbers");
            if (factors.Length != columns && factors.Length > 0) throw info.Fault("standardize_mults", $"{columns} numbers");
            standardization = new Standardization(means, factors, modes);
        }
        return new MojoModel(header)
        {
            Kernel = new KMeansKernel(header, [.. centers], standardization),
            Function = new NearestCluster(clusters),
            Facts = [new("clusters", clusters.ToString(CultureInfo.InvariantCulture))],
        };
    }
}

/// <param name="Modes">The levels that stand for missing ones; -1 at columns of numbers.</param>
internal sealed record Standardization(double[] Means, double[] Factors, int[] Modes)
{
    public double Apply(double value, int column)
    {
        if (Modes[column] != -1) return double.IsNaN(value) ? Modes[column] : value;
        if (double.IsNaN(value)) value = Means[column];
        return Factors.Length == 0 ? value : (value - Means[column]) * Factors[column];
    }
}

/// <summary>Squared distances to the centres; a level that differs counts 1. Where values are missing, the sum of the others is scaled up.</summary>
internal sealed class KMeansKernel(MojoHeader header, double[][] centers, Standardization? standardization) : MarginKernel<double>(header.RowColumns.Length, centers.Length)
{
    private readonly bool[] _isCategorical = [.. Enumerable.Range(0, header.Features).Select(header.IsCategorical)];

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, _isCategorical.Length);
            for (var c = 0; c < centers.Length; c++) margins[(r * Outputs) + c] = Distance(row, centers[c]);
        }
    }

    private double Distance(ReadOnlySpan<double> row, double[] center)
    {
        var (sum, known) = (0.0, row.Length);
        for (var column = 0; column < row.Length; column++)
        {
            var value = standardization?.Apply(row[column], column) ?? row[column];
            if (double.IsNaN(value)) known--;
            else if (_isCategorical[column]) sum += value != center[column] ? 1 : 0;
            else sum += (value - center[column]) * (value - center[column]);
        }
        return known > 0 && known < row.Length ? sum * ((double)row.Length / known) : sum;
    }
}

/// <summary>The place of the smallest distance; of equals the first.</summary>
internal sealed class NearestCluster(int clusters) : MojoPredictions(clusters, 1)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var (nearest, distance) = (-1, double.MaxValue);
        for (var c = 0; c < margins.Length; c++)
        {
            if (margins[c] < distance) (nearest, distance) = (c, margins[c]);
        }
        predictions[0] = nearest;
    }
}

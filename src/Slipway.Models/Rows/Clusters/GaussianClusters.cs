using System.Collections.Immutable;
using Slipway.Models.Rows.Comparisons;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Rows.Clusters;

/// <summary>
/// Clusters that are normal distributions, weighted by their sizes: the affinity of a cluster is the probability that the row is from it, and the most
/// probable cluster is chosen. A row with a missing value has no cluster.
/// </summary>
/// <param name="firstSlot">Two slots for every value.</param>
/// <param name="ids">The clusters' names, as texts.</param>
internal sealed class GaussianClusters(ModelResult result, ImmutableArray<Gaussian> clusters, ImmutableArray<RowExpression> values, int firstSlot, double[] ids) : RowModel(result)
{
    private static readonly Measure Probability = new(MeasureKind.SquaredEuclidean, PrefersGreater: true);

    public override void Score(in Row row)
    {
        var point = row.Cells.Slice(firstSlot, values.Length);
        var scratch = row.Cells.Slice(firstSlot + values.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            point[i] = values[i].Evaluate(row);
            if (!Cell.IsMissing(point[i])) continue;
            Result.Clear(row);
            return;
        }
        var affinities = row.Cells.Slice(Result.Affinities, clusters.Length);
        for (var i = 0; i < clusters.Length; i++) affinities[i] = clusters[i].LogDensity(point, scratch);
        Normalizations.SoftMax(affinities);
        ClusterChoice.Write(Result, Probability, ids, row);
    }
}

using System.Collections.Immutable;
using Slipway.Models.Rows.Comparisons;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Rows.Clusters;

/// <summary>
/// Clusters whose fields are distributed independently of each other: the affinity of a cluster is the probability that the row is from it. A field without a value
/// says nothing; a row that has none, or that no cluster can have, has no cluster.
/// </summary>
/// <param name="profiles">For every cluster, of every field.</param>
/// <param name="logWeights">The logarithms of the clusters' sizes.</param>
/// <param name="firstValue">A slot for every field.</param>
/// <param name="ids">The clusters' names, as texts.</param>
internal sealed class ProbableClusters(
    ModelResult result, ImmutableArray<ComparedField> fields, FieldProfile[][] profiles, double[] logWeights, int firstValue, double[] ids) : RowModel(result)
{
    private static readonly Measure Probability = new(MeasureKind.SquaredEuclidean, PrefersGreater: true);

    public override void Score(in Row row)
    {
        var values = row.Cells.Slice(firstValue, fields.Length);
        var affinities = row.Cells.Slice(Result.Affinities, profiles.Length);
        var best = double.NegativeInfinity;
        if (ProfiledRow.Read(fields, row, values))
        {
            for (var c = 0; c < profiles.Length; c++)
            {
                var log = logWeights[c];
                for (var f = 0; f < values.Length; f++) log += Cell.IsMissing(values[f]) ? 0 : fields[f].Weight * profiles[c][f].LogDensity(values[f]);
                affinities[c] = log;
                best = Math.Max(best, log);
            }
        }
        if (!double.IsFinite(best))
        {
            Result.Clear(row);
            return;
        }
        Normalizations.SoftMax(affinities);
        ClusterChoice.Write(Result, Probability, ids, row);
    }
}

/// <summary>The cluster to whose records the row is most similar: every field is compared with all values of the cluster, and the mean counts.</summary>
/// <param name="profiles">For every cluster, of every field.</param>
/// <param name="missingWeights">How much each field counts for the adjustment when some are missing; all alike when empty.</param>
/// <param name="firstValue">A slot for every field.</param>
/// <param name="ids">The clusters' names, as texts.</param>
internal sealed class SimilarClusters(
    ModelResult result, Measure measure, ImmutableArray<ComparedField> fields, FieldProfile[][] profiles, ImmutableArray<double> missingWeights, int firstValue, double[] ids)
    : RowModel(result)
{
    public override void Score(in Row row)
    {
        var values = row.Cells.Slice(firstValue, fields.Length);
        if (!ProfiledRow.Read(fields, row, values))
        {
            Result.Clear(row);
            return;
        }
        var (all, present) = (0.0, 0.0);
        for (var f = 0; f < values.Length; f++)
        {
            var weight = missingWeights.IsEmpty ? 1 : missingWeights[f];
            all += weight;
            if (!Cell.IsMissing(values[f])) present += weight;
        }
        var affinities = row.Cells.Slice(Result.Affinities, profiles.Length);
        for (var c = 0; c < profiles.Length; c++)
        {
            double sum = 0;
            for (var f = 0; f < values.Length; f++)
            {
                if (!Cell.IsMissing(values[f])) sum = measure.Add(sum, fields[f].Weight, profiles[c][f].MeanComparison(fields[f], values[f]));
            }
            affinities[c] = measure.Finish(sum * (all / present));
        }
        ClusterChoice.Write(Result, measure, ids, row);
    }
}

internal static class ProfiledRow
{
    /// <returns>False when no field has a value.</returns>
    public static bool Read(ImmutableArray<ComparedField> fields, in Row row, Span<double> values)
    {
        var any = false;
        for (var f = 0; f < values.Length; f++)
        {
            values[f] = fields[f].Value.Evaluate(row);
            any |= !Cell.IsMissing(values[f]);
        }
        return any;
    }
}

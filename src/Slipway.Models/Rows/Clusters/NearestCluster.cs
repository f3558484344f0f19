using Slipway.Models.Rows.Comparisons;

namespace Slipway.Models.Rows.Clusters;

/// <summary>
/// The cluster whose centre is nearest, or most similar; the first of equals. The result has the affinity of every cluster, and the best ones in
/// order when it has ranks; without any value there is no cluster.
/// </summary>
/// <param name="result">Its categories are the clusters, of the centres in <paramref name="centers"/>.</param>
/// <param name="ids">The clusters' names, as texts.</param>
internal sealed class NearestCluster(ModelResult result, PointComparison centers, double[] ids) : RowModel(result)
{
    public override void Score(in Row row)
    {
        if (!centers.TryRead(row, out var adjustment))
        {
            Result.Clear(row);
            return;
        }
        var affinities = row.Cells.Slice(Result.Affinities, centers.Count);
        centers.Compare(row, adjustment, 0, affinities);
        ClusterChoice.Write(Result, centers.Measure, ids, row);
    }
}

/// <summary>Which cluster is chosen by the affinities of all.</summary>
internal static class ClusterChoice
{
    /// <summary>Writes everything of the result but the affinities, which are there.</summary>
    public static void Write(ModelResult result, Measure measure, double[] ids, in Row row)
    {
        Span<double> affinity = stackalloc double[1];
        Span<double> cluster = stackalloc double[1];
        var ranks = result.RankCount > 0;
        if (ranks)
        {
            affinity = row.Cells.Slice(result.RankedAffinities, result.RankCount);
            cluster = row.Cells.Slice(result.RankedEntityIds, result.RankCount);
        }
        var ranking = new Ranking(measure, affinity, cluster);
        ranking.Offer(0, row.Cells.Slice(result.Affinities, ids.Length));
        if (ranking.Count == 0)
        {
            result.Clear(row);
            return;
        }
        row[result.Predicted] = result.Categories[(int)cluster[0]];
        row[result.EntityId] = ids[(int)cluster[0]];
        if (!ranks) return;
        for (var i = 0; i < ranking.Count; i++) cluster[i] = ids[(int)cluster[i]];
        affinity[ranking.Count..].Fill(Cell.Missing);
        cluster[ranking.Count..].Fill(Cell.Missing);
    }
}

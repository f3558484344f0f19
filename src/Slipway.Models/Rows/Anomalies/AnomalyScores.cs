namespace Slipway.Models.Rows.Anomalies;

/// <summary>
/// The score of an isolation forest, 2^(−path / c): near 1 where rows are isolated early, ½ at the average path length
/// (Liu, Ting, Zhou: Isolation Forest, 2008).
/// </summary>
/// <param name="forest">Leaves the average path length of its trees.</param>
internal sealed class IsolationScore(ModelResult result, RowModel forest, int sampleSize) : RowModel(result)
{
    private readonly double _averagePath = AveragePath(sampleSize);

    public override void Score(in Row row)
    {
        forest.Score(row);
        var path = row[forest.Result.Predicted];
        row[Result.Predicted] = Cell.IsMissing(path) ? path : Math.Pow(2, -(path / _averagePath));
    }

    public override void Clear(in Row row)
    {
        base.Clear(row);
        forest.Clear(row);
    }

    /// <summary>Of an unsuccessful search in a binary tree of so many records: 2·H(n − 1) − 2·(n − 1) / n, with H(i) ≈ ln i + 0.57721566, as the standard has it.</summary>
    /// <param name="sampleSize">At least 2, where H is exactly 1.</param>
    public static double AveragePath(int sampleSize) =>
        sampleSize == 2 ? 1 : (2 * (Math.Log(sampleSize - 1) + 0.57721566)) - (2.0 * (sampleSize - 1) / sampleSize);
}

/// <summary>How far a row is from its cluster, as a multiple of the cluster's mean distance.</summary>
/// <param name="clusters">Leaves the affinity of every cluster.</param>
/// <param name="meanDistances">Of every cluster.</param>
internal sealed class ClusterDistanceScore(ModelResult result, RowModel clusters, double[] meanDistances) : RowModel(result)
{
    public override void Score(in Row row)
    {
        clusters.Score(row);
        var cluster = clusters.Result.Categories.IndexOf(row[clusters.Result.Predicted]);
        row[Result.Predicted] = cluster < 0 ? Cell.Missing : row[clusters.Result.Affinities + cluster] / meanDistances[cluster];
    }

    public override void Clear(in Row row)
    {
        base.Clear(row);
        clusters.Clear(row);
    }
}

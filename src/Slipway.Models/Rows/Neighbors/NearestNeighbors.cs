using System.Collections.Immutable;
using Slipway.Models.Rows.Comparisons;

namespace Slipway.Models.Rows.Neighbors;

/// <summary>
/// The training instances nearest to the row, and what they say about the targets. Instances are scanned block by block; of equally near ones
/// the earlier count. A row without any value has no neighbours.
/// </summary>
/// <param name="results">One for each target; all have the same ranks.</param>
/// <param name="neighbors">How many neighbours vote.</param>
/// <param name="votes">For each target; empty when nothing is predicted.</param>
/// <param name="ids">The instances' names, as texts.</param>
internal sealed class NearestNeighbors(
    ImmutableArray<ModelResult> results, PointComparison instances, int neighbors, ImmutableArray<NeighborVote> votes, double[] ids) : RowModel(results)
{
    public override void Score(in Row row)
    {
        if (!instances.TryRead(row, out var adjustment))
        {
            foreach (var result in Results) result.Clear(row);
            return;
        }
        var affinities = row.Cells.Slice(Result.RankedAffinities, Result.RankCount);
        var points = row.Cells.Slice(Result.RankedEntityIds, Result.RankCount);
        var ranking = new Ranking(instances.Measure, affinities, points);
        Span<double> block = stackalloc double[PointComparison.Block];
        for (var first = 0; first < instances.Count; first += block.Length)
        {
            var compared = block[..Math.Min(block.Length, instances.Count - first)];
            instances.Compare(row, adjustment, first, compared);
            ranking.Offer(first, compared);
        }
        var voting = Math.Min(neighbors, ranking.Count);
        foreach (var vote in votes) vote.Decide(row, points[..voting], affinities[..voting]);
        for (var i = 0; i < ranking.Count; i++) points[i] = ids[(int)points[i]];
        affinities[ranking.Count..].Fill(Cell.Missing);
        points[ranking.Count..].Fill(Cell.Missing);
    }
}

/// <summary>Makes one prediction of the neighbours.</summary>
internal abstract class NeighborVote(ModelResult result)
{
    /// <summary>Where the prediction goes.</summary>
    public ModelResult Result { get; } = result;

    /// <param name="neighbors">The numbers of the instances, nearest first.</param>
    /// <param name="affinities">How far or similar they are.</param>
    public abstract void Decide(in Row row, ReadOnlySpan<double> neighbors, ReadOnlySpan<double> affinities);
}

/// <summary>How much a neighbour counts.</summary>
/// <param name="Threshold">Added to a distance, of which the weight is the inverse.</param>
internal readonly record struct NeighborWeight(bool IsWeighted, bool IsSimilarity, double Threshold)
{
    public double Of(double affinity) => !IsWeighted ? 1 : IsSimilarity ? affinity : 1 / (affinity + Threshold);
}

/// <summary>The weighted mean of the neighbours' numbers.</summary>
internal sealed class MeanVote(ModelResult result, double[] values, NeighborWeight weight) : NeighborVote(result)
{
    public override void Decide(in Row row, ReadOnlySpan<double> neighbors, ReadOnlySpan<double> affinities)
    {
        double sum = 0, weights = 0;
        for (var i = 0; i < neighbors.Length; i++)
        {
            var share = weight.Of(affinities[i]);
            sum += values[(int)neighbors[i]] * share;
            weights += share;
        }
        row[Result.Predicted] = weights == 0 ? Cell.Missing : sum / weights;
    }
}

/// <summary>The number in the middle of the neighbours', or the mean of the two there.</summary>
/// <param name="firstSlot">As many slots as there are neighbours.</param>
internal sealed class MedianVote(ModelResult result, double[] values, int firstSlot) : NeighborVote(result)
{
    public override void Decide(in Row row, ReadOnlySpan<double> neighbors, ReadOnlySpan<double> affinities)
    {
        if (neighbors.IsEmpty)
        {
            row[Result.Predicted] = Cell.Missing;
            return;
        }
        var sorted = row.Cells.Slice(firstSlot, neighbors.Length);
        for (var i = 0; i < neighbors.Length; i++) sorted[i] = values[(int)neighbors[i]];
        sorted.Sort();
        var middle = sorted.Length / 2;
        row[Result.Predicted] = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>The category with the most votes; of equals the one that <paramref name="precedence"/> puts first. Its probability is its share of the votes.</summary>
/// <param name="categories">For every instance, the index of its category in the result.</param>
/// <param name="precedence">For every category, its place among equals.</param>
internal sealed class CategoryVote(ModelResult result, int[] categories, int[] precedence, NeighborWeight weight) : NeighborVote(result)
{
    public override void Decide(in Row row, ReadOnlySpan<double> neighbors, ReadOnlySpan<double> affinities)
    {
        var votes = row.Cells.Slice(Result.Probabilities, precedence.Length);
        votes.Clear();
        double total = 0;
        for (var i = 0; i < neighbors.Length; i++)
        {
            var share = weight.Of(affinities[i]);
            votes[categories[(int)neighbors[i]]] += share;
            total += share;
        }
        if (total == 0)
        {
            Result.Clear(row);
            return;
        }
        var best = 0;
        for (var i = 1; i < votes.Length; i++)
        {
            if (votes[i] > votes[best] || (votes[i] == votes[best] && precedence[i] < precedence[best])) best = i;
        }
        foreach (ref var vote in votes) vote /= total;
        row[Result.Predicted] = Result.Categories[best];
    }
}

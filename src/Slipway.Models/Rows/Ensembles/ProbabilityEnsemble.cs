using System.Collections.Immutable;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Rows.Ensembles;

internal enum ProbabilityMethod : byte
{
    Average,
    WeightedAverage,

    /// <summary>The mean of the members that give the highest probability of all.</summary>
    Max,

    /// <summary>The mean of the members whose probability of the best category is the median.</summary>
    Median,
}

/// <summary>Probabilities of many classifiers as one; the most probable category wins, the first of equals.</summary>
/// <param name="sources">For each member and category of the result: the slot of the member's probability, or -1.</param>
/// <param name="scratch">As many slots as members, for medians; -1 for other methods.</param>
internal sealed class ProbabilityEnsemble(
    ModelResult result, ImmutableArray<EnsembleMember> members, ImmutableArray<ImmutableArray<int>> sources, ProbabilityMethod method,
    MissingPrediction treatment, double missingThreshold, bool isFloat, int scratch) : EnsembleModel([result], members)
{
    public override void Score(in Row row)
    {
        var probabilities = row.Cells.Slice(Result.Probabilities, Result.Categories.Length);
        probabilities.Clear();
        var share = new MissingShare(missingThreshold);
        double weights = 0;
        for (var i = 0; i < Members.Length; i++)
        {
            var member = Members[i];
            if (!member.TryScore(row)) continue;
            var isMissing = Cell.IsMissing(row[member.Model.Result.Predicted]);
            var weight = method == ProbabilityMethod.WeightedAverage ? member.Weight(row) : 1;
            share.Count(weight, isMissing);
            if (isMissing)
            {
                if (treatment == MissingPrediction.SkipSegment) continue;
                Finish(i + 1, treatment, row);
                Result.Clear(row);
                return;
            }
            Add(row, sources[i], weight, probabilities);
            weights += weight;
        }
        if (weights == 0 || share.IsTooLarge)
        {
            Result.Clear(row);
            return;
        }
        if (method is ProbabilityMethod.Max or ProbabilityMethod.Median) Choose(row, probabilities);
        else Divide(probabilities, weights);
        row[Result.Predicted] = Result.Categories[Winner.Of(probabilities)];
    }

    private void Add(in Row row, ImmutableArray<int> from, double weight, Span<double> to)
    {
        for (var c = 0; c < to.Length; c++)
        {
            if (from[c] < 0) continue;
            var value = row[from[c]];
            if (isFloat) to[c] = (float)to[c] + (weight == 1 ? (float)value : (float)value * (float)weight);
            else to[c] += weight == 1 ? value : value * weight;
        }
    }

    private void Divide(Span<double> values, double by)
    {
        foreach (ref var value in values) value = isFloat ? (float)value / (float)by : value / by;
    }

    private void Choose(in Row row, Span<double> probabilities)
    {
        var (category, best) = (0, double.NegativeInfinity);
        for (var c = 0; c < probabilities.Length; c++)
        {
            var value = method == ProbabilityMethod.Max ? Max(row, c) : Median(row, c);
            if (value > best) (category, best) = (c, value);
        }
        probabilities.Clear();
        double chosen = 0;
        for (var pass = 0; pass < 2 && chosen == 0; pass++)
        {
            for (var i = 0; i < Members.Length; i++)
            {
                if (!HasAnswer(row, i) || (pass == 0 && row[sources[i][category]] != best)) continue;
                Add(row, sources[i], 1, probabilities);
                chosen++;
            }
        }
        Divide(probabilities, chosen);
    }

    private double Max(in Row row, int category)
    {
        var max = double.NegativeInfinity;
        for (var i = 0; i < Members.Length; i++)
        {
            if (HasAnswer(row, i)) max = Math.Max(max, row[sources[i][category]]);
        }
        return max;
    }

    private double Median(in Row row, int category)
    {
        var count = 0;
        for (var i = 0; i < Members.Length; i++)
        {
            if (HasAnswer(row, i)) row[scratch + count++] = row[sources[i][category]];
        }
        return Medians.Median(row.Cells.Slice(scratch, count));
    }

    private bool HasAnswer(in Row row, int member) =>
        Members[member].TakesPart(row) && !Cell.IsMissing(row[Members[member].Model.Result.Predicted]);
}

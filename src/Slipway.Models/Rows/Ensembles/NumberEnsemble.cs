using System.Collections.Immutable;

namespace Slipway.Models.Rows.Ensembles;

internal enum NumberMethod : byte
{
    Sum,
    WeightedSum,
    Average,
    WeightedAverage,
    Median,
    WeightedMedian,
    Max,
}

/// <summary>Numbers of many models as one.</summary>
/// <param name="start">What a sum begins with.</param>
/// <param name="scratch">The first of two slots per member, for medians; -1 for other methods.</param>
internal sealed class NumberEnsemble(
    ModelResult result, ImmutableArray<EnsembleMember> members, NumberMethod method, MissingPrediction treatment, double missingThreshold, bool isFloat, double start, int scratch) : EnsembleModel([result], members)
{
    private readonly bool _weighted = method is NumberMethod.WeightedSum or NumberMethod.WeightedAverage or NumberMethod.WeightedMedian;

    public override void Score(in Row row)
    {
        var share = new MissingShare(missingThreshold);
        double sum = start, weights = 0, max = double.NegativeInfinity;
        var count = 0;
        for (var i = 0; i < Members.Length; i++)
        {
            var member = Members[i];
            if (!member.TryScore(row)) continue;
            var value = row[member.Model.Result.Predicted];
            var weight = _weighted ? member.Weight(row) : 1;
            share.Count(weight, Cell.IsMissing(value));
            if (Cell.IsMissing(value))
            {
                if (treatment == MissingPrediction.SkipSegment) continue;
                Finish(i + 1, treatment, row);
                row[Result.Predicted] = Cell.Missing;
                return;
            }
            if (isFloat)
            {
                sum = (float)sum + (weight == 1 ? (float)value : (float)value * (float)weight);
                weights = (float)weights + (float)weight;
            }
            else
            {
                sum += weight == 1 ? value : value * weight;
                weights += weight;
            }
            max = Math.Max(max, value);
            if (scratch >= 0)
            {
                row[scratch + count] = value;
                row[scratch + Members.Length + count] = weight;
            }
            count++;
        }
        row[Result.Predicted] = count == 0 || share.IsTooLarge ? Cell.Missing : method switch
        {
            NumberMethod.Sum or NumberMethod.WeightedSum => sum,
            NumberMethod.Average or NumberMethod.WeightedAverage => isFloat ? (float)sum / (float)weights : sum / weights,
            NumberMethod.Max => max,
            NumberMethod.Median => Medians.Median(row.Cells.Slice(scratch, count)),
            _ => Medians.WeightedMedian(row.Cells.Slice(scratch, count), row.Cells.Slice(scratch + Members.Length, count)),
        };
    }
}

internal static class Medians
{
    /// <summary>The middle value, or the mean of the two middle ones. Sorts the values.</summary>
    public static double Median(Span<double> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>The first value, in ascending order, at which half of the weight is reached. Sorts the values.</summary>
    public static double WeightedMedian(Span<double> values, Span<double> weights)
    {
        double all = 0;
        foreach (var weight in weights) all += weight;
        values.Sort(weights);
        double reached = 0;
        for (var i = 0; i < values.Length; i++)
        {
            reached += weights[i];
            if (reached >= all / 2) return values[i];
        }
        return values[^1];
    }
}

using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Rows.Scorecards;

/// <summary>One range of a characteristic and what it is worth.</summary>
/// <param name="PartialScore">Counts when <paramref name="Complex"/> is null.</param>
/// <param name="Complex">Computes the score from the row.</param>
/// <param name="ReasonCode">An index into the scorecard's reason codes; -1 for none.</param>
internal sealed record ScoreAttribute(RowPredicate Predicate, double PartialScore, RowExpression? Complex, int ReasonCode);

/// <summary>A property of the scored thing; the first attribute that holds gives its points.</summary>
/// <param name="Baseline">The points that its points are compared with to explain a score.</param>
internal sealed record ScoreCharacteristic(string Name, double Baseline, ImmutableArray<ScoreAttribute> Attributes)
{
    private readonly AttributeIndex? _index = AttributeIndex.TryMake(Attributes);

    /// <exception cref="RecordException">No attribute holds.</exception>
    public ScoreAttribute Find(in Row row)
    {
        var found = _index?.Find(row) ?? -2;
        if (found >= 0) return Attributes[found];
        if (found == -2)
        {
            foreach (var attribute in Attributes)
            {
                if (attribute.Predicate.Evaluate(row) == Truth.True) return attribute;
            }
        }
        throw new RecordException($"characteristic '{Name}': none of its {Attributes.Length} attributes holds for this record, so there is no score");
    }
}

/// <summary>Adds up the points of its characteristics (PMML 4.4.1, Scorecard).</summary>
internal sealed class AdditiveScorecard(ModelResult result, double initial, ImmutableArray<ScoreCharacteristic> characteristics, ReasonCodeRanking? reasons, bool isFloat)
    : RowModel(result)
{
    public override void Score(in Row row)
    {
        var score = isFloat ? (float)initial : initial;
        reasons?.Begin(row);
        foreach (var characteristic in characteristics)
        {
            var attribute = characteristic.Find(row);
            var partial = attribute.Complex is null ? attribute.PartialScore : attribute.Complex.Evaluate(row);
            if (Cell.IsMissing(partial))
            {
                Result.Clear(row);
                return;
            }
            score = isFloat ? (float)score + (float)partial : score + partial;
            reasons?.Add(row, attribute.ReasonCode, partial - characteristic.Baseline);
        }
        reasons?.End(row, Result);
        row[Result.Predicted] = score;
    }
}

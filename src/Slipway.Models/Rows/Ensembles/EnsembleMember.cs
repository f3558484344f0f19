using System.Collections.Immutable;

namespace Slipway.Models.Rows.Ensembles;

/// <summary>What happens to an ensemble of which a member has no prediction (PMML 4.4.1, MiningModel: missingPredictionTreatment).</summary>
internal enum MissingPrediction : byte
{
    /// <summary>A missing vote counts as a vote for nothing; a missing number makes the result missing.</summary>
    Continue,
    SkipSegment,
    ReturnMissing,
}

/// <summary>A model of an ensemble: it takes part in a row when its condition is true.</summary>
/// <param name="VariableWeight">The weight in a row; null when it is <paramref name="FixedWeight"/>.</param>
internal sealed record EnsembleMember(RowPredicate Condition, RowModel Model, double FixedWeight, RowExpression? VariableWeight)
{
    public bool IsUnconditional => Condition is ConstantPredicate { Value: Truth.True };

    public bool TakesPart(in Row row) => Condition.Evaluate(row) == Truth.True;

    /// <summary>Scores a row that the member takes part in; else leaves no result of an earlier row behind.</summary>
    public bool TryScore(in Row row)
    {
        var takesPart = TakesPart(row);
        if (takesPart) Model.Score(row);
        else Model.Clear(row);
        return takesPart;
    }

    /// <summary>A missing weight is 0: the member has no say.</summary>
    public double Weight(in Row row)
    {
        if (VariableWeight is null) return FixedWeight;
        var weight = VariableWeight.Evaluate(row);
        return Cell.IsMissing(weight) ? 0 : weight;
    }
}

/// <summary>A model made of models.</summary>
internal abstract class EnsembleModel(ImmutableArray<ModelResult> results, ImmutableArray<EnsembleMember> members) : RowModel(results)
{
    protected ImmutableArray<EnsembleMember> Members { get; } = members;

    public override void Clear(in Row row)
    {
        base.Clear(row);
        ClearFrom(0, row);
    }

    protected void ClearFrom(int member, in Row row)
    {
        for (; member < Members.Length; member++) Members[member].Model.Clear(row);
    }

    /// <summary>
    /// What becomes of the members after the one that decided that there is no result: where that ends the scoring they have none,
    /// else they are scored, because outputs may be theirs.
    /// </summary>
    protected void Finish(int member, MissingPrediction treatment, in Row row)
    {
        if (treatment == MissingPrediction.ReturnMissing) ClearFrom(member, row);
        else for (; member < Members.Length; member++) Members[member].TryScore(row);
    }
}

/// <summary>
/// How much of an ensemble has no prediction. A member is counted when it has been scored, not before: its weight may be one of its own outputs.
/// </summary>
/// <param name="threshold">The greatest share with which there is a result.</param>
internal struct MissingShare(double threshold)
{
    private double _missing;
    private double _all;

    /// <summary>More of the ensemble than the threshold has no prediction.</summary>
    public readonly bool IsTooLarge => _missing / _all > threshold;

    /// <param name="weight">1 where the ensemble does not weigh its members.</param>
    public void Count(double weight, bool isMissing)
    {
        _all += weight;
        if (isMissing) _missing += weight;
    }
}

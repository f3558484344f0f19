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

    /// <summary>A missing weight is 0: the member has no say.</summary>
    public double Weight(in Row row)
    {
        if (VariableWeight is null) return FixedWeight;
        var weight = VariableWeight.Evaluate(row);
        return Cell.IsMissing(weight) ? 0 : weight;
    }
}

/// <summary>Counts how much of an ensemble, by weight, has no prediction.</summary>
internal ref struct MissingShare(ReadOnlySpan<EnsembleMember> members, double threshold)
{
    private readonly ReadOnlySpan<EnsembleMember> _members = members;
    private double _missing;

    /// <summary>Adds a member that has no prediction.</summary>
    /// <returns>True when too much of the ensemble has none.</returns>
    public bool Add(in Row row, EnsembleMember missing)
    {
        _missing += missing.Weight(row);
        double all = 0;
        foreach (var member in _members)
        {
            if (member.TakesPart(row)) all += member.Weight(row);
        }
        return _missing / all > threshold;
    }
}

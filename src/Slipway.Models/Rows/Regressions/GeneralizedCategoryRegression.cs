using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>How the linear predictors of a generalized model of categories become probabilities.</summary>
internal enum CategoryLink : byte
{
    /// <summary>exp of each, and 1 for the reference, made to sum to 1.</summary>
    Multinomial,

    /// <summary>Each is the link of a cumulative probability.</summary>
    Cumulative,

    /// <summary>Each is the link of a probability; the reference has what the one before it leaves.</summary>
    Separate,
}

/// <summary>Probabilities of categories from linear predictors for all but the last, which is the reference.</summary>
/// <param name="estimates">One list for each category but the last.</param>
internal sealed class GeneralizedCategoryRegression(
    ModelResult result, DesignVector design, ImmutableArray<ImmutableArray<Estimate>> estimates, CategoryLink kind, InverseLink link, RowNumber offset) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var added = offset.Evaluate(row);
        if (Cell.IsMissing(added) || !design.TryEvaluate(row))
        {
            Result.Clear(row);
            return;
        }
        var values = row.Cells.Slice(Result.Probabilities, Result.Categories.Length);
        var terms = design.Values(row);
        for (var i = 0; i < estimates.Length; i++) values[i] = Estimates.Sum(estimates[i], terms) + added;
        switch (kind)
        {
            case CategoryLink.Multinomial:
                values[^1] = 0;
                Normalizations.SoftMax(values);
                break;
            case CategoryLink.Cumulative:
                Cumulate(values);
                break;
            default:
                foreach (ref var value in values[..^1]) value = link.Of(value);
                values[^1] = 1 - values[^2];
                break;
        }
        row[Result.Predicted] = Result.Categories[Winner.Of(values)];
    }

    private void Cumulate(Span<double> values)
    {
        double before = 0;
        foreach (ref var value in values[..^1])
        {
            var cumulative = link.Of(value);
            value = cumulative - before;
            before = cumulative;
        }
        values[^1] = 1 - before;
    }
}

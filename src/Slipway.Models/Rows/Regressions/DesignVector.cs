using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>What a category counts in a term: 1 for one category (an indicator), or a row of a contrast matrix.</summary>
internal readonly struct Contrast(RowExpression value, CellMap weights, double otherwise)
{
    private readonly Operand _value = new(value);

    /// <returns>Missing when the category is, or when a contrast matrix has no row for it.</returns>
    public double Evaluate(in Row row)
    {
        var cell = _value.Evaluate(row);
        return Cell.IsMissing(cell) ? cell : weights.Find(cell, otherwise);
    }
}

/// <summary>A power of a number.</summary>
internal readonly struct Covariate(RowExpression value, double exponent)
{
    private readonly Operand _value = new(value);

    public double Evaluate(in Row row)
    {
        var cell = _value.Evaluate(row);
        return exponent == 1 || Cell.IsMissing(cell) ? cell : Math.Pow(cell, exponent);
    }
}

/// <summary>A product of contrasts and covariates; 1 when there are none (an intercept). Covariates do not matter once a contrast is 0.</summary>
internal sealed class DesignTerm(ImmutableArray<Contrast> factors, ImmutableArray<Covariate> covariates)
{
    public static DesignTerm Intercept { get; } = new([], []);

    public double Evaluate(in Row row)
    {
        double product = 1;
        foreach (ref readonly var factor in factors.AsSpan())
        {
            var weight = factor.Evaluate(row);
            if (Cell.IsMissing(weight)) return weight;
            product *= weight;
        }
        if (product == 0) return 0;
        foreach (ref readonly var covariate in covariates.AsSpan())
        {
            var power = covariate.Evaluate(row);
            if (Cell.IsMissing(power)) return power;
            product *= power;
        }
        return product;
    }
}

/// <summary>The terms of a model's linear predictors, each computed once a row into its slot.</summary>
internal sealed class DesignVector(int slot, ImmutableArray<DesignTerm> terms)
{
    /// <returns>False when a term is missing.</returns>
    public bool TryEvaluate(in Row row)
    {
        var values = row.Cells.Slice(slot, terms.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = terms[i].Evaluate(row);
            if (Cell.IsMissing(values[i])) return false;
        }
        return true;
    }

    /// <summary>The terms, after <see cref="TryEvaluate"/>.</summary>
    public ReadOnlySpan<double> Values(in Row row) => row.Cells.Slice(slot, terms.Length);
}

/// <summary>A parameter's estimate for one of the design vector's terms.</summary>
internal readonly record struct Estimate(int Term, double Beta);

internal static class Estimates
{
    /// <summary>The linear predictor, summed in the order of the estimates.</summary>
    public static double Sum(ImmutableArray<Estimate> estimates, ReadOnlySpan<double> design)
    {
        double sum = 0;
        foreach (var (term, beta) in estimates) sum += beta * design[term];
        return sum;
    }
}

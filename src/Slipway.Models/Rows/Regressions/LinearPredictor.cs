using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>A weighted power of a number.</summary>
internal readonly record struct NumericTerm(RowExpression Value, int Exponent, double Coefficient);

/// <summary>A weighted product of numbers.</summary>
internal readonly record struct ProductTerm(ImmutableArray<RowExpression> Factors, double Coefficient);

/// <summary>A number for each category of a field; other categories and a missing value count 0.</summary>
internal sealed class CategoricalTerm(RowExpression value, ImmutableArray<KeyValuePair<double, double>> coefficients)
{
    private readonly CellMap _coefficients = new(coefficients);

    public RowExpression Value { get; } = value;

    public ImmutableArray<KeyValuePair<double, double>> Coefficients { get; } = coefficients;

    public double Evaluate(in Row row)
    {
        var cell = Value.Evaluate(row);
        return Cell.IsMissing(cell) ? 0 : _coefficients.Find(cell, 0);
    }
}

/// <summary>The sum of weighted predictors; missing when a number in it is.</summary>
internal sealed class LinearPredictor(double intercept, ImmutableArray<NumericTerm> numeric, ImmutableArray<CategoricalTerm> categorical, ImmutableArray<ProductTerm> products)
{
    public double Evaluate(in Row row)
    {
        double sum = 0;
        foreach (ref readonly var term in numeric.AsSpan())
        {
            var cell = term.Value.Evaluate(row);
            if (Cell.IsMissing(cell)) return Cell.Missing;
            sum += term.Coefficient * (term.Exponent == 1 ? cell : Math.Pow(cell, term.Exponent));
        }
        foreach (var term in categorical) sum += term.Evaluate(row);
        foreach (ref readonly var term in products.AsSpan())
        {
            var product = term.Coefficient;
            foreach (var factor in term.Factors)
            {
                var cell = factor.Evaluate(row);
                if (Cell.IsMissing(cell)) return Cell.Missing;
                product *= cell;
            }
            sum += product;
        }
        return sum + intercept;
    }

    /// <summary>In float32, every step.</summary>
    public float EvaluateFloat(in Row row, out bool missing)
    {
        missing = true;
        float sum = 0;
        foreach (ref readonly var term in numeric.AsSpan())
        {
            var cell = term.Value.Evaluate(row);
            if (Cell.IsMissing(cell)) return 0;
            sum += (float)term.Coefficient * (term.Exponent == 1 ? (float)cell : (float)Math.Pow(cell, term.Exponent));
        }
        foreach (var term in categorical) sum += (float)term.Evaluate(row);
        foreach (ref readonly var term in products.AsSpan())
        {
            var product = (float)term.Coefficient;
            foreach (var factor in term.Factors)
            {
                var cell = factor.Evaluate(row);
                if (Cell.IsMissing(cell)) return 0;
                product *= (float)cell;
            }
            sum += product;
        }
        missing = false;
        return sum + (float)intercept;
    }
}

using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>A weighted power of a number.</summary>
internal readonly record struct NumericTerm(Operand Value, double Exponent, double Coefficient)
{
    public NumericTerm(RowExpression value, double exponent, double coefficient) : this(new Operand(value), exponent, coefficient)
    {
    }
}

/// <summary>A weighted product of numbers.</summary>
internal readonly record struct ProductTerm(ImmutableArray<RowExpression> Factors, double Coefficient);

/// <summary>The sum of weighted predictors, taken in the order numbers, categories, products, intercept; missing when a number in it is.</summary>
internal sealed class LinearPredictor(double intercept, ImmutableArray<NumericTerm> numeric, ImmutableArray<CategoricalTerm> categorical, ImmutableArray<ProductTerm> products)
{
    /// <summary>Has no predictors.</summary>
    public bool IsConstant { get; } = numeric.IsEmpty && categorical.IsEmpty && products.IsEmpty;

    /// <summary>Is 0 for every row: the reference category of a logistic regression.</summary>
    public bool IsZero => IsConstant && intercept == 0;

    public double Evaluate(in Row row)
    {
        double sum = 0;
        foreach (ref readonly var term in numeric.AsSpan())
        {
            var cell = term.Value.Evaluate(row);
            if (Cell.IsMissing(cell)) return cell;
            sum += term.Coefficient * (term.Exponent == 1 ? cell : Math.Pow(cell, term.Exponent));
        }
        foreach (ref readonly var term in categorical.AsSpan()) sum += term.Evaluate(row);
        foreach (ref readonly var term in products.AsSpan())
        {
            var product = term.Coefficient;
            foreach (var factor in term.Factors)
            {
                var cell = factor.Evaluate(row);
                if (Cell.IsMissing(cell)) return cell;
                product *= cell;
            }
            sum += product;
        }
        return Cell.Number(sum + intercept);
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
            sum += (float)term.Coefficient * (term.Exponent == 1 ? (float)cell : (float)Math.Pow((float)cell, term.Exponent));
        }
        foreach (ref readonly var term in categorical.AsSpan()) sum += (float)term.Evaluate(row);
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

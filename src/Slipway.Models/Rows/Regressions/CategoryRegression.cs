using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>How the sums of a classification become probabilities.</summary>
internal enum CategoryShape : byte
{
    /// <summary>The first of two is given by its link, the second is what is left.</summary>
    Binary,

    /// <summary>Every sum goes through the link; without a link the last is what is left.</summary>
    Nominal,

    /// <summary>The links give cumulative probabilities; the last one is 1.</summary>
    Ordinal,
}

/// <summary>A sum for each category, made into probabilities; the most probable category wins, the first of equals.</summary>
/// <param name="predictors">One for each category; that of the last may be absent.</param>
internal sealed class CategoryRegression(ModelResult result, ImmutableArray<LinearPredictor> predictors, Normalization link, CategoryShape shape, bool isFloat) : RowModel(result)
{
    private readonly int _predicted = result.Predicted;
    private readonly int _first = result.Probabilities;
    private readonly ImmutableArray<double> _categories = result.Categories;
    private readonly ImmutableArray<LinearPredictor> _needed = Needed(predictors, shape, result.Categories.Length);

    public override void Score(in Row row)
    {
        var values = row.Cells.Slice(_first, _categories.Length);
        for (var i = 0; i < _needed.Length; i++)
        {
            if (isFloat)
            {
                values[i] = _needed[i].EvaluateFloat(row, out var missing);
                if (missing) values[i] = Cell.Missing;
            }
            else
            {
                values[i] = _needed[i].Evaluate(row);
            }
            if (!Cell.IsMissing(values[i])) continue;
            Result.Clear(row);
            return;
        }
        if (_needed.Length < values.Length) values[^1] = 0;
        Normalize(values);
        row[_predicted] = _categories[Winner.Of(values)];
    }

    /// <summary>What is left for the last category needs no sum of its own, but for its missing values: one that can have none is not computed.</summary>
    private static ImmutableArray<LinearPredictor> Needed(ImmutableArray<LinearPredictor> predictors, CategoryShape shape, int categories) =>
        shape != CategoryShape.Nominal && predictors.Length == categories && predictors[^1].IsConstant ? predictors[..^1] : predictors;

    private void Normalize(Span<double> values)
    {
        switch (shape)
        {
            case CategoryShape.Binary:
                values[0] = Probability(values[0]);
                values[1] = Rest(values);
                break;
            case CategoryShape.Ordinal:
                Cumulative(values);
                break;
            default:
                Nominal(values);
                break;
        }
    }

    private void Nominal(Span<double> values)
    {
        switch (link)
        {
            case Normalization.SoftMax when isFloat:
                Normalizations.SoftMaxFloat(values);
                break;
            case Normalization.SoftMax:
                Normalizations.SoftMax(values);
                break;
            case Normalization.SimpleMax when isFloat:
                Normalizations.SimpleMaxFloat(values);
                break;
            case Normalization.SimpleMax:
                Normalizations.SimpleMax(values);
                break;
            case Normalization.None:
                values[^1] = Rest(values);
                break;
            default:
                foreach (ref var value in values) value = Probability(value);
                break;
        }
    }

    private void Cumulative(Span<double> values)
    {
        double before = 0;
        for (var i = 0; i < values.Length - 1; i++)
        {
            var cumulative = Probability(values[i]);
            values[i] = isFloat ? (float)cumulative - (float)before : cumulative - before;
            before = isFloat ? (float)before + (float)values[i] : cumulative;
        }
        values[^1] = isFloat ? 1f - (float)before : 1 - before;
    }

    private double Probability(double value)
    {
        if (link == Normalization.None) return Math.Clamp(value, 0, 1);
        return isFloat ? Normalizations.Inverse(link, (float)value) : Normalizations.Inverse(link, value);
    }

    private double Rest(ReadOnlySpan<double> values)
    {
        if (!isFloat)
        {
            double sum = 0;
            foreach (var value in values[..^1]) sum += value;
            return 1 - sum;
        }
        float single = 0;
        foreach (var value in values[..^1]) single += (float)value;
        return 1f - single;
    }
}

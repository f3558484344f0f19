using System.Collections.Immutable;

namespace Slipway.Models.Rows.Regressions;

/// <summary>One sum through one link.</summary>
internal sealed class NumericRegression(ModelResult result, LinearPredictor predictor, Normalization link, bool isFloat) : RowModel(result)
{
    public override void Score(in Row row)
    {
        if (isFloat)
        {
            var sum = predictor.EvaluateFloat(row, out var missing);
            row[Result.Predicted] = missing ? Cell.Missing : Normalizations.Inverse(link, sum);
            return;
        }
        var value = predictor.Evaluate(row);
        row[Result.Predicted] = Cell.IsMissing(value) ? value : Normalizations.Inverse(link, value);
    }
}

/// <summary>A sum for each category, made into probabilities; the most probable category wins, the first of equals.</summary>
internal sealed class CategoryRegression(ModelResult result, ImmutableArray<LinearPredictor> predictors, Normalization link, bool isOrdinal, bool isFloat) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var values = row.Cells.Slice(Result.Probabilities, Result.Categories.Length);
        for (var i = 0; i < predictors.Length; i++)
        {
            if (isFloat)
            {
                values[i] = predictors[i].EvaluateFloat(row, out var missing);
                if (missing) values[i] = Cell.Missing;
            }
            else
            {
                values[i] = predictors[i].Evaluate(row);
            }
            if (!Cell.IsMissing(values[i])) continue;
            Result.Clear(row);
            return;
        }
        if (predictors.Length < values.Length) values[^1] = 0;
        if (isOrdinal && values.Length > 2) Cumulative(values);
        else Normalize(values);
        row[Result.Predicted] = Result.Categories[Winner.Of(values)];
    }

    private void Normalize(Span<double> values)
    {
        switch (link)
        {
            case Normalization.SoftMax when isFloat:
                Normalizations.SoftMaxFloat(values);
                break;
            case Normalization.SoftMax:
                Normalizations.SoftMax(values);
                break;
            case Normalization.SimpleMax:
                Normalizations.SimpleMax(values);
                break;
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    if (i > 0 && values.Length == 2) values[i] = isFloat ? 1f - (float)values[0] : 1 - values[0];
                    else values[i] = isFloat ? Normalizations.Inverse(link, (float)values[i]) : Normalizations.Inverse(link, values[i]);
                }
                if (values.Length > 2 && link == Normalization.None) values[^1] = Rest(values);
                break;
        }
    }

    /// <summary>The links are of cumulative probabilities; the last is 1.</summary>
    private void Cumulative(Span<double> values)
    {
        double before = 0;
        for (var i = 0; i < values.Length - 1; i++)
        {
            var cumulative = Normalizations.Inverse(link, values[i]);
            values[i] = cumulative - before;
            before = cumulative;
        }
        values[^1] = 1 - before;
    }

    private static double Rest(ReadOnlySpan<double> values)
    {
        double rest = 1;
        foreach (var value in values[..^1]) rest -= value;
        return rest;
    }
}

internal static class Winner
{
    /// <summary>The index of the greatest value; the first of equals.</summary>
    public static int Of(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best]) best = i;
        }
        return best;
    }
}

namespace Slipway.Models.Rows.Regressions;

/// <summary>One sum through one link.</summary>
internal sealed class NumericRegression(ModelResult result, LinearPredictor predictor, Normalization link, bool isFloat) : RowModel(result)
{
    private readonly int _predicted = result.Predicted;

    public override void Score(in Row row)
    {
        if (isFloat)
        {
            var sum = predictor.EvaluateFloat(row, out var missing);
            row[_predicted] = missing ? Cell.Missing : Normalizations.Inverse(link, sum);
            return;
        }
        var value = predictor.Evaluate(row);
        row[_predicted] = Cell.IsMissing(value) ? value : Normalizations.Inverse(link, value);
    }
}

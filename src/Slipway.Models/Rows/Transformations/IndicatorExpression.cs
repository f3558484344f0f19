namespace Slipway.Models.Rows.Transformations;

/// <summary>1 when a value is a certain one, else 0.</summary>
/// <param name="missing">The result for a missing value.</param>
internal sealed class IndicatorExpression(RowExpression value, double wanted, double missing) : RowExpression(CellType.Float64)
{
    public override double Evaluate(in Row row)
    {
        var cell = value.Evaluate(row);
        return Cell.IsMissing(cell) ? missing : Cell.Of(cell == wanted);
    }
}

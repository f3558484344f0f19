namespace Slipway.Models.Rows.Functions;

/// <summary>Whether an argument has a value; never missing.</summary>
internal static class Presence
{
    public static RowExpression IsMissing(FunctionCall call) => new MissingExpression(call[0], wanted: true);

    public static RowExpression IsNotMissing(FunctionCall call) => new MissingExpression(call[0], wanted: false);

    public static RowExpression IsValid(FunctionCall call) => new ValidExpression(call[0], wanted: true);

    public static RowExpression IsNotValid(FunctionCall call) => new ValidExpression(call[0], wanted: false);

    private sealed class MissingExpression(RowExpression value, bool wanted) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row) => Cell.Of(Cell.IsMissing(value.Evaluate(row)) == wanted);
    }

    private sealed class ValidExpression(RowExpression value, bool wanted) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row) => Cell.Of(Cell.HasNoValue(value.Evaluate(row)) != wanted);
    }
}

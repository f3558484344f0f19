namespace Slipway.Models.Rows.Functions;

/// <summary>Three-valued logic, in which a missing truth is unknown: what decides, decides; else the unknown stays.</summary>
internal static class Logic
{
    public static RowExpression And(FunctionCall call) => new ChainExpression(Truths(call), deciding: Cell.False);

    public static RowExpression Or(FunctionCall call) => new ChainExpression(Truths(call), deciding: Cell.True);

    public static RowExpression Not(FunctionCall call) => new NotExpression(call.Boolean(0));

    private static RowExpression[] Truths(FunctionCall call)
    {
        var truths = new RowExpression[call.Count];
        for (var i = 0; i < truths.Length; i++) truths[i] = call.Boolean(i);
        return truths;
    }

    private sealed class ChainExpression(RowExpression[] truths, double deciding) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row)
        {
            var isDecided = false;
            var isUnknown = false;
            var isInvalid = false;
            foreach (var truth in truths)
            {
                var cell = truth.Evaluate(row);
                isDecided |= cell == deciding;
                isUnknown |= Cell.IsMissing(cell);
                isInvalid |= Cell.IsInvalid(cell);
            }
            if (isInvalid) return Cell.Invalid;
            return isDecided ? deciding : isUnknown ? Cell.Missing : 1 - deciding;
        }
    }

    private sealed class NotExpression(RowExpression truth) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row)
        {
            var cell = truth.Evaluate(row);
            return Cell.HasNoValue(cell) ? cell : 1 - cell;
        }
    }
}

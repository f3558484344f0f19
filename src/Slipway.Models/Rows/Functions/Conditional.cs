namespace Slipway.Models.Rows.Functions;

/// <summary>if: evaluates the branch that is taken and no other. Without a branch to take, or without a condition, the result is missing.</summary>
internal static class Conditional
{
    public static RowExpression Bind(FunctionCall call)
    {
        var condition = call.Boolean(0);
        if (call.Count == 2) return new Expression(condition, call[1], new ConstantExpression(call[1].Type, Cell.Missing));
        var type = CommonTypes.OfBranches(call, 1, 2);
        return new Expression(condition, call.Cast(1, type), call.Cast(2, type));
    }

    private sealed class Expression(RowExpression condition, RowExpression then, RowExpression otherwise) : RowExpression(then.Type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = condition.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            return cell != 0 ? then.Evaluate(row) : otherwise.Evaluate(row);
        }
    }
}

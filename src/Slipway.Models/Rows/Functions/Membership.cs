using System.Collections.Frozen;

namespace Slipway.Models.Rows.Functions;

/// <summary>
/// isIn, isNotIn: whether a value equals one of a list. A missing value is in a list that names a missing one, and the result is never missing.
/// A list with texts beside a value that is text is compared as text.
/// </summary>
internal static class Membership
{
    public static RowExpression IsIn(FunctionCall call) => Bind(call, wanted: true);

    public static RowExpression IsNotIn(FunctionCall call) => Bind(call, wanted: false);

    private static Expression Bind(FunctionCall call, bool wanted)
    {
        var type = IsAmongTexts(call) ? CellType.Text : CommonTypes.OfCompared(call);
        var constants = new HashSet<double>();
        var others = new List<RowExpression>();
        var hasMissing = false;
        for (var i = 1; i < call.Count; i++)
        {
            var member = Comparison.Comparable(call, i, type);
            if (FunctionCall.IsMissing(member)) hasMissing = true;
            else if (member is ConstantExpression constant) constants.Add(constant.Cell);
            else others.Add(member);
        }
        return new Expression(Comparison.Comparable(call, 0, type), constants.ToFrozenSet(), [.. others], hasMissing, wanted);
    }

    private static bool IsAmongTexts(FunctionCall call)
    {
        if (call[0].Type != CellType.Text) return false;
        for (var i = 1; i < call.Count; i++)
        {
            if (call[i].Type == CellType.Text && !FunctionCall.IsMissing(call[i])) return true;
        }
        return false;
    }

    private sealed class Expression(RowExpression value, FrozenSet<double> constants, RowExpression[] others, bool hasMissing, bool wanted)
        : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            return Cell.IsInvalid(cell) ? cell : Cell.Of(Contains(cell, row) == wanted);
        }

        private bool Contains(double cell, in Row row)
        {
            var isMissing = Cell.IsMissing(cell);
            var contains = isMissing ? hasMissing : constants.Contains(cell) && !double.IsNaN(cell);
            foreach (var other in others)
            {
                var member = other.Evaluate(row);
                contains |= isMissing ? Cell.IsMissing(member) : member == cell;
            }
            return contains;
        }
    }
}

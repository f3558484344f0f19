using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows.Regressions;

/// <summary>An expression whose value is mostly found in a slot, so that no call is made for it; a slot that holds no number (pending, missing) is left to the expression.</summary>
internal readonly struct Operand(RowExpression expression)
{
    private readonly int _slot = expression switch
    {
        SlotExpression slot => slot.Slot,
        DerivedExpression derived => derived.Slot,
        _ => -1,
    };

    public RowExpression Expression { get; } = expression;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Evaluate(in Row row)
    {
        if (_slot >= 0)
        {
            var cell = row.Cells[_slot];
            if (!double.IsNaN(cell)) return cell;
        }
        return Expression.Evaluate(row);
    }
}

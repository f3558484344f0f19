using System.Collections.Immutable;

namespace Slipway.Models.Rows.VectorMachines;

/// <summary>Gathers a row's numbers in neighbouring slots.</summary>
internal sealed class VectorInput(int slot, ImmutableArray<RowExpression> elements)
{
    public int Length => elements.Length;

    /// <returns>False when one is missing.</returns>
    public bool TryGather(in Row row)
    {
        var values = Values(row);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = elements[i].Evaluate(row);
            if (Cell.IsMissing(values[i])) return false;
        }
        return true;
    }

    /// <summary>The numbers, after <see cref="TryGather"/>.</summary>
    public Span<double> Values(in Row row) => row.Cells.Slice(slot, elements.Length);
}

/// <summary>A number for one category of a field, 0 for the others; missing when the field is.</summary>
internal sealed class CategoryIndicator(RowExpression field, double category, double coefficient) : RowExpression(CellType.Float64)
{
    public override double Evaluate(in Row row)
    {
        var cell = field.Evaluate(row);
        return Cell.IsMissing(cell) ? cell : cell == category ? coefficient : 0;
    }
}

namespace Slipway.Models.Rows;

/// <summary>Something that has a value for every row: a field, a constant, a function of such. Immutable, thread-safe, typed before the first row.</summary>
public abstract class RowExpression(CellType type)
{
    /// <summary>What the cells that <see cref="Evaluate"/> returns mean.</summary>
    public CellType Type { get; } = type;

    /// <returns>The value, or <see cref="Cell.Missing"/>.</returns>
    /// <exception cref="Core.RecordException">The row has no value here and may not be scored.</exception>
    public abstract double Evaluate(in Row row);
}

/// <summary>The same cell for every row.</summary>
public sealed class ConstantExpression(CellType type, double cell) : RowExpression(type)
{
    public double Cell { get; } = cell;

    public override double Evaluate(in Row row) => Cell;
}

/// <summary>The cell of a slot that is filled before anything reads it: an input's, or part of a result.</summary>
public sealed class SlotExpression(CellType type, int slot) : RowExpression(type)
{
    public int Slot { get; } = slot;

    public override double Evaluate(in Row row) => row.Read(Slot);
}

/// <summary>A derived field: computed when first read, then kept in its slot, which is pending at the start of every row.</summary>
internal sealed class DerivedExpression(int slot, RowExpression definition) : RowExpression(definition.Type)
{
    public int Slot { get; } = slot;

    public RowExpression Definition { get; } = definition;

    public override double Evaluate(in Row row)
    {
        ref var cell = ref row[Slot];
        return Rows.Cell.IsPending(cell) ? cell = Definition.Evaluate(row) : cell;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows;

/// <summary>One row while it is scored: a cell for every slot of the program.</summary>
public readonly ref struct Row
{
    public Row(Span<double> cells, RowTexts texts)
    {
        Cells = cells;
        Texts = texts;
    }

    public Span<double> Cells { get; }

    public RowTexts Texts { get; }

    public ref double this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Cells[slot];
    }

    /// <summary>The cell of a slot that may be an input's: whoever needs an input that the model does not allow refuses the record.</summary>
    /// <exception cref="RefusedInputException">The input is not allowed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Read(int slot)
    {
        var cell = Cells[slot];
        if (double.IsNaN(cell) && Cell.IsRefused(cell)) Refuse(slot);
        return cell;
    }

    [DoesNotReturn]
    private static void Refuse(int slot) => throw new RefusedInputException(slot);
}

/// <summary>An input was needed whose value the model does not allow. Whoever brought the row knows the value and says it in a <see cref="Core.RecordException"/>.</summary>
/// <param name="slot">The input's.</param>
public sealed class RefusedInputException(int slot) : Exception
{
    public int Slot { get; } = slot;
}

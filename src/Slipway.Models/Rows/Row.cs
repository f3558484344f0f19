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
}

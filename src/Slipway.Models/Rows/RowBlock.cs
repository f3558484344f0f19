namespace Slipway.Models.Rows;

/// <summary>Rows that are scored together: their cells follow each other, row after row.</summary>
public readonly ref struct RowBlock
{
    /// <param name="rowLength">Cells in a row.</param>
    public RowBlock(Span<double> cells, int rowLength, RowTexts texts)
    {
        Cells = cells;
        RowLength = rowLength;
        Texts = texts;
        Count = rowLength == 0 ? 0 : cells.Length / rowLength;
    }

    public Span<double> Cells { get; }

    public int RowLength { get; }

    public RowTexts Texts { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    public Row this[int row] => new(Cells.Slice(row * RowLength, RowLength), Texts);
}

using Slipway.Core;

namespace Slipway.Models.Rows;

/// <summary>Brings columns into the inputs' slots, and the outputs' cells into columns; type by type, so that no row pays for what its type is not.</summary>
internal static class ColumnLoader
{
    /// <summary>Fills an input's slot in every row of a block; a NaN in a column of numbers is a missing value.</summary>
    /// <param name="column">Null when the rows have none.</param>
    /// <param name="first">The block's first row in the column.</param>
    public static void Load(InputField input, Tensor? column, int first, in RowBlock block)
    {
        var cells = block.Cells[input.Slot..];
        if (column is null) LoadMissing(input, cells, block.RowLength);
        else if (column.Type == ElementType.Float64 && input.Format.Type == CellType.Float64) LoadNumbers(input.Treatment, column, first, cells, block.RowLength);
        else if (column.Type == ElementType.Bytes && input.Format.Type == CellType.Text) LoadTexts(input.Treatment, column, first, cells, block.RowLength, block.Texts);
        else LoadOthers(input, column, first, cells, block.RowLength, block.Texts);
    }

    /// <summary>Writes an output's cell of every row of a block.</summary>
    /// <param name="row">The row that is being written: where it failed, when it did.</param>
    public static void Store(RowOutput output, Tensor column, ref int row, in RowBlock block)
    {
        if (output.Value is SlotExpression { Slot: var slot } && column.Type == ElementType.Float64 && output.Format.Type == CellType.Float64)
        {
            StoreNumbers(block, slot, column, row);
            return;
        }
        for (var i = 0; i < block.Count; i++, row++)
        {
            var cell = output.Value.Evaluate(block[i]);
            if (column.Type != ElementType.Bytes) Write(column, row, cell);
            else if (Cell.IsMissing(cell)) column.AppendMissing();
            else if (output.Format.Type == CellType.Text) block.Texts.AppendTo(column, cell);
            else column.Append(output.Format.Print(cell, block.Texts).AsSpan());
        }
    }

    /// <summary>Writes a cell into a column of numbers or booleans.</summary>
    public static void Write(Tensor column, int row, double cell)
    {
        if (Cell.IsMissing(cell))
        {
            column.SetMissing(row);
            cell = 0;
        }
        switch (column.Type)
        {
            case ElementType.Int64: column.Values<long>()[row] = (long)cell; break;
            case ElementType.Float32: column.Values<float>()[row] = (float)cell; break;
            case ElementType.Bool: column.Values<bool>()[row] = cell != 0; break;
            default: column.Values<double>()[row] = cell; break;
        }
    }

    private static void LoadMissing(InputField input, Span<double> cells, int rowLength)
    {
        if (!input.Treatment.TryApply(Cell.Missing, out var cell)) cell = Cell.Refused;
        for (var at = 0; at < cells.Length; at += rowLength) cells[at] = cell;
    }

    private static void LoadNumbers(FieldTreatment treatment, Tensor column, int first, Span<double> cells, int rowLength)
    {
        var values = column.Values<double>()[first..];
        var (hasMissing, plain) = (column.HasMissing, treatment.TakesAll);
        for (int at = 0, row = 0; at < cells.Length; at += rowLength, row++)
        {
            var value = values[row];
            if (plain && !hasMissing && !double.IsNaN(value))
            {
                cells[at] = value;
                continue;
            }
            if (double.IsNaN(value) || (hasMissing && column.IsMissing(first + row))) value = Cell.Missing;
            cells[at] = treatment.TryApply(value, out var treated) ? treated : Cell.Refused;
        }
    }

    private static void LoadTexts(FieldTreatment treatment, Tensor column, int first, Span<double> cells, int rowLength, RowTexts texts)
    {
        var hasMissing = column.HasMissing;
        for (int at = 0, row = first; at < cells.Length; at += rowLength, row++)
        {
            var text = column.GetBytes(row);
            var isMissing = hasMissing && column.IsMissing(row);
            if (!isMissing && texts.Find(text) is >= 0 and var symbol && treatment.Takes(symbol))
            {
                cells[at] = symbol;
                continue;
            }
            var cell = isMissing ? Cell.Missing : texts.Intern(text);
            cells[at] = treatment.TryApply(cell, out var treated) ? treated : Cell.Refused;
        }
    }

    private static void LoadOthers(InputField input, Tensor column, int first, Span<double> cells, int rowLength, RowTexts texts)
    {
        for (int at = 0, row = first; at < cells.Length; at += rowLength, row++)
        {
            var cell = column.IsMissing(row) ? Cell.Missing : Read(input, column, row, texts);
            cells[at] = input.Treatment.TryApply(cell, out var treated) ? treated : Cell.Refused;
        }
    }

    private static double Read(InputField input, Tensor column, int row, RowTexts texts)
    {
        if (column.Type == ElementType.Bytes)
        {
            var cell = input.Format.Parse(column.GetBytes(row));
            return input.Treatment.MissingTexts.IsEmpty ? cell : input.Treatment.OrMissing(cell, column.GetText(row));
        }
        if (column.Type == ElementType.Bool && input.Format.Type == CellType.Text) return texts.Intern(column.Values<bool>()[row] ? "true" : "false");
        var number = column.NumberAt(row);
        return double.IsNaN(number) ? Cell.Missing : input.Format.FromNumber(number, texts);
    }

    private static void StoreNumbers(in RowBlock block, int slot, Tensor column, int first)
    {
        var values = column.Values<double>()[first..];
        for (int at = slot, row = 0; at < block.Cells.Length; at += block.RowLength, row++)
        {
            var cell = block.Cells[at];
            if (double.IsNaN(cell) && Cell.IsMissing(cell))
            {
                column.SetMissing(first + row);
                cell = 0;
            }
            values[row] = cell;
        }
    }
}

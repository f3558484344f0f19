using Slipway.Core;

namespace Slipway.Models.Rows.Tables;

/// <summary>Records that wait to be scored: columns of a batch, read into a program's cells one record at a time.</summary>
/// <param name="columns">One for each of the program's inputs; null for one that the batch does not have.</param>
internal sealed class RecordTable(RowProgram program, Tensor?[] columns, int count)
{
    public RowProgram Program { get; } = program;

    public int Count { get; } = count;

    /// <summary>The record that was loaded last.</summary>
    public int Current { get; private set; }

    /// <summary>The texts of all the records: they are kept until all are answered.</summary>
    public RowTexts Texts { get; } = new(program.Symbols);

    /// <summary>What every record brings beside its inputs; null when nothing.</summary>
    public CarriedCells? Carried { get; set; }

    /// <summary>New cells for one record.</summary>
    public double[] Cells()
    {
        var cells = new double[Program.SlotCount];
        Program.Initialize(cells);
        return cells;
    }

    /// <summary>Puts a record's inputs into the cells and makes them ready to be scored.</summary>
    public Row Load(int record, double[] cells)
    {
        Current = record;
        Program.Reset(cells);
        var block = new RowBlock(cells, cells.Length, Texts);
        for (var i = 0; i < columns.Length; i++) ColumnLoader.Load(Program.Inputs[i], columns[i], record, block);
        Carried?.CopyTo(record, cells);
        return new Row(cells, Texts);
    }
}

/// <summary>Cells of records that were computed before they are scored.</summary>
/// <param name="Values">Record-major.</param>
/// <param name="Slots">Where a record's go.</param>
internal sealed record CarriedCells(double[] Values, int[] Slots)
{
    public void CopyTo(int record, double[] cells)
    {
        for (var i = 0; i < Slots.Length; i++) cells[Slots[i]] = Values[(record * Slots.Length) + i];
    }
}

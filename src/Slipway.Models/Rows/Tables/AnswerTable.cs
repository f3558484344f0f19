using Slipway.Core;

namespace Slipway.Models.Rows.Tables;

/// <summary>Collects answers until it is known how many there are.</summary>
internal sealed class AnswerTable(RowProgram program, RowTexts texts)
{
    private double[] _cells = new double[256];
    private int _used;

    public int Count { get; private set; }

    /// <summary>Appends what the program's outputs are for a row that the model has scored.</summary>
    public void Add(in Row row)
    {
        var outputs = program.Outputs;
        if (_used + (long)outputs.Length > Array.MaxLength) throw new RecordException($"more than {Count} answers do not fit into one batch");
        if (_used + outputs.Length > _cells.Length) Array.Resize(ref _cells, (int)Math.Min(Array.MaxLength, Math.Max(_used + outputs.Length, _cells.Length * 2L)));
        foreach (var output in outputs) _cells[_used++] = output.Value.Evaluate(row);
        Count++;
    }

    /// <summary>One column for each output of the signature.</summary>
    public Batch ToBatch(Signature signature)
    {
        var batch = new Batch();
        var outputs = program.Outputs;
        for (var i = 0; i < outputs.Length; i++)
        {
            var column = Tensor.Uninitialized(outputs[i].Name, signature.Outputs[i].Type, Count);
            batch.Add(column);
            for (var row = 0; row < Count; row++)
            {
                var cell = _cells[(row * outputs.Length) + i];
                if (column.Type != ElementType.Bytes) ColumnLoader.Write(column, row, cell);
                else if (Cell.IsMissing(cell)) column.AppendMissing();
                else if (outputs[i].Format.Type == CellType.Text) texts.AppendTo(column, cell);
                else column.Append(outputs[i].Format.Print(cell, texts).AsSpan());
            }
        }
        return batch;
    }
}

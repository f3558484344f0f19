namespace Slipway.Models.Rows.Transformations;

/// <summary>What is made of the last values of a field.</summary>
internal enum LagAggregate : byte
{
    /// <summary>The oldest.</summary>
    None,
    Average,
    Maximum,
    Median,
    Minimum,
    Product,
    Sum,

    /// <summary>Of a sample: divided by the number of values less one.</summary>
    StandardDeviation,
}

/// <summary>The values that a field had in the rows before, in slots of the row that live from row to row.</summary>
internal sealed class RowHistory
{
    private readonly RowExpression _field;
    private readonly RowExpression[] _blocks;
    private readonly int _count;

    /// <summary>The field's value in this row, to be kept when the next one starts; then the values of the block fields.</summary>
    private readonly int _current;

    /// <summary>How many values were kept so far.</summary>
    private readonly int _kept;
    private readonly int _values;

    /// <param name="count">Values to keep.</param>
    /// <param name="blocks">When one of these changes, the values before are forgotten.</param>
    public RowHistory(RowExpression field, int count, RowExpression[] blocks, ProgramBuilder program)
    {
        (_field, _count, _blocks) = (field, count, blocks);
        _current = program.Slots(1 + blocks.Length);
        _kept = program.Slot();
        _values = program.Slots(count);
        program.Remember(this);
    }

    /// <summary>To be called once at the start of every row.</summary>
    public void Advance(in Row row)
    {
        var kept = row[_kept];
        if (Cell.IsMissing(kept))
        {
            kept = 0;
        }
        else
        {
            row[_values + (int)(kept % _count)] = row[_current];
            kept++;
        }
        for (var i = 0; i < _blocks.Length; i++)
        {
            var block = _blocks[i].Evaluate(row);
            if (!block.Equals(row[_current + 1 + i]) || Cell.IsMissing(block) != Cell.IsMissing(row[_current + 1 + i]))
            {
                row.Cells.Slice(_values, _count).Fill(Cell.Missing);
                kept = 0;
            }
            row[_current + 1 + i] = block;
        }
        row[_kept] = kept;
        row[_current] = _field.Evaluate(row);
    }

    /// <summary>The value of as many rows before as there are kept; missing when there are not so many.</summary>
    public double Oldest(in Row row)
    {
        var kept = row[_kept];
        return kept < _count ? Cell.Missing : row[_values + (int)(kept % _count)];
    }

    /// <summary>The values that are not missing, in any order.</summary>
    public int CopyTo(in Row row, Span<double> values)
    {
        var length = 0;
        foreach (var value in row.Cells.Slice(_values, _count))
        {
            if (!Cell.IsMissing(value)) values[length++] = value;
        }
        return length;
    }

    public int Capacity => _count;
}

/// <summary>A model whose rows depend on those before.</summary>
internal sealed class SequentialModel(RowModel model, RowHistory[] histories) : WrappedModel(model)
{
    public override void Score(in Row row)
    {
        foreach (var history in histories) history.Advance(row);
        Model.Score(row);
    }

    public override void ScoreBlock(in RowBlock block)
    {
        for (var i = 0; i < block.Count; i++) Score(block[i]);
    }
}

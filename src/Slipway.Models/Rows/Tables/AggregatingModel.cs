using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Rows.Tables;

/// <summary>A model that reads values of many records: those are computed first, for the whole table. A record that stands alone is a table of one.</summary>
/// <param name="model">May itself answer for more than one record.</param>
/// <param name="histories">Of the records before, which are advanced in the table's order.</param>
internal sealed class AggregatingModel(RowModel model, ImmutableArray<RecordAggregate> aggregates, ImmutableArray<RowHistory> histories) : TableModel(model.Results)
{
    /// <summary>2 GiB.</summary>
    private const int MaxCells = 1 << 28;

    /// <summary>Records times aggregates that are read together, each record for itself in the worst case.</summary>
    private const int MaxAtOnce = 1 << 22;

    private readonly TableModel? _table = model as TableModel;
    private readonly ImmutableArray<int[]> _levels = [.. Enumerable.Range(0, aggregates.Length).GroupBy(i => aggregates[i].Level).OrderBy(level => level.Key).Select(level => level.ToArray())];

    public override ImmutableArray<RowOutput> Keys => _table?.Keys ?? [];

    public override bool AnswersByRecord => _table is null;

    public override bool NeedsNoColumn => _table is { NeedsNoColumn: true };

    public override void Score(in Row row)
    {
        foreach (var history in histories) history.Advance(row);
        foreach (var aggregate in aggregates) row[aggregate.Slot] = aggregate.Alone(row);
        model.Score(row);
    }

    public override void Answer(RecordTable records, AnswerTable answers)
    {
        var width = aggregates.Length;
        if (records.Count * (long)width > MaxCells) throw new RecordException($"{records.Count} records with {width} aggregates each are too many for one batch");
        records.Carried = new CarriedCells(new double[records.Count * width], [.. aggregates.Select(a => a.Slot)]);
        foreach (var level in _levels)
        {
            foreach (var pass in level.Chunk(Math.Max(1, MaxAtOnce / Math.Max(1, records.Count)))) Compute(pass, records);
        }
        if (_table is not null)
        {
            _table.Answer(records, answers);
            return;
        }
        var cells = records.Cells();
        for (var record = 0; record < records.Count; record++)
        {
            var row = Load(record, records, cells);
            model.Score(row);
            answers.Add(row);
        }
    }

    public override void Clear(in Row row) => model.Clear(row);

    private void Compute(int[] pass, RecordTable records)
    {
        var values = pass.Select(i => new GroupedValue(aggregates[i], records.Count)).ToArray();
        var cells = records.Cells();
        for (var record = 0; record < records.Count; record++)
        {
            var row = Load(record, records, cells);
            foreach (var value in values) value.Add(record, row);
        }
        for (var i = 0; i < values.Length; i++) values[i].CopyTo(records.Carried!.Values, pass[i], aggregates.Length, records.Texts);
    }

    private Row Load(int record, RecordTable records, double[] cells)
    {
        var row = records.Load(record, cells);
        foreach (var history in histories) history.Advance(row);
        return row;
    }
}

/// <summary>The text of a multiset, which only a record that asks for it needs to be of bearable length.</summary>
internal sealed class MultisetExpression(int slot) : RowExpression(CellType.Text)
{
    public override double Evaluate(in Row row)
    {
        var cell = row[slot];
        return Cell.IsInvalid(cell) ? throw new RecordException($"the multiset of the record's group is longer than {GroupedValue.MaxText} characters") : cell;
    }
}

using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Rows.Tables;

/// <summary>
/// A model of groups of records: baskets, histories. Its answers are one a group, in the order in which the groups first appear; records of a group need not
/// stand together.
/// </summary>
/// <param name="keys">Records whose keys are equal make a group; without keys all records are one.</param>
/// <param name="members">What the model looks at in a record.</param>
/// <param name="skipsUngrouped">A record without a key is left out; else it is refused.</param>
internal abstract class GroupModel(ImmutableArray<RowOutput> keys, ImmutableArray<RowExpression> members, ModelResult result, bool skipsUngrouped = false) : TableModel(result)
{
    public override ImmutableArray<RowOutput> Keys => keys;

    /// <summary>Scores a group.</summary>
    /// <param name="records">The members of its records, one record after the other, as they came.</param>
    /// <param name="row">The group's first record; takes the result.</param>
    protected abstract void Score(ReadOnlySpan<double> records, in Row row);

    public override void Score(in Row row)
    {
        if (skipsUngrouped && !HasKey(row))
        {
            Clear(row);
            return;
        }
        Span<double> record = stackalloc double[16];
        if (members.Length > record.Length) record = new double[members.Length];
        record = record[..members.Length];
        Read(row, record);
        Score(record, row);
    }

    public override void Answer(RecordTable records, AnswerTable answers)
    {
        var cells = records.Cells();
        var width = members.Length;
        var read = new double[checked(records.Count * width)];
        var groups = new Groups(keys.Length, records.Count);
        Span<double> key = stackalloc double[16];
        if (keys.Length > key.Length) key = new double[keys.Length];
        key = key[..keys.Length];
        for (var record = 0; record < records.Count; record++)
        {
            var row = records.Load(record, cells);
            if (!TryReadKey(row, key))
            {
                groups.Skip(record);
                continue;
            }
            groups.Add(record, key);
            Read(row, read.AsSpan(record * width, width));
        }
        var group = new double[checked(groups.Largest * width)];
        foreach (var membership in groups.InOrder())
        {
            for (var i = 0; i < membership.Count; i++) read.AsSpan(membership.Record(i) * width, width).CopyTo(group.AsSpan(i * width));
            var row = records.Load(membership.Record(0), cells);
            Score(group.AsSpan(0, membership.Count * width), row);
            answers.Add(row);
        }
    }

    private bool HasKey(in Row row)
    {
        foreach (var key in keys)
        {
            if (Cell.IsMissing(key.Value.Evaluate(row))) return false;
        }
        return true;
    }

    private bool TryReadKey(in Row row, Span<double> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = keys[i].Value.Evaluate(row);
            if (!Cell.IsMissing(key[i])) continue;
            return skipsUngrouped ? false : throw new RecordException($"field '{keys[i].Name}': the value is missing, and it says which group the record belongs to");
        }
        return true;
    }

    private void Read(in Row row, Span<double> record)
    {
        for (var i = 0; i < record.Length; i++) record[i] = members[i].Evaluate(row);
    }
}

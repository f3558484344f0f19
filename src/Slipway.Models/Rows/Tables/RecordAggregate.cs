namespace Slipway.Models.Rows.Tables;

/// <summary>What is made of the values that a field has in the records of a group.</summary>
internal enum AggregateFunction : byte
{
    Count,
    Sum,
    Average,
    Minimum,
    Maximum,

    /// <summary>All of them, in the order of the records, as a text.</summary>
    Multiset,
}

/// <summary>
/// A value of all the records that share a group (PMML 4.4.1, Transformations: Aggregation), as SQL has it: missing values do not count, and a record without
/// a group belongs to none and has no value.
/// </summary>
/// <param name="Field">What is aggregated.</param>
/// <param name="Format">How a multiset writes the field's values.</param>
/// <param name="Group">Records with an equal value are a group; null when all records are one.</param>
/// <param name="Slot">Takes the value in every record.</param>
/// <param name="Level">Those of lower levels have to be known before, as the field or the group may be made of them.</param>
internal sealed record RecordAggregate(RowExpression Field, CellFormat Format, RowExpression? Group, AggregateFunction Function, int Slot, int Level)
{
    /// <summary>Missing for a record without a group.</summary>
    public double GroupOf(in Row row) => Group is null ? 0 : Group.Evaluate(row);

    /// <summary>The value of a record that is all of its group.</summary>
    public double Alone(in Row row)
    {
        if (Cell.IsMissing(GroupOf(row))) return Cell.Missing;
        var value = Field.Evaluate(row);
        return Function switch
        {
            AggregateFunction.Count => Cell.IsMissing(value) ? 0 : 1,
            AggregateFunction.Multiset => row.Texts.Intern(Cell.IsMissing(value) ? "[]" : $"[{Format.Print(value, row.Texts)}]"),
            _ => value,
        };
    }
}

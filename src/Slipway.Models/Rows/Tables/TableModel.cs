using System.Collections.Immutable;

namespace Slipway.Models.Rows.Tables;

/// <summary>
/// A model that answers a table rather than records: a group of records has one answer together, a record has many, or one that needs the others.
/// As a <see cref="RowModel"/> it scores a record that stands alone.
/// </summary>
internal abstract class TableModel(params ImmutableArray<ModelResult> results) : RowModel(results)
{
    /// <summary>The columns that say what an answer belongs to; they come before the others.</summary>
    public virtual ImmutableArray<RowOutput> Keys => [];

    /// <summary>Every record has one answer, in the table's order.</summary>
    public virtual bool AnswersByRecord => false;

    /// <summary>A table without any column counts as one record: the model needs no input.</summary>
    public virtual bool NeedsNoColumn => false;

    /// <summary>Answers a whole table.</summary>
    /// <exception cref="Core.RecordException">A record cannot be scored: the one that <paramref name="records"/> loaded last.</exception>
    public abstract void Answer(RecordTable records, AnswerTable answers);
}

using System.Collections.Immutable;

namespace Slipway.Models.Rows.Tables;

/// <summary>
/// A model whose answers are not one a record: a group of records has one answer together, or a record has many. As a <see cref="RowModel"/> it scores a
/// record that stands alone.
/// </summary>
internal abstract class TableModel(ModelResult result) : RowModel(result)
{
    /// <summary>The columns that say what an answer belongs to; they come before the others.</summary>
    public virtual ImmutableArray<RowOutput> Keys => [];

    /// <summary>A table without any column counts as one record: the model needs no input.</summary>
    public virtual bool NeedsNoColumn => false;

    /// <summary>Answers a whole table.</summary>
    /// <exception cref="Core.RecordException">A record cannot be scored: the one that <paramref name="records"/> loaded last.</exception>
    public abstract void Answer(RecordTable records, AnswerTable answers);
}

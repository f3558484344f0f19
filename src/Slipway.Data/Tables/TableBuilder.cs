using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Data;

/// <summary>
/// Builds a <see cref="Batch"/> row by row when their number is not known beforehand. A row is appended column by column in any order
/// and then ended; a row found bad on the way is abandoned and leaves no trace. Buffers are pooled and reused from batch to batch.
/// </summary>
public sealed class TableBuilder : IDisposable
{
    private readonly ImmutableArray<ColumnBuilder> _columns;

    public TableBuilder(TableSchema schema)
    {
        Schema = schema;
        _columns = [.. schema.Columns.Select(c => new ColumnBuilder(c))];
    }

    public TableSchema Schema { get; }

    /// <summary>Ended rows.</summary>
    public int Rows { get; private set; }

    public ColumnBuilder this[int column] => _columns[column];

    /// <summary>True when the row being built has a value (or a missing mark) in this column already.</summary>
    public bool Has(int column) => _columns[column].Count > Rows;

    /// <summary>Ends the row; columns that got nothing are missing in it.</summary>
    public void EndRow()
    {
        foreach (var column in _columns)
        {
            if (column.Count == Rows) column.AppendMissing();
        }
        Rows++;
    }

    /// <summary>Takes back what was appended since the last <see cref="EndRow"/>.</summary>
    public void AbandonRow()
    {
        foreach (var column in _columns) column.Truncate(Rows);
    }

    /// <summary>The ended rows as a batch that the caller owns; the builder is empty afterwards.</summary>
    public Batch Build()
    {
        AbandonRow();
        var batch = new Batch();
        foreach (var column in _columns)
        {
            batch.Add(column.Build());
            column.Clear();
        }
        Rows = 0;
        return batch;
    }

    public void Dispose()
    {
        foreach (var column in _columns) column.Release();
    }
}

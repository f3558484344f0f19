using Slipway.Core;

namespace Slipway.Data;

/// <summary>A table read from front to back, batch by batch, in bounded memory.</summary>
public interface ITableReader : IDisposable
{
    /// <summary>The columns, learnt from the header and the first rows (see <see cref="TableReadOptions.SampleRows"/>).</summary>
    TableSchema Schema { get; }

    /// <summary>
    /// Up to <paramref name="maxRows"/> rows (bad ones count, and are in <see cref="Faults"/> instead); null at the end.
    /// The caller disposes the batch.
    /// </summary>
    Batch? Read(int maxRows);

    /// <summary>Where each row of the last <see cref="Read"/>'s batch starts in the file: lines, counted from 1.</summary>
    IReadOnlyList<long> Lines { get; }

    /// <summary>What the numbers of <see cref="Lines"/> count.</summary>
    string LineName => "line";

    /// <summary>The bad rows met by the last <see cref="Read"/>.</summary>
    IReadOnlyList<TableFault> Faults { get; }
}

/// <summary>A table written from front to back. Disposing it completes the file.</summary>
public interface ITableWriter : IDisposable
{
    /// <summary>Appends the batch's rows. Every batch must have the columns of the first one.</summary>
    /// <exception cref="RecordException">The columns differ from those of the first batch.</exception>
    void Write(Batch rows);
}

/// <summary>A row that could not be read.</summary>
/// <param name="Line">Where it starts in the file, counted from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Raw">The row as it stands in the file.</param>
public sealed record TableFault(long Line, string Reason, string Raw);

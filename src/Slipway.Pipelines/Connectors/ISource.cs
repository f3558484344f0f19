using Slipway.Core;

namespace Slipway.Pipelines.Connectors;

/// <summary>Configuration of a source: one key under <c>source:</c> names it.</summary>
public abstract record SourceSpec
{
    public abstract ISource Open(ConnectorContext context);
}

/// <summary>What a connector gets from its host.</summary>
/// <param name="Folder">Relative paths in the spec are below this folder.</param>
/// <param name="UseCase">For messages, idempotency keys and logs.</param>
public sealed record ConnectorContext(string UseCase, string Folder, TimeProvider Time, Secrets Secrets, Microsoft.Extensions.Logging.ILogger Log);

/// <summary>
/// Where rows come from. A source has no memory of its own: the position of what was acted on is given with every read,
/// so that after a crash reading goes on exactly there (at least once, in order).
/// </summary>
public interface ISource : IAsyncDisposable
{
    /// <summary>The columns of this source; null while there is nothing yet to learn them from (no file so far).</summary>
    /// <exception cref="SlipwayException">The source cannot be reached or understood; trying again later may help.</exception>
    ValueTask<TableSchema?> DiscoverAsync(CancellationToken cancellation);

    /// <summary>The columns are learnt from the data, so that more data might teach something else: what was learnt first is kept as long as the use case file stays the same.</summary>
    bool LearnsColumns => false;

    /// <summary>Reads up to <paramref name="maxRows"/> rows after <paramref name="position"/> (null: from the start); null when there is nothing new now.</summary>
    ValueTask<SourceBatch?> ReadAsync(TableSchema schema, string? position, int maxRows, CancellationToken cancellation);

    /// <summary>Reads quarantined rows again from their <see cref="SourceBatch.Raw"/> form. Rows that still cannot be read go to <see cref="SourceBatch.Faults"/>.</summary>
    SourceBatch Parse(TableSchema schema, IReadOnlyList<string> raw);
}

/// <summary>Rows read in one go. Dispose it.</summary>
/// <param name="Rows">The good rows, columns as in the schema.</param>
/// <param name="Raw">For each good row, the row in the source's own words.</param>
/// <param name="Faults">Rows that could not be read, with their raw text.</param>
/// <param name="Position">Opaque JSON: where to go on once these rows are acted on.</param>
public sealed record SourceBatch(Batch Rows, IReadOnlyList<string> Raw, IReadOnlyList<SourceFault> Faults, string Position) : IDisposable
{
    public void Dispose() => Rows.Dispose();
}

/// <summary>A row that could not be read: why, and the row itself.</summary>
public sealed record SourceFault(string Reason, string Raw);

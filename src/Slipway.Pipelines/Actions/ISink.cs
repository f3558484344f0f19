using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.Actions;

/// <summary>Configuration of a sink: the key beside <c>when:</c> under <c>act:</c> names it.</summary>
public abstract record SinkSpec
{
    /// <summary>What can be said against the spec without opening anything: for <c>slipway check</c> and before a use case starts.</summary>
    /// <exception cref="SpecException">The spec does not fit the columns; paths are relative to its body.</exception>
    public virtual void Check(TableSchema schema)
    {
    }

    /// <param name="schema">The columns that rows will have: source columns after preparation, then the model's outputs.</param>
    /// <exception cref="SpecException">The spec does not fit the columns.</exception>
    public abstract ISink Open(TableSchema schema, ConnectorContext context);
}

/// <summary>Where answers go. A sink may see the same rows again after a crash (at least once).</summary>
public interface ISink : IAsyncDisposable
{
    /// <summary>Returns when all rows are accepted durably by the other side; throws when not all were, and the batch will be given again.</summary>
    /// <param name="deliveryId">The same for every attempt to deliver the same rows: for idempotency keys.</param>
    /// <exception cref="RecordException">
    /// The other side refuses a row, and always will. Which one, shows when they are given one by one; the others may or may not be written.
    /// </exception>
    /// <exception cref="SlipwayException">The other side cannot take the rows now; trying again later may help.</exception>
    ValueTask WriteAsync(Batch rows, string deliveryId, CancellationToken cancellation);
}

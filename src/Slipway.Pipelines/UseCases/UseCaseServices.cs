using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.UseCases;

/// <summary>What use cases need from the process that runs them.</summary>
/// <param name="Samples">Null: no rows are kept, whatever the file says.</param>
/// <param name="WatchScope">What watches may speak of, given the columns that are kept; null leaves watches unchecked.</param>
public sealed record UseCaseServices(
    IUseCaseStore Store, IScorer Scorer, ISampleRecorder? Samples, Secrets Secrets, TimeProvider Time, ILogger Log,
    Func<TableSchema, IWatchScope>? WatchScope = null)
{
    public ConnectorContext Context(string useCase, string folder) => new(useCase, folder, Time, Secrets, Log);
}

using System.Text.Json;
using Slipway.App.Api;
using Slipway.Core;

namespace Slipway.App.Control;

/// <summary>
/// What people do to a Slipway environment: the verbs of the command line and the management API. Behind it is a data folder on this machine
/// (<see cref="LocalControlPlane"/>) or a server (<see cref="RemoteControlPlane"/>).
/// </summary>
public interface IControlPlane : IAsyncDisposable
{
    /// <param name="progress">Share done, 0 to 1, and what is at hand.</param>
    Task<PushAnswer> PushAsync(string name, string path, string? alias, string? why, Action<double, string>? progress, CancellationToken cancellation);

    Task<IReadOnlyList<ModelView>> ModelsAsync(CancellationToken cancellation);

    Task<ModelView> ModelAsync(string name, CancellationToken cancellation);

    Task<IReadOnlyList<AliasChange>> HistoryAsync(string name, CancellationToken cancellation);

    /// <param name="version">Null removes the alias.</param>
    Task<ModelView> SetAliasAsync(string name, string alias, int? version, string? why, CancellationToken cancellation);

    /// <summary>Writes a version's package into a new or empty folder; returns the version.</summary>
    Task<int> PullAsync(ModelReference reference, string folder, CancellationToken cancellation);

    Task<UseCaseView> ApplyAsync(string name, ApplyRequest request, CancellationToken cancellation);

    Task<IReadOnlyList<UseCaseView>> UseCasesAsync(CancellationToken cancellation);

    Task<UseCaseDetail> UseCaseAsync(string name, CancellationToken cancellation);

    Task RemoveUseCaseAsync(string name, CancellationToken cancellation);

    Task<UseCaseView> SetPausedAsync(string name, bool paused, CancellationToken cancellation);

    /// <summary>Runs a use case now, once, over everything new in its source.</summary>
    Task<UseCaseView> RunAsync(string name, CancellationToken cancellation);

    Task<IReadOnlyList<QuarantinedRow>> QuarantineAsync(string useCase, int limit, CancellationToken cancellation);

    Task<ReplayAnswer> ReplayAsync(string useCase, IReadOnlyList<long> ids, CancellationToken cancellation);

    Task<int> DropAsync(string useCase, IReadOnlyList<long> ids, CancellationToken cancellation);

    Task<IReadOnlyList<Sample>> SamplesAsync(string useCase, int limit, CancellationToken cancellation);

    Task LabelAsync(string sampleId, JsonElement label, CancellationToken cancellation);

    Task<IReadOnlyList<Alert>> AlertsAsync(string? useCase, int limit, CancellationToken cancellation);
}

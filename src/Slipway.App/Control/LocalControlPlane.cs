using System.Text.Json;
using Slipway.App.Api;
using Slipway.Core;
using Slipway.Models;

namespace Slipway.App.Control;

/// <summary>
/// A data folder on this machine, with the engine that runs on it when this process is the server.
/// The management API is this with a caller's name; the command line without <c>--server</c> is this without an engine.
/// </summary>
public sealed partial class LocalControlPlane : IControlPlane
{
    private readonly DataFolder _data;
    private readonly Engine? _engine;
    private readonly string _who;
    private readonly bool _ownsData;

    private LocalControlPlane(DataFolder data, Engine? engine, string who, bool ownsData) => (_data, _engine, _who, _ownsData) = (data, engine, who, ownsData);

    /// <summary>Opens a data folder; disposing the plane closes it.</summary>
    public static LocalControlPlane Open(string dataFolder, string who) => new(DataFolder.Open(dataFolder, TimeProvider.System), null, who, ownsData: true);

    /// <summary>The plane of a running engine, for one caller.</summary>
    public static LocalControlPlane Of(Engine engine, string who) => new(engine.Data, engine, who, ownsData: false);

    public async Task<PushAnswer> PushAsync(string name, string path, string? alias, string? why, Action<double, string>? progress, CancellationToken cancellation)
    {
        var registrar = new Registrar(_data.Registry, _data.Artifacts, Runtimes.Default);
        var version = await registrar.PushAsync(name, path, alias, _who, why, progress, cancellation);
        _engine?.Models.Poke();
        return Views.Push(version, alias);
    }

    public Task<IReadOnlyList<ModelView>> ModelsAsync(CancellationToken cancellation) => Task.FromResult(Views.Models(_data.Registry.Snapshot(), _engine?.Models));

    public Task<ModelView> ModelAsync(string name, CancellationToken cancellation) => Task.FromResult(Views.Model(_data.Registry.Snapshot(), name, _engine?.Models));

    public async Task<IReadOnlyList<AliasChange>> HistoryAsync(string name, CancellationToken cancellation)
    {
        await ModelAsync(name, cancellation);
        return _data.Registry.History(name);
    }

    public Task<ModelView> SetAliasAsync(string name, string alias, int? version, string? why, CancellationToken cancellation)
    {
        Names.Require(alias, "alias");
        _data.Registry.SetAlias(name, alias, version, _who, why);
        _engine?.Models.Poke();
        return ModelAsync(name, cancellation);
    }

    public Task<int> PullAsync(ModelReference reference, string folder, CancellationToken cancellation)
    {
        var version = _data.Registry.Snapshot().Resolve(reference);
        var package = _data.Artifacts.Materialize(version);
        foreach (var file in version.Files)
        {
            var target = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(package, file.Path), target);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.UserWrite);
        }
        return Task.FromResult(version.Version);
    }

    public Task<IReadOnlyList<Sample>> SamplesAsync(string useCase, int limit, CancellationToken cancellation) =>
        Task.FromResult(_data.Samples.Read(new SampleQuery(UseCase: useCase, Limit: limit)));

    public Task LabelAsync(string sampleId, JsonElement label, CancellationToken cancellation) => label.ValueKind == JsonValueKind.Undefined
        ? throw new SlipwayException("the label is missing: send {\"label\": …} with a number, true, false, or text")
        : _data.Samples.SetLabel(sampleId, label.GetRawText(), TimeProvider.System.GetUtcNow())
            ? Task.CompletedTask
            : throw new NotFoundException($"no sample has the id '{sampleId}'; it may be past its retention");

    public Task<IReadOnlyList<Alert>> AlertsAsync(string? useCase, int limit, CancellationToken cancellation) =>
        Task.FromResult(_data.Alerts.List(string.IsNullOrEmpty(useCase) ? null : useCase, limit));

    public ValueTask DisposeAsync()
    {
        if (_ownsData) _data.Dispose();
        return ValueTask.CompletedTask;
    }
}

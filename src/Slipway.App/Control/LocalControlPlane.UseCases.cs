using Slipway.App.Api;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Control;

public sealed partial class LocalControlPlane
{
    public async Task<UseCaseView> ApplyAsync(string name, ApplyRequest request, CancellationToken cancellation)
    {
        var document = UseCaseSpec.Read(request.Yaml);
        if (document.Value.UseCase != name) throw new SlipwayException($"the file is about '{document.Value.UseCase}', not '{name}'");
        RequireUsableModel(document);
        _data.UseCases.Apply(name, request.Yaml, Path.GetFullPath(request.Folder ?? "."), _who);
        if (_engine is not null) await _engine.RefreshAsync(cancellation);
        return UseCaseViews.One(_data, _engine, name);
    }

    public Task<IReadOnlyList<UseCaseView>> UseCasesAsync(CancellationToken cancellation) => Task.FromResult(UseCaseViews.All(_data, _engine));

    public Task<UseCaseDetail> UseCaseAsync(string name, CancellationToken cancellation)
    {
        var view = UseCaseViews.One(_data, _engine, name);
        var deployed = _data.UseCases.Find(name)!;
        return Task.FromResult(new UseCaseDetail(
            view, deployed.Yaml, deployed.Folder, _data.UseCases.Runs(name, 20), _engine is null ? [] : UseCaseViews.Predictions(_engine, name), _engine?.Monitors.Latest(name),
            _engine is null ? null : UseCaseViews.History(_engine, name)));
    }

    public async Task RemoveUseCaseAsync(string name, CancellationToken cancellation)
    {
        if (!_data.UseCases.Remove(name)) throw new NotFoundException($"no use case is called '{name}'");
        if (_engine is not null) await _engine.RefreshAsync(cancellation);
    }

    public async Task<UseCaseView> SetPausedAsync(string name, bool paused, CancellationToken cancellation)
    {
        UseCaseViews.One(_data, _engine, name);
        _data.UseCases.SetPaused(name, paused);
        if (_engine is not null) await _engine.RefreshAsync(cancellation);
        return UseCaseViews.One(_data, _engine, name);
    }

    public Task<UseCaseView> RunAsync(string name, CancellationToken cancellation) => WithEngineAsync(async engine =>
    {
        await engine.UseCases.RunNowAsync(name, cancellation);
        return UseCaseViews.One(_data, engine, name);
    }, cancellation);

    public Task<IReadOnlyList<QuarantinedRow>> QuarantineAsync(string useCase, int limit, CancellationToken cancellation) =>
        Task.FromResult(_data.UseCases.Quarantine(useCase, limit));

    public Task<ReplayAnswer> ReplayAsync(string useCase, IReadOnlyList<long> ids, CancellationToken cancellation) => WithEngineAsync(async engine =>
    {
        RequireOwn(useCase, ids);
        var result = await engine.UseCases.ReplayAsync([.. ids], cancellation);
        return new ReplayAnswer(result.Released, result.StillBad.Count);
    }, cancellation);

    public Task<int> DropAsync(string useCase, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        RequireOwn(useCase, ids);
        return Task.FromResult(_data.UseCases.Release(ids));
    }

    /// <summary>The model may come later, and the use case waits for it; one that is there must be one that a use case can have.</summary>
    private void RequireUsableModel(SpecDocument<UseCaseSpec> document)
    {
        ModelVersion version;
        try
        {
            version = _data.Registry.Snapshot().Resolve(document.Value.Model);
        }
        catch (NotFoundException)
        {
            return;
        }
        UseCaseCompiler.RequireUsable(document, version.Signature);
    }

    private void RequireOwn(string useCase, IReadOnlyList<long> ids)
    {
        var own = _data.UseCases.Quarantined(ids).Where(row => row.UseCase == useCase).Select(row => row.Id).ToHashSet();
        var foreign = ids.Where(id => !own.Contains(id)).Take(10).ToArray();
        if (foreign.Length > 0) throw new NotFoundException($"no row {string.Join(", ", foreign)} of '{useCase}' is in quarantine");
    }

    private async Task<T> WithEngineAsync<T>(Func<Engine, Task<T>> work, CancellationToken cancellation)
    {
        if (_engine is not null) return await work(_engine);
        await using var temporary = await TemporaryEngine.StartAsync(_data, cancellation);
        return await work(temporary.Engine);
    }
}

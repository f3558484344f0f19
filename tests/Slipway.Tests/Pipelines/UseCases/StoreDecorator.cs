using Slipway.Core;

namespace Slipway.Tests.Pipelines.UseCases;

/// <summary>A real store, of which a test may break one call.</summary>
internal abstract class StoreDecorator(IUseCaseStore inner) : IUseCaseStore
{
    protected IUseCaseStore Inner => inner;

    public IReadOnlyList<DeployedUseCase> List() => inner.List();

    public DeployedUseCase? Find(string name) => inner.Find(name);

    public DeployedUseCase Apply(string name, string yaml, string folder, string who) => inner.Apply(name, yaml, folder, who);

    public void SetPaused(string name, bool paused) => inner.SetPaused(name, paused);

    public bool Remove(string name) => inner.Remove(name);

    public TableSchema? LearntColumns(string useCase, int revision) => inner.LearntColumns(useCase, revision);

    public void KeepLearntColumns(string useCase, int revision, TableSchema columns) => inner.KeepLearntColumns(useCase, revision, columns);

    public virtual string? Position(string useCase) => inner.Position(useCase);

    public virtual void Commit(string useCase, string position, IReadOnlyList<QuarantinedRow> bad) => inner.Commit(useCase, position, bad);

    public virtual long StartRun(string useCase, string trigger) => inner.StartRun(useCase, trigger);

    public virtual void EndRun(long run, RunState state, long read, long acted, long bad, string? error) => inner.EndRun(run, state, read, acted, bad, error);

    public IReadOnlyList<Run> Runs(string? useCase, int limit = 50) => inner.Runs(useCase, limit);

    public IReadOnlyList<QuarantinedRow> Quarantine(string? useCase, int limit = 100) => inner.Quarantine(useCase, limit);

    public IReadOnlyList<QuarantinedRow> Quarantined(IReadOnlyCollection<long> ids) => inner.Quarantined(ids);

    public long QuarantineCount(string useCase) => inner.QuarantineCount(useCase);

    public int Release(IReadOnlyList<long> ids) => inner.Release(ids);
}

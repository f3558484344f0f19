using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.UseCases;

/// <summary>Brings a deployed use case from its text to something that runs, with the source and the model as they are now.</summary>
internal sealed class UseCaseBinder(DeployedUseCase deployed, UseCaseServices services, UseCaseCounters counters, BackOff backOff, Action<string?> trouble)
{
    private readonly Lazy<SpecDocument<UseCaseSpec>> _document = new(() => UseCaseSpec.Read(deployed.Yaml, deployed.Name), LazyThreadSafetyMode.PublicationOnly);

    /// <exception cref="SpecException">The stored text no longer reads.</exception>
    public UseCaseSpec Spec => _document.Value.Value;

    /// <exception cref="NotFoundException">The model is not there.</exception>
    public Signature CurrentSignature => services.Scorer.SignatureOf(Spec.Model);

    /// <exception cref="NotReadyException">The source has no columns yet.</exception>
    /// <exception cref="SlipwayException">The source cannot be reached, or source, file and model do not fit together.</exception>
    public async ValueTask<ReadyUseCase> BindAsync(CancellationToken cancellation)
    {
        var signature = CurrentSignature;
        var source = Spec.Source.Open(services.Context(deployed.Name, deployed.Folder));
        try
        {
            var learnt = source.LearnsColumns ? services.Store.LearntColumns(deployed.Name, deployed.Revision) : null;
            var schema = learnt ?? await source.DiscoverAsync(cancellation) ?? throw new NotReadyException("the source has nothing yet to learn its columns from");
            var bound = UseCaseCompiler.Bind(_document.Value, schema, signature, services.WatchScope);
            if (learnt is null && source.LearnsColumns) services.Store.KeepLearntColumns(deployed.Name, deployed.Revision, schema);
            return new ReadyUseCase(await CompiledUseCase.CompileAsync(bound, services, deployed.Folder, counters, backOff, trouble), source);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }
}

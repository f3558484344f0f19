using Slipway.Core;

namespace Slipway.Serving;

/// <summary>
/// The one way to score: every protocol, trigger and tool is a thin caller of this. Binds the inputs to the version's signature, runs it, and measures.
/// </summary>
public sealed class DataPlane(ModelHost host, TimeProvider time) : IScorer
{
    /// <inheritdoc/>
    public Signature SignatureOf(ModelReference model) => Find(model).Version.Signature;

    /// <inheritdoc/>
    public ValueTask<Scored> InferAsync(ModelReference model, Batch inputs, bool allowExtra, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var version = Find(model);
            if (TryInfer(version, inputs, allowExtra, out var outputs)) return new ValueTask<Scored>(new Scored(outputs, version.Version.Name, version.Version.Version));
        }
    }

    /// <summary>
    /// Scores on a version found in the current snapshot. False when it began to drain since: the snapshot has changed, so look it up again.
    /// </summary>
    /// <exception cref="RecordException">The inputs do not fit the signature.</exception>
    internal bool TryInfer(ServedVersion version, Batch inputs, bool allowExtra, out Batch outputs)
    {
        outputs = null!;
        if (!version.TryAcquire(out var model)) return false;
        var start = time.GetTimestamp();
        Batch? bound = null;
        try
        {
            bound = InputBinding.Bind(model.Signature, inputs, allowExtra);
            outputs = model.Run(bound);
            version.Record(time.GetElapsedTime(start), bound.Count == 0 ? 1 : bound[0].Rows);
            return true;
        }
        catch
        {
            version.RecordFailure();
            throw;
        }
        finally
        {
            if (bound is not null && !ReferenceEquals(bound, inputs)) bound.Dispose();
            version.Release();
        }
    }

    private ServedVersion Find(ModelReference reference)
    {
        while (true)
        {
            var snapshot = host.Current;
            var model = snapshot.Find(reference.Name) ?? throw new NotFoundException(NoModel(snapshot, reference.Name));
            var version = reference.Version is { } number ? model.FindVersion(number) : reference.Alias is { } alias ? model.FindAlias(alias)?.Serving : model.Default.Serving;
            switch (version?.Status.State)
            {
                case VersionState.Ready: return version;
                case VersionState.Draining or VersionState.Unloaded: continue;
                default: throw new NotFoundException(NoVersion(model, reference.Version?.ToString() ?? reference.Alias ?? ""));
            }
        }
    }

    internal static string NoModel(ServingSnapshot snapshot, string name) => snapshot.Models.IsEmpty
        ? $"no model is called '{name}', and none is registered"
        : $"no model is called '{name}'; there are: {string.Join(", ", snapshot.Models.Select(m => m.Name).Order(StringComparer.Ordinal).Take(20))}";

    /// <summary>Why a version number, an alias, or (of empty text) the bare name of a model does not answer.</summary>
    internal static string NoVersion(ServedModel model, string versionOrAlias)
    {
        if (versionOrAlias.Length == 0) return $"model '{model.Name}': {model.Default.Note}";
        if (int.TryParse(versionOrAlias, out var number))
        {
            var version = model.FindVersion(number);
            if (version is null) return $"model '{model.Name}' has no version {number} loaded; loaded: {string.Join(", ", model.Versions.Select(v => v.Number))}. A version is loaded when an alias points to it";
            return $"model {version} is {(version.Status.State == VersionState.Failed ? "not served: " + version.Status.Reason : "loading")}";
        }
        return model.FindAlias(versionOrAlias) is { } route
            ? $"model '{model.Name}', alias '{versionOrAlias}': {route.Note}"
            : $"model '{model.Name}' has no alias '{versionOrAlias}'; it has: {(model.Aliases.IsEmpty ? "none" : string.Join(", ", model.Aliases.Select(a => a.Alias).Order(StringComparer.Ordinal)))}";
    }
}

using System.Collections.Immutable;
using Slipway.Core.Specs;

namespace Slipway.Core;

/// <summary>One file of a package: its path inside the package (forward slashes) and where its bytes are in the artifact store.</summary>
public sealed record PackageFile(string Path, string Sha256, long Size);

/// <summary>Where a version came from. All optional, free text.</summary>
[Summary("Where a model version came from. All optional, free text.")]
public sealed record Lineage(
    [Summary("The run that made it.")] string? Run = null,
    [Summary("The data it was trained on: a name, a path, a digest.")] string? Data = null,
    [Summary("The code that trained it: a commit, a script.")] string? Code = null,
    [Summary("The library that trained it, with its version.")] string? Trainer = null,
    [Summary("The version it was trained further from.")] string? Parent = null,
    [Summary("Anything else.")] string? Note = null);

/// <summary>The result of replaying a package's recorded rows.</summary>
/// <param name="Rows">Rows compared; 0 when the package has none.</param>
/// <param name="MaxUlp">Worst distance in units in the last place of the output's own type, over elements that differ.</param>
/// <param name="Reason">Why it did not pass; null when it did.</param>
public sealed record ParityReport(bool Passed, int Rows, double MaxAbsolute, double MaxRelative, long MaxUlp, string? Reason)
{
    /// <summary>A package without recorded rows: nothing to compare, which is said, not hidden.</summary>
    public static ParityReport Nothing { get; } = new(true, 0, 0, 0, 0, null);
}

/// <summary>An immutable version in the registry. Versions count from 1 for each model name.</summary>
/// <param name="Digest">SHA-256 over the sorted list of the package's files: the same content always has the same digest.</param>
public sealed record ModelVersion(
    string Name, int Version, string Digest, string Runtime, string Format, Signature Signature,
    ImmutableArray<PackageFile> Files, Lineage Lineage, ParityReport Parity, DateTimeOffset CreatedAt, string CreatedBy)
{
    public override string ToString() => $"{Name}/{Version}";
}

/// <summary>What a new version is made of; the registry gives the number.</summary>
public sealed record NewVersion(
    string Name, string Runtime, string Format, Signature Signature, ImmutableArray<PackageFile> Files, Lineage Lineage, ParityReport Parity, string CreatedBy);

/// <summary>One move of an alias. <paramref name="To"/> is null when the alias was removed.</summary>
public sealed record AliasChange(string Model, string Alias, int? From, int? To, string Who, DateTimeOffset When, string? Why);

/// <summary>Everything the registry says at one moment; immutable.</summary>
/// <param name="Aliases">Model name → alias → version.</param>
public sealed record RegistrySnapshot(
    ImmutableArray<ModelVersion> Versions, ImmutableDictionary<string, ImmutableDictionary<string, int>> Aliases)
{
    /// <summary>The version a reference means: by alias or number; a bare name means <c>champion</c> if that alias exists, else the newest version.</summary>
    /// <exception cref="NotFoundException">There is none; the message lists what there is.</exception>
    public ModelVersion Resolve(ModelReference reference)
    {
        var versions = Versions.Where(v => v.Name == reference.Name).ToArray();
        if (versions.Length == 0) throw new NotFoundException($"no model is called '{reference.Name}'; register one with: slipway push {reference.Name} PATH");
        var aliases = Aliases.GetValueOrDefault(reference.Name, ImmutableDictionary<string, int>.Empty);
        int wanted;
        if (reference.Version is { } number) wanted = number;
        else if (reference.Alias is { } alias)
        {
            if (!aliases.TryGetValue(alias, out wanted))
            {
                throw new NotFoundException($"model '{reference.Name}' has no alias '{alias}'; {(aliases.IsEmpty ? "it has none" : "it has: " + string.Join(", ", aliases.Keys.Order(StringComparer.Ordinal)))}");
            }
        }
        else wanted = aliases.TryGetValue("champion", out var champion) ? champion : versions.Max(v => v.Version);
        return versions.FirstOrDefault(v => v.Version == wanted)
            ?? throw new NotFoundException($"model '{reference.Name}' has no version {wanted}; the newest is {versions.Max(v => v.Version)}");
    }
}

/// <summary>Versions, aliases and their history. Every write is durable when the call returns; a version never changes.</summary>
public interface IRegistry
{
    RegistrySnapshot Snapshot();

    /// <summary>Adds a version whose files are already in the artifact store. The same content (digest) under the same name returns the version that is there.</summary>
    /// <param name="alias">Moves this alias to the version in the same transaction.</param>
    ModelVersion Add(NewVersion version, string? alias = null, string? why = null);

    /// <summary>Moves (or, with null, removes) an alias and records who, when, from, to, why.</summary>
    /// <exception cref="NotFoundException">No such version.</exception>
    void SetAlias(string model, string alias, int? version, string who, string? why);

    /// <summary>Moves of this model's aliases, newest first.</summary>
    IReadOnlyList<AliasChange> History(string model, int limit = 100);

    /// <summary>A number that grows with every change, also by another process on the same data folder: for cheap polling.</summary>
    long ChangeCounter();
}

/// <summary>Content-addressed files: written once, never changed. A half-written file is never visible.</summary>
public interface IArtifactStore
{
    /// <summary>Stores the stream durably and returns its SHA-256 (lower-case hex) and size.</summary>
    ValueTask<(string Sha256, long Size)> PutAsync(Stream content, CancellationToken cancellation);

    bool Contains(string sha256);

    /// <summary>Opens a stored file for reading.</summary>
    /// <exception cref="NotFoundException">No such file.</exception>
    Stream OpenRead(string sha256);

    /// <summary>A read-only folder on this machine that holds the package's files under their own names, its content checked against the digests.</summary>
    /// <exception cref="ModelException">A file is absent or its content no longer has its digest.</exception>
    string Materialize(ModelVersion version);
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Serving;

/// <summary>Which version answers for a name.</summary>
/// <param name="Alias">The alias; empty for the bare model name.</param>
/// <param name="Target">The version it should mean.</param>
/// <param name="Serving">The version that answers: the target once it is ready, until then the last good one; null when there is none.</param>
/// <param name="Note">Why the target does not answer; null when it does.</param>
public sealed record Route(string Alias, int Target, ServedVersion? Serving, string? Note);

/// <summary>One model at one moment; immutable.</summary>
public sealed class ServedModel
{
    private readonly FrozenDictionary<string, Route> _aliases;
    private readonly FrozenDictionary<string, Route>.AlternateLookup<ReadOnlySpan<char>> _byAlias;

    internal ServedModel(string name, Route bare, IEnumerable<Route> aliases, ImmutableArray<ServedVersion> versions)
    {
        Name = name;
        Default = bare;
        Versions = versions;
        _aliases = aliases.ToFrozenDictionary(r => r.Alias, StringComparer.Ordinal);
        _byAlias = _aliases.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    /// <summary>What the bare name means.</summary>
    public Route Default { get; }

    public ImmutableArray<Route> Aliases => _aliases.Values;

    /// <summary>Every version that is loading, ready or failed, ascending.</summary>
    public ImmutableArray<ServedVersion> Versions { get; }

    public Route? FindAlias(ReadOnlySpan<char> alias) => _byAlias.TryGetValue(alias, out var route) ? route : null;

    public ServedVersion? FindVersion(int number)
    {
        foreach (var version in Versions)
        {
            if (version.Version.Version == number) return version;
        }
        return null;
    }

    /// <summary>Whether there is such a version number or alias, ready or not; empty text is the bare name.</summary>
    public bool IsKnown(ReadOnlySpan<char> versionOrAlias) =>
        versionOrAlias.IsEmpty || FindAlias(versionOrAlias) is not null || (TryNumber(versionOrAlias, out var number) && FindVersion(number) is not null);

    /// <summary>The version that a known version number or alias should mean.</summary>
    public int TargetOf(ReadOnlySpan<char> versionOrAlias) =>
        versionOrAlias.IsEmpty ? Default.Target : TryNumber(versionOrAlias, out var number) && FindVersion(number) is not null ? number : FindAlias(versionOrAlias)!.Target;

    /// <summary>The version that answers to a version number or an alias; of empty text, to the bare name.</summary>
    public ServedVersion? Find(ReadOnlySpan<char> versionOrAlias)
    {
        if (versionOrAlias.IsEmpty) return Default.Serving;
        return TryNumber(versionOrAlias, out var number) && FindVersion(number) is { } version ? version : FindAlias(versionOrAlias)?.Serving;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>Everything the hot path looks up, swapped as a whole.</summary>
public sealed class ServingSnapshot
{
    private readonly FrozenDictionary<string, ServedModel> _models;
    private readonly FrozenDictionary<string, ServedModel>.AlternateLookup<ReadOnlySpan<char>> _byName;

    internal ServingSnapshot(IEnumerable<ServedModel> models, ImmutableArray<ServedVersion> draining, bool registryRead)
    {
        _models = models.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
        _byName = _models.GetAlternateLookup<ReadOnlySpan<char>>();
        Draining = draining;
        RegistryRead = registryRead;
    }

    internal static ServingSnapshot Empty { get; } = new([], [], registryRead: false);

    public ImmutableArray<ServedModel> Models => _models.Values;

    /// <summary>Versions no longer routed to whose last requests are running.</summary>
    public ImmutableArray<ServedVersion> Draining { get; }

    /// <summary>False until the registry has been read once.</summary>
    public bool RegistryRead { get; }

    public ServedModel? Find(ReadOnlySpan<char> name) => _byName.TryGetValue(name, out var model) ? model : null;

    /// <summary>Why this process is not ready yet; empty when it is. What failed for good does not count: waiting would not help.</summary>
    public IReadOnlyList<string> NotReady()
    {
        if (!RegistryRead) return ["the registry has not been read yet"];
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var model in Models)
        {
            foreach (var route in model.Aliases.Append(model.Default))
            {
                if (route.Serving is null && model.FindVersion(route.Target)?.Status.State == VersionState.Loading) reasons.Add($"{model.Name}/{route.Target} is loading");
            }
        }
        return [.. reasons];
    }

    /// <summary>Routes whose target does not answer, and versions that failed, each with its reason; empty when all is well.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var model in Models)
        {
            foreach (var version in model.Versions)
            {
                if (version.Status is { State: VersionState.Failed, Reason: var reason }) problems.Add($"{version} failed: {reason}");
            }
            foreach (var route in model.Aliases.Append(model.Default))
            {
                if (route.Note is not null) problems.Add($"{model.Name}{(route.Alias.Length == 0 ? "" : "@" + route.Alias)}: {route.Note}");
            }
        }
        return [.. problems];
    }
}

using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Serving;

/// <summary>What of one model should be loaded, and which version each alias means.</summary>
/// <param name="Versions">The versions to load, ascending; a version not listed is unloaded.</param>
/// <param name="Default">What the bare name means: the version of <see cref="WantedModels.DefaultAlias"/>, else the newest.</param>
public sealed record WantedModel(string Name, ImmutableArray<ModelVersion> Versions, ImmutableSortedDictionary<string, int> Aliases, int Default);

/// <summary>The version policy: every version that has an alias, and the newest of each model. A pure function of the registry.</summary>
public static class WantedModels
{
    /// <summary>The alias that a bare model name means.</summary>
    public const string DefaultAlias = "champion";

    /// <summary>The whole wanted set, by model name; a model that is absent is unloaded.</summary>
    public static ImmutableSortedDictionary<string, WantedModel> Of(RegistrySnapshot registry)
    {
        var wanted = ImmutableSortedDictionary.CreateBuilder<string, WantedModel>(StringComparer.Ordinal);
        foreach (var model in registry.Versions.GroupBy(v => v.Name))
        {
            var versions = model.ToDictionary(v => v.Version);
            var newest = versions.Keys.Max();
            var aliases = registry.Aliases.GetValueOrDefault(model.Key, ImmutableDictionary<string, int>.Empty)
                .Where(a => versions.ContainsKey(a.Value))
                .ToImmutableSortedDictionary(StringComparer.Ordinal);
            wanted[model.Key] = new WantedModel(
                model.Key,
                [.. aliases.Values.Append(newest).Distinct().Order().Select(number => versions[number])],
                aliases,
                aliases.GetValueOrDefault(DefaultAlias, newest));
        }
        return wanted.ToImmutable();
    }
}

using System.Collections.Immutable;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>A mapping with free keys; every value has the same shape.</summary>
internal abstract class MapShape(SpecShape value) : SpecShape
{
    public SpecShape Value { get; } = value;

    public override string Expected(ComponentCatalog catalog) => "a mapping";

    protected override string NullHint => ", {} for none";
}

/// <summary>In the order of the file wherever <paramref name="target"/> keeps one (all but <see cref="ImmutableDictionary{TKey, TValue}"/>).</summary>
internal sealed class MapShape<T>(SpecShape value, Type target) : MapShape(value)
{
    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (node is not MappingNode mapping) return WrongKind(node, path, reading);
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, T>>(mapping.Entries.Count);
        foreach (var (key, _, child) in mapping.Entries)
        {
            var entry = Value.Read(child, path.Key(key), reading);
            if (!ReferenceEquals(entry, SpecReading.Failed)) entries.Add(KeyValuePair.Create(key, (T)entry!));
        }
        if (entries.Count < mapping.Entries.Count) return SpecReading.Failed;
        if (target == typeof(ImmutableArray<KeyValuePair<string, T>>)) return entries.MoveToImmutable();
        if (target == typeof(ImmutableDictionary<string, T>)) return ImmutableDictionary.CreateRange(StringComparer.Ordinal, entries);
        return new OrderedDictionary<string, T>(entries, StringComparer.Ordinal);
    }
}

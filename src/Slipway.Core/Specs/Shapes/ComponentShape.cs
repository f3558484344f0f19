using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>One component out of a catalog: <c>{ csv: { path: … } }</c>, or its bare name when nothing in it must be given.</summary>
internal sealed class ComponentShape(Type baseType) : SpecShape
{
    public Type BaseType { get; } = baseType;

    public override string Expected(ComponentCatalog catalog) => $"one of {string.Join(", ", catalog.Of(BaseType).Keys)}";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        switch (node)
        {
            case ScalarNode name:
                return Knows(name.Text, reading)
                    ? ReadBody(name.Text, null, name.Place, path.Key(name.Text), reading)
                    : reading.Fail(path, node.Place, $"{Wording.Quote(name.Text)} is unknown; {Wording.InsteadOf(name.Text, reading.Catalog.Of(BaseType).Keys)}");
            case MappingNode { Entries: [var (key, place, body)] }:
                return Knows(key, reading)
                    ? ReadBody(key, body, place, path.Key(key), reading)
                    : reading.Fail(path.Key(key), place, $"unknown; {Wording.InsteadOf(key, reading.Catalog.Of(BaseType).Keys)}");
            case MappingNode { Entries: var entries }:
                return reading.Fail(path, node.Place, $"expected one key, {Expected(reading.Catalog)}; found {(entries.Count == 0 ? "none" : Listed(entries))}{IndentHint(entries, reading)}");
            default:
                return WrongKind(node, path, reading);
        }
    }

    public bool Knows(string key, SpecReading reading) => reading.Catalog.Of(BaseType).ContainsKey(key);

    /// <param name="body">Null for a bare name.</param>
    public object? ReadBody(string key, SpecNode? body, Place place, SpecPath path, SpecReading reading) =>
        RecordShape.Of(reading.Catalog.Of(BaseType)[key]).ReadBody(body, place, path, reading);

    /// <summary>The commonest slip of indentation: <c>- one-hot:</c> with its fields right below the name.</summary>
    private string IndentHint(IReadOnlyList<MappingEntry> entries, SpecReading reading) =>
        entries.Where(e => Knows(e.Key, reading)).ToList() is [{ Value.IsNull: true, Key: var key }] ? $"; indent the fields of {key} further" : "";

    private static string Listed(IReadOnlyList<MappingEntry> entries) =>
        string.Join(", ", entries.Take(5).Select(e => Wording.Shorten(e.Key))) + (entries.Count > 5 ? ", …" : "");
}

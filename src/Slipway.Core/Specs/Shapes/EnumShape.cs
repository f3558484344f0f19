using Slipway.Core.Specs.Docs;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>A member of an enum by its kebab-case name.</summary>
internal sealed class EnumShape(Type type) : SpecShape
{
    private readonly OrderedDictionary<string, object> _members = new(
        Enum.GetNames(type).Select(name => KeyValuePair.Create(Wording.Kebab(name), Enum.Parse(type, name))), StringComparer.Ordinal);

    public Type Type { get; } = type;

    public IReadOnlyCollection<string> Names => _members.Keys;

    /// <summary>What each member means, by its [Summary].</summary>
    public IEnumerable<(string Name, string? Summary)> Summaries =>
        _members.Select(m => (m.Key, SpecText.SummaryOf(Type.GetField(m.Value.ToString()!)!)));

    public override string Expected(ComponentCatalog catalog) => $"one of {string.Join(", ", Names)}";

    public string NameOf(object member) => _members.First(m => m.Value.Equals(member)).Key;

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (node is not ScalarNode { Text: var text }) return WrongKind(node, path, reading);
        return _members.TryGetValue(text, out var member) ? member : reading.Fail(path, node.Place, $"{Wording.Quote(text)} is unknown; {Wording.InsteadOf(text, Names)}");
    }
}

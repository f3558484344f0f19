using System.Text.Json.Nodes;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>Content that another program defines: any YAML, as JSON.</summary>
internal sealed class FreeFormShape(bool isObject) : SpecShape
{
    public bool IsObject { get; } = isObject;

    public override bool AcceptsNull => !IsObject;

    public override string Expected(ComponentCatalog catalog) => IsObject ? "a mapping" : "any value";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (IsObject && node is not MappingNode) return WrongKind(node, path, reading);
        return ToJson(node, path, reading, out var json) ? json : SpecReading.Failed;
    }

    private static bool ToJson(SpecNode node, SpecPath path, SpecReading reading, out JsonNode? json)
    {
        json = null;
        switch (node)
        {
            case MappingNode mapping:
                var properties = new JsonObject();
                var sound = true;
                foreach (var (key, _, value) in mapping.Entries)
                {
                    sound &= ToJson(value, path.Key(key), reading, out var property);
                    properties.Add(key, property);
                }
                json = properties;
                return sound;
            case SequenceNode sequence:
                var items = new JsonArray();
                sound = true;
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    sound &= ToJson(sequence.Items[i], path.Item(i), reading, out var item);
                    items.Add(item);
                }
                json = items;
                return sound;
            case ScalarNode { Value: double value } when !double.IsFinite(value):
                reading.Fail(path, node.Place, $"JSON has no {node.Found}; write it as text, in quotes");
                return false;
            case ScalarNode scalar:
                json = scalar.Value switch
                {
                    bool value => JsonValue.Create(value),
                    long value => JsonValue.Create(value),
                    double value => JsonValue.Create(value),
                    string value => JsonValue.Create(value),
                    _ => null,
                };
                return true;
            default:
                return false;
        }
    }
}

using System.Text.Json.Nodes;
using Slipway.Core.Specs.Shapes;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Docs;

/// <summary>
/// The YAML of an <see cref="ExampleAttribute"/>. It may show a value alone, under its own key, or with what is around that
/// (<c>trigger: { every: 1h }</c>); wherever the value is, it must read, so that no wrong example is ever published.
/// </summary>
internal static class ExampleYaml
{
    /// <returns>The value itself, as JSON.</returns>
    /// <param name="key">The value stands under this key when the example has it.</param>
    /// <exception cref="InvalidOperationException">The example does not read as <paramref name="shape"/>: a mistake in the attribute.</exception>
    public static JsonNode? ValueOf(string yaml, string? key, SpecShape shape, ComponentCatalog catalog)
    {
        var problems = new SpecProblems(null);
        var root = YamlComposer.Compose(yaml, problems);
        var nodes = root is null || !problems.IsEmpty ? [] : Nodes(root).ToList();
        var keyed = nodes.OfType<MappingNode>().SelectMany(m => m.Entries).Where(e => e.Key == key).Select(e => e.Value).ToList();
        foreach (var node in keyed.Count > 0 ? keyed : nodes)
        {
            var trial = new SpecReading(catalog, new SpecProblems(null));
            if (!ReferenceEquals(Read(node, shape, trial), SpecReading.Failed)) return (JsonNode?)new FreeFormShape(false).Read(node, SpecPath.Root, trial);
            if (problems.IsEmpty) problems = trial.Problems;
        }
        throw new InvalidOperationException($"the example '{yaml}' cannot be read as {shape.Expected(catalog)}: {problems.ToException().Message}");
    }

    private static object? Read(SpecNode node, SpecShape shape, SpecReading reading) =>
        shape is RecordShape record ? record.ReadBody(node, node.Place, SpecPath.Root, reading) : shape.Read(node, SpecPath.Root, reading);

    /// <summary>From the outside in.</summary>
    private static IEnumerable<SpecNode> Nodes(SpecNode root)
    {
        var waiting = new Queue<SpecNode>([root]);
        while (waiting.TryDequeue(out var node))
        {
            yield return node;
            foreach (var inner in node switch { MappingNode m => m.Entries.Select(e => e.Value), SequenceNode s => s.Items, _ => [] }) waiting.Enqueue(inner);
        }
    }
}

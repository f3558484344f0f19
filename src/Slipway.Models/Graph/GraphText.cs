using System.Globalization;
using System.Text;

namespace Slipway.Models.Graph;

/// <summary>Prints a graph for people, as text or in Graphviz's language.</summary>
internal static class GraphText
{
    /// <summary>One line a node: <c>conv1 = Conv(image float[1,3,224,224], w float[8,3,3,3]) → x float[1,8,222,222]</c>.</summary>
    public static string Lines(BoundGraph graph)
    {
        var text = new StringBuilder();
        foreach (var input in graph.Inputs) text.Append("input ").AppendLine(Describe(graph, input));
        foreach (var node in graph.Nodes)
        {
            text.Append(node.Info.Definition.Qualified).Append('(').AppendJoin(", ", node.Inputs.Select(i => i < 0 ? "-" : Describe(graph, i))).Append(") → ")
                .AppendJoin(", ", node.Outputs.Where(o => o >= 0).Select(o => Describe(graph, o)));
            if (node.Name.Length > 0) text.Append("    # ").Append(node.Name);
            text.AppendLine();
        }
        foreach (var output in graph.Outputs) text.Append("output ").AppendLine(Describe(graph, output));
        return text.ToString();
    }

    /// <summary>A digraph of nodes; edges carry the types of values.</summary>
    public static string Graphviz(BoundGraph graph)
    {
        var text = new StringBuilder("digraph model {\n  rankdir=TB; node [shape=box, fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\", fontsize=9];\n");
        var producer = new Dictionary<int, string>();
        foreach (var input in graph.Inputs)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"i{input}");
            producer[input] = id;
            text.Append(CultureInfo.InvariantCulture, $"  {id} [label={Quote(graph.Values[input].Name)}, shape=ellipse];\n");
        }
        for (var n = 0; n < graph.Nodes.Length; n++)
        {
            var node = graph.Nodes[n];
            text.Append(CultureInfo.InvariantCulture, $"  n{n} [label={Quote(node.Name.Length > 0 ? $"{node.Info.Definition.Qualified}\n{node.Name}" : node.Info.Definition.Qualified)}];\n");
            foreach (var input in node.Inputs)
            {
                if (input >= 0 && producer.TryGetValue(input, out var from)) text.Append(CultureInfo.InvariantCulture, $"  {from} -> n{n} [label={Quote(graph.Values[input].Type?.ToString() ?? "?")}];\n");
            }
            foreach (var output in node.Outputs)
            {
                if (output >= 0) producer[output] = string.Create(CultureInfo.InvariantCulture, $"n{n}");
            }
        }
        for (var o = 0; o < graph.Outputs.Length; o++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  o{o} [label={Quote(graph.Values[graph.Outputs[o]].Name)}, shape=ellipse];\n");
            if (producer.TryGetValue(graph.Outputs[o], out var from)) text.Append(CultureInfo.InvariantCulture, $"  {from} -> o{o} [label={Quote(graph.Values[graph.Outputs[o]].Type?.ToString() ?? "?")}];\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Describe(BoundGraph graph, int value)
    {
        var (name, type) = (graph.Values[value].Name, graph.Values[value].Type);
        return $"{name} {type?.ToString() ?? "?"}";
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";
}

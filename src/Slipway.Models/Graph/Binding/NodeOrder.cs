using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Puts nodes into an order in which each comes after those whose outputs it reads; nodes that are in order already stay where they are.</summary>
internal static class NodeOrder
{
    /// <exception cref="ModelException">Nodes wait for each other in a circle, or two make the same value.</exception>
    public static List<ScopedNode> Sort(List<ScopedNode> nodes)
    {
        var producer = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var output in nodes[i].Node.Outputs)
            {
                if (output.Length > 0 && !producer.TryAdd(output, i)) throw new ModelException($"'{output}' is made by {nodes[producer[output]].Node} and by {nodes[i].Node}");
            }
        }
        var waitsFor = new int[nodes.Count];
        var followers = new List<int>?[nodes.Count];
        var read = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Count; i++)
        {
            read.Clear();
            Collect(nodes[i].Node, read);
            foreach (var name in read)
            {
                if (!producer.TryGetValue(name, out var before)) continue;
                waitsFor[i]++;
                (followers[before] ??= []).Add(i);
            }
        }
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            if (waitsFor[i] == 0) ready.Enqueue(i, i);
        }
        var sorted = new List<ScopedNode>(nodes.Count);
        while (ready.TryDequeue(out var next, out _))
        {
            sorted.Add(nodes[next]);
            foreach (var follower in followers[next] ?? [])
            {
                if (--waitsFor[follower] == 0) ready.Enqueue(follower, follower);
            }
        }
        if (sorted.Count < nodes.Count) throw new ModelException($"nodes wait for each other in a circle: {nodes[Array.FindIndex(waitsFor, w => w > 0)].Node} is one of them");
        return sorted;
    }

    /// <summary>The names that a node reads, itself and in its bodies, from the graph that it is in.</summary>
    public static void Collect(NodeDefinition node, HashSet<string> names)
    {
        foreach (var input in node.Inputs) names.Add(input);
        foreach (var attribute in node.Attributes)
        {
            if (attribute.Value is GraphDefinition body) Collect(body, names);
            else if (attribute.Value is ImmutableArray<GraphDefinition> bodies)
            {
                foreach (var item in bodies) Collect(item, names);
            }
        }
    }

    private static void Collect(GraphDefinition body, HashSet<string> names)
    {
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in body.Nodes) Collect(node, read);
        foreach (var output in body.Outputs) read.Add(output.Name);
        foreach (var node in body.Nodes) read.ExceptWith(node.Outputs);
        foreach (var input in body.Inputs) read.Remove(input.Name);
        foreach (var initializer in body.Initializers) read.Remove(initializer.Name);
        names.UnionWith(read);
    }
}

namespace Slipway.Models.Graph;

/// <summary>
/// Lets Transposes meet and cancel: finds regions of values that can have their dimensions in any order (see <see cref="LayoutRegion"/>), and gives each the order for which
/// the fewest elements are transposed around it. Networks that were written for images [n, h, w, c] and exported to operators on [n, c, h, w] are mostly such regions.
/// </summary>
/// <param name="acrossSums">Also moves sums and softmax into another order of summation, which changes their last bits.</param>
internal sealed class PushTransposes(bool acrossSums = false) : IGraphPass
{
    /// <summary>Each round makes the sum of what is transposed smaller; most graphs are done after two.</summary>
    private const int MaxRounds = 8;

    public string Name => "push-transposes";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        if (!graph.Nodes.Any(n => n.Is("Transpose"))) return graph;
        for (var round = 0; round < MaxRounds; round++)
        {
            var editor = new GraphEditor(graph);
            var isDone = true;
            // The places that a change touched: what was found around them holds no longer.
            var touched = new HashSet<int>();
            foreach (var region in Regions(editor))
            {
                var border = region.Incoming.Concat(region.Outgoing).Select(t => t.Place).ToArray();
                if (border.Any(touched.Contains) || region.Best(editor) is not { } order) continue;
                region.Apply(editor, order);
                touched.UnionWith(border);
                isDone = false;
            }
            if (isDone) break;
            graph = editor.Build();
        }
        return graph;
    }

    private IEnumerable<LayoutRegion> Regions(GraphEditor editor)
    {
        var nodes = editor.Nodes;
        var rules = new LayoutRule?[nodes.Count];
        var joined = new DisjointSets(editor.ValueCount);
        for (var n = 0; n < rules.Length; n++)
        {
            if (LayoutRule.Of(editor, nodes[n]!, acrossSums) is not { } rule) continue;
            rules[n] = rule;
            var first = -1;
            foreach (var value in Carried(editor, nodes[n]!, rule))
            {
                if (first < 0) first = value;
                else joined.Join(first, value);
            }
        }
        var regions = new SortedDictionary<int, LayoutRegion>();
        for (var n = 0; n < rules.Length; n++)
        {
            if (Permutation.Of(editor, nodes[n]!) is not { Length: >= 2 } order) continue;
            var (from, to) = (nodes[n]!.Inputs[0], nodes[n]!.Outputs[0]);
            if (editor.Constant(from) is null) RegionOf(from).Outgoing.Add((n, order));
            RegionOf(to).Incoming.Add((n, order));
        }
        for (var n = 0; n < rules.Length; n++)
        {
            if (rules[n] is { } rule && Carried(editor, nodes[n]!, rule).FirstOrDefault(-1) is >= 0 and var value && regions.TryGetValue(joined.Find(value), out var region)) region.Nodes.Add((n, rule));
        }
        for (var value = 0; value < editor.ValueCount; value++)
        {
            if (!regions.TryGetValue(joined.Find(value), out var region) || editor.Constant(value) is not null) continue;
            var isRead = editor.IsOutput(value) || editor.ReadersOf(value).Any(r => Permutation.Of(editor, nodes[r]!) is null && !IsCarried(nodes[r]!, rules[r], value));
            var maker = editor.ProducerOf(value);
            if (maker >= 0 && rules[maker] is { CarriesOutputs: true })
            {
                if (isRead) region.Exits.Add(value);
            }
            else if (maker >= 0 && Permutation.Of(editor, nodes[maker]!) is not null)
            {
                if (isRead) region.Shared.Add(value);
            }
            else
            {
                region.Sources.Add(value);
            }
        }
        return regions.Values;

        LayoutRegion RegionOf(int value)
        {
            var root = joined.Find(value);
            if (!regions.TryGetValue(root, out var region)) regions[root] = region = new LayoutRegion();
            return region;
        }
    }

    /// <summary>The values of a node that are of the region; constants are copied into any order.</summary>
    private static IEnumerable<int> Carried(GraphEditor editor, BoundNode node, LayoutRule rule)
    {
        for (var i = 0; i < rule.Carried.Length; i++)
        {
            if (rule.Carried[i] && editor.Constant(node.Inputs[i]) is null) yield return node.Inputs[i];
        }
        if (!rule.CarriesOutputs) yield break;
        foreach (var output in node.Outputs)
        {
            if (output >= 0) yield return output;
        }
    }

    private static bool IsCarried(BoundNode node, LayoutRule? rule, int value)
    {
        if (rule is null) return false;
        for (var i = 0; i < node.Inputs.Length; i++)
        {
            if (node.Inputs[i] == value && (i >= rule.Carried.Length || !rule.Carried[i])) return false;
        }
        return true;
    }
}

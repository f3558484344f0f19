using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Makes one node of elementwise operators on float32 of which each has the one before as its only reader and all have one shape: see <see cref="ElementwiseChain"/>.</summary>
internal sealed class FuseElementwiseChains : IGraphPass
{
    public string Name => "fuse-elementwise-chains";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { } node && IsLink(editor, node)) Fuse(editor, n);
        }
        return editor.Build();
    }

    private static void Fuse(GraphEditor editor, int first)
    {
        var places = new List<int> { first };
        while (Next(editor, editor.Nodes[places[^1]]!.Outputs[0]) is var next and >= 0) places.Add(next);
        if (places.Count < 2) return;
        var inputs = new List<int>();
        var steps = ImmutableArray.CreateBuilder<ChainStep>();
        var previous = -1;
        foreach (var place in places)
        {
            var node = editor.Nodes[place]!;
            steps.Add(new ChainStep(node.Operator, [.. node.Inputs.Select(i => i < 0 ? ChainStep.None : i == previous ? ChainStep.Previous : IndexOf(inputs, i))]));
            previous = node.Outputs[0];
        }
        var last = editor.Nodes[places[^1]]!;
        var info = NodeFactory.Fused(editor.Nodes[first]!.Info, string.Join('+', places.Skip(1).Select(p => editor.Nodes[p]!.Info.Operator)));
        foreach (var place in places.SkipLast(1)) editor.Remove(place);
        // The node runs where its last part did: what later parts read is there by then.
        editor.Replace(places[^1], new BoundNode(info, new ElementwiseChain(steps.ToImmutable(), inputs.Count), [.. inputs], last.Outputs));
    }

    /// <summary>The node that goes on from a value; -1 when the chain ends with it.</summary>
    private static int Next(GraphEditor editor, int value)
    {
        var readers = editor.ReadersOf(value);
        if (readers.Count == 0 || editor.IsOutput(value) || readers.Any(r => r != readers[0])) return -1;
        return IsLink(editor, editor.Nodes[readers[0]]!) && editor.TypeOf(editor.Nodes[readers[0]]!.Outputs[0])!.Shape!.Equals(editor.TypeOf(value)!.Shape) ? readers[0] : -1;
    }

    /// <summary>One float32 output of a known shape, of tensors that are computed with as they are.</summary>
    private static bool IsLink(GraphEditor editor, BoundNode node) =>
        node.Operator is IElementwise and not ElementwiseChain && node.Outputs is [>= 0 and var output] && editor.TypeOf(output) is { Element: DataType.Float32, Shape: not null }
        && node.Inputs.All(i => i < 0 || (editor.TypeOf(i) is { Shape: not null } type && !WideFloats.IsNarrow(type.Element)));

    private static int IndexOf(List<int> inputs, int value)
    {
        var index = inputs.IndexOf(value);
        if (index >= 0) return index;
        inputs.Add(value);
        return inputs.Count - 1;
    }
}

namespace Slipway.Models.Graph;

/// <summary>Removes nodes whose outputs nobody reads.</summary>
internal sealed class RemoveDeadNodes : IGraphPass
{
    public string Name => "remove-dead-nodes";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var needed = new bool[graph.Values.Length];
        foreach (var output in graph.Outputs) needed[output] = true;
        var editor = new GraphEditor(graph);
        for (var n = graph.Nodes.Length - 1; n >= 0; n--)
        {
            var node = graph.Nodes[n];
            if (!node.Outputs.Any(o => o >= 0 && needed[o]))
            {
                editor.Remove(n);
                continue;
            }
            foreach (var input in node.Inputs)
            {
                if (input >= 0) needed[input] = true;
            }
        }
        return editor.Build();
    }
}

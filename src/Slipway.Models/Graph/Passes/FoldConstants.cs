namespace Slipway.Models.Graph;

/// <summary>Computes what depends on constants only. Results that would be much larger than what they are made of stay as nodes.</summary>
internal sealed class FoldConstants : IGraphPass
{
    private const int MaxElements = 1 << 24, MaxGrowth = 1 << 16;

    public string Name => "fold-constants";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var inference = new GraphInference(graph, symbols, MaxElements, MaxGrowth);
        inference.Run();
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            var node = editor.Nodes[n]!;
            var isKnown = node.Outputs.Length > 0;
            foreach (var output in node.Outputs)
            {
                if (output < 0) continue;
                if (inference.Constants[output] is not { } constant) isKnown = false;
                else if (editor.Value(output).Constant is null) editor.SetConstant(output, constant);
            }
            if (isKnown) editor.Remove(n);
        }
        return editor.Build();
    }
}

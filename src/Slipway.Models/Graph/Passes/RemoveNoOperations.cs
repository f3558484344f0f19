namespace Slipway.Models.Graph;

/// <summary>Removes nodes whose output is their input: Identity, Dropout at inference, Cast to the same type, Transpose that moves nothing, Reshape to the same shape.</summary>
internal sealed class RemoveNoOperations : IGraphPass
{
    public string Name => "remove-no-operations";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            var node = editor.Nodes[n]!;
            if (node.Inputs.Length == 0 || node.Inputs[0] < 0 || node.Outputs.Count(o => o >= 0) != 1 || node.Outputs[0] < 0) continue;
            if (!IsNoOperation(editor, node)) continue;
            var (from, to) = (node.Outputs[0], node.Inputs[0]);
            // An input of the graph is lent by the caller and a constant is everyone's: what the graph answers is its own.
            if (editor.IsOutput(from) && editor.ProducerOf(to) < 0) continue;
            editor.Remove(n);
            editor.ReplaceUses(from, to);
        }
        return editor.Build();
    }

    private static bool IsNoOperation(GraphEditor editor, BoundNode node)
    {
        if (node.Info.Definition.Domain.Length > 0) return false;
        var (input, output) = (editor.TypeOf(node.Inputs[0]), editor.TypeOf(node.Outputs[0]));
        switch (node.Info.Operator)
        {
            case "Identity":
                return true;
            case "Cast":
                return input is not null && input.Element == output?.Element;
            case "Transpose":
                return node.Info.Ints("perm") is { } order && order.Select((axis, i) => axis == i).All(same => same);
            case "Dropout":
            case "Reshape":
            case "Flatten":
            case "Squeeze":
            case "Unsqueeze":
            case "Expand":
                return node.Operator.AliasedInput == (node.Info.Operator == "Expand" ? -1 : 0) && input?.Shape is { } from && from.Equals(output?.Shape) && input.Element == output!.Element;
            default:
                return false;
        }
    }
}

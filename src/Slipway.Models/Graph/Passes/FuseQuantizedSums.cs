using System.Collections.Immutable;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Lets MatMulInteger make floats of its sums, add a bias and another tensor and apply an activation while they are hot: what tools write that quantize while the network runs, Cast, Mul by the
/// product of two scales, Add. Every number is rounded as before.
/// </summary>
internal sealed class FuseQuantizedSums : IGraphPass
{
    public string Name => "fuse-quantized-sums";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        if (!graph.Nodes.Any(n => n.Is("MatMulInteger"))) return graph;
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { } node && node.Is("MatMulInteger")) Fuse(editor, n, node);
        }
        return editor.Build();
    }

    private static void Fuse(GraphEditor editor, int place, BoundNode node)
    {
        if (editor.TypeOf(node.Outputs[0])?.Shape is not { Rank: >= 1 } shape || shape[shape.Rank - 1] is not (>= 0 and var columns)) return;
        if (Reader(editor, node.Outputs[0], "Cast") is not (>= 0 and var cast) || !editor.IsFloat32(editor.Nodes[cast]!.Outputs[0])) return;
        var floats = editor.Nodes[cast]!.Outputs[0];
        if (Reader(editor, floats, "Mul") is not (>= 0 and var product) || Scales(editor, editor.Nodes[product]!.Other(floats), columns) is not var (left, right)) return;
        var (last, output) = (product, editor.Nodes[product]!.Outputs[0]);
        var (bias, residual, activation) = (-1, -1, default(Activation));
        List<int> between = [place, cast];
        List<string> names = ["Cast", "Mul"];
        while (activation.Kind == ActivationKind.None && editor.OnlyReader(output) is var reader and >= 0)
        {
            var next = editor.Nodes[reader]!;
            var addend = next.Is("Add") && !next.Info.Has("axis") ? next.Other(output) : -1;
            if (bias < 0 && residual < 0 && editor.Constant(addend) is { Element: DataType.Float32, Rank: 1 } vector && vector.Count == columns) bias = addend;
            else if (residual < 0 && addend >= 0 && editor.IsFloat32(addend) && shape.Equals(editor.TypeOf(addend)?.Shape)) residual = addend;
            else if (ActivationOf(next) is { } found) activation = found;
            else break;
            names.Add(next.Info.Operator);
            between.Add(last);
            (last, output) = (reader, next.Outputs[0]);
        }
        int Input(int index) => index < node.Inputs.Length ? node.Inputs[index] : -1;
        ImmutableArray<int> inputs = [node.Inputs[0], node.Inputs[1], left, right, Input(2), Input(3), bias, residual];
        foreach (var removed in between) editor.Remove(removed);
        // The node runs where its last part did: what it adds is there by then.
        editor.Replace(last, new BoundNode(NodeFactory.Fused(node.Info, string.Join('+', names)), new ScaledMatMulInteger(activation, Input(3) >= 0), inputs, [output]));
    }

    /// <summary>The place of the only reader of a value, if it is such an operator.</summary>
    private static int Reader(GraphEditor editor, int value, string @operator) => editor.OnlyReader(value) is var reader and >= 0 && editor.Nodes[reader]!.Is(@operator) ? reader : -1;

    /// <summary>The factors of a product of one number, known or not, and constants for the columns.</summary>
    private static (int Left, int Right)? Scales(GraphEditor editor, int value, long columns)
    {
        if (editor.Made(value, "Mul") is not { } product) return null;
        var (left, right) = (product.Inputs[0], product.Inputs[1]);
        return IsOne(editor, left) && IsOfColumns(editor, right, columns) ? (left, right) : IsOne(editor, right) && IsOfColumns(editor, left, columns) ? (right, left) : null;
    }

    private static bool IsOne(GraphEditor editor, int value) => editor.TypeOf(value) is { Element: DataType.Float32, Shape: { Rank: <= 1 } shape } && (shape.Rank == 0 || shape[0] == 1);

    private static bool IsOfColumns(GraphEditor editor, int value, long columns) => editor.Constant(value) is { Element: DataType.Float32, Rank: <= 1 } scales && (scales.Count == 1 || scales.Count == columns);

    private static Activation? ActivationOf(BoundNode node) => node.Info.Definition.Domain.Length > 0 ? null : node.Info.Operator switch
    {
        "Relu" => Activation.Relu,
        "Tanh" => Activation.Tanh,
        "Sigmoid" => Activation.Sigmoid,
        "Gelu" => node.Info.Text("approximate", "none") == "tanh" ? Activation.GeluTanh : Activation.Gelu,
        _ => null,
    };
}

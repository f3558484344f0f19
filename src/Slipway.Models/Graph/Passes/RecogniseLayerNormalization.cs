namespace Slipway.Models.Graph;

/// <summary>Finds layer normalisation in the operators that exporters spell it with: <c>(x - mean) / √(mean((x - mean)²) + ε) · scale + bias</c> over the last axis.</summary>
internal sealed class RecogniseLayerNormalization : IGraphPass
{
    public string Name => "recognise-layer-normalization";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } add || !add.Is("Add") || add.Inputs.Length != 2) continue;
            foreach (var scaled in add.Inputs)
            {
                if (Match(editor, scaled, add) is not { } found) continue;
                var attributes = new AttributeDefinition[] { new("axis", -1L), new("epsilon", (float)found.Epsilon) };
                editor.Replace(n, NodeFactory.Create(add, "LayerNormalization", 17, [.. attributes], [found.X, found.Scale, add.Other(scaled)]));
                break;
            }
        }
        return editor.Build();
    }

    private static (int X, int Scale, double Epsilon)? Match(GraphEditor editor, int scaled, BoundNode add)
    {
        if (editor.Made(scaled, "Mul") is not { Inputs.Length: 2 } mul || !IsVector(editor, add.Other(scaled))) return null;
        foreach (var normal in mul.Inputs)
        {
            var scale = mul.Other(normal);
            if (!IsVector(editor, scale) || editor.Made(normal, "Div") is not { } div) continue;
            if (editor.Made(div.Inputs[0], "Sub") is not { } centred || editor.Made(div.Inputs[1], "Sqrt") is not { } root || editor.Made(root.Inputs[0], "Add") is not { } shifted) continue;
            var epsilon = editor.Number(shifted.Inputs[1]);
            if (epsilon is null || editor.Made(shifted.Inputs[0], "ReduceMean") is not { } variance || !IsLastAxis(editor, variance)) continue;
            if (editor.Producer(variance.Inputs[0]) is not { } square) continue;
            var isSquare = (square.Is("Pow") && editor.IsNumber(square.Inputs[1], 2) && IsCentred(editor, square.Inputs[0], centred)) || (square.Is("Mul") && square.Inputs[0] == square.Inputs[1] && IsCentred(editor, square.Inputs[0], centred));
            if (!isSquare || editor.Made(centred.Inputs[1], "ReduceMean") is not { } mean || mean.Inputs[0] != centred.Inputs[0] || !IsLastAxis(editor, mean)) continue;
            // A last axis of one would be stretched to the scale's size.
            if (editor.TypeOf(centred.Inputs[0]) is not { Element: DataType.Float32, Shape: { } shape } || IsOther(shape[^1], editor.TypeOf(scale)!.Shape![0]) || IsOther(shape[^1], editor.TypeOf(add.Other(scaled))!.Shape![0])) continue;
            return (centred.Inputs[0], scale, epsilon.Value);
        }
        return null;
    }

    private static bool IsOther(long size, long wanted) => size >= 0 && size != wanted;

    /// <summary>The same difference, perhaps computed twice.</summary>
    private static bool IsCentred(GraphEditor editor, int value, BoundNode centred) => editor.Producer(value) is { } other && (ReferenceEquals(other, centred) || (other.Is("Sub") && other.Inputs.SequenceEqual(centred.Inputs)));

    private static bool IsVector(GraphEditor editor, int value) => editor.TypeOf(value) is { Element: DataType.Float32, Shape: { Rank: 1, IsConcrete: true } shape } && shape[0] > 1;

    private static bool IsLastAxis(GraphEditor editor, BoundNode reduce)
    {
        if (!reduce.Info.Flag("keepdims", true) || editor.TypeOf(reduce.Inputs[0])?.Shape is not { } shape) return false;
        var axes = reduce.Info.Ints("axes") ?? (reduce.Inputs.Length > 1 ? editor.Constant(reduce.Inputs[1])?.ToInts() : null);
        return axes is [var axis] && (axis == -1 || axis == shape.Rank - 1);
    }
}

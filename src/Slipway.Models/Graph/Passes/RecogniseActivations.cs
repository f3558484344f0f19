namespace Slipway.Models.Graph;

/// <summary>Finds Gelu, Swish and HardSwish in the operators that exporters spell them with.</summary>
internal sealed class RecogniseActivations : IGraphPass
{
    public string Name => "recognise-activations";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } node || node.Inputs.Length != 2 || !editor.IsFloat32(node.Outputs[0])) continue;
            var made = Swish(editor, node) ?? Gelu(editor, node) ?? HardSwish(editor, node);
            if (made is not null) editor.Replace(n, made);
        }
        return editor.Build();
    }

    /// <summary>x · Sigmoid(x).</summary>
    private static BoundNode? Swish(GraphEditor editor, BoundNode node)
    {
        if (!node.Is("Mul")) return null;
        foreach (var factor in node.Inputs)
        {
            if (editor.Made(factor, "Sigmoid") is { } sigmoid && node.Other(factor) == sigmoid.Inputs[0]) return NodeFactory.Create(node, "Swish", 24, [], [sigmoid.Inputs[0]]);
        }
        return null;
    }

    /// <summary>x · ½ · (1 + Erf(x / √2)), with the factors in any order.</summary>
    private static BoundNode? Gelu(GraphEditor editor, BoundNode node)
    {
        if (!node.Is("Mul")) return null;
        var factors = new List<int>();
        Factors(editor, node, factors, 0);
        if (factors.Count != 3) return null;
        var half = factors.FindIndex(f => editor.IsNumber(f, 0.5));
        if (half < 0) return null;
        factors.RemoveAt(half);
        // Both may be sums: x itself often is one, of a product and its bias.
        foreach (var (x, sum) in (ReadOnlySpan<(int, int)>)[(factors[0], factors[1]), (factors[1], factors[0])])
        {
            if (IsErfPlusOne(editor, sum, x)) return NodeFactory.Create(node, "Gelu", 20, [], [x]);
        }
        return null;
    }

    /// <summary>1 + Erf(x / √2).</summary>
    private static bool IsErfPlusOne(GraphEditor editor, int value, int x)
    {
        if (editor.Made(value, "Add") is not { } add) return false;
        foreach (var term in add.Inputs)
        {
            if (!editor.IsNumber(add.Other(term), 1) || editor.Made(term, "Erf") is not { } erf) continue;
            var argument = editor.Producer(erf.Inputs[0]);
            if (argument is null || argument.Inputs.Length != 2) continue;
            var isScaled = (argument.Is("Div") && argument.Inputs[0] == x && editor.IsNumber(argument.Inputs[1], Math.Sqrt(2)))
                || (argument.Is("Mul") && argument.Other(x) is var root and >= 0 && editor.IsNumber(root, Math.Sqrt(0.5)));
            if (isScaled) return true;
        }
        return false;
    }

    /// <summary>x · HardSigmoid(x) with a slope of 1/6; or x · Clip(x + 3, 0, 6) / 6, divided before or after the product.</summary>
    private static BoundNode? HardSwish(GraphEditor editor, BoundNode node)
    {
        if (node.Is("Mul"))
        {
            foreach (var factor in node.Inputs)
            {
                var x = node.Other(factor);
                if (editor.Made(factor, "HardSigmoid") is { } sigmoid && sigmoid.Inputs[0] == x && Math.Abs(sigmoid.Info.Float("alpha", 0.2f) - (1f / 6)) < 1e-6 && sigmoid.Info.Float("beta", 0.5f) == 0.5f
                    || (editor.Made(factor, "Div") is { } sixth && editor.IsNumber(sixth.Inputs[1], 6) && IsRelu6(editor, sixth.Inputs[0], x)))
                {
                    return NodeFactory.Create(node, "HardSwish", 14, [], [x]);
                }
            }
        }
        else if (node.Is("Div") && editor.IsNumber(node.Inputs[1], 6) && editor.Made(node.Inputs[0], "Mul") is { } product)
        {
            foreach (var factor in product.Inputs)
            {
                if (product.Other(factor) is var x and >= 0 && IsRelu6(editor, factor, x)) return NodeFactory.Create(node, "HardSwish", 14, [], [x]);
            }
        }
        return null;
    }

    private static bool IsRelu6(GraphEditor editor, int value, int x)
    {
        if (editor.Made(value, "Clip") is not { } clip || editor.Made(clip.Inputs[0], "Add") is not { } add || !editor.IsNumber(add.Other(x), 3)) return false;
        return clip.Inputs.Length == 3 ? editor.IsNumber(clip.Inputs[1], 0) && editor.IsNumber(clip.Inputs[2], 6) : clip.Inputs.Length == 1 && clip.Info.Float("min", -1) == 0 && clip.Info.Float("max", 0) == 6;
    }

    /// <summary>What a tree of products multiplies, where inner products are read by nothing else.</summary>
    private static void Factors(GraphEditor editor, BoundNode product, List<int> factors, int depth)
    {
        foreach (var input in product.Inputs)
        {
            if (depth < 2 && editor.Made(input, "Mul") is { } inner && inner.Inputs.Length == 2 && editor.IsReadOnlyBy(input, product)) Factors(editor, inner, factors, depth + 1);
            else factors.Add(input);
        }
    }
}

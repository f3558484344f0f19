namespace Slipway.Models.Graph;

/// <summary>Finds Gelu, Swish, HardSwish and Mish in the operators that exporters spell them with.</summary>
internal sealed class RecogniseActivations : IGraphPass
{
    private const double TanhScale = 0.7978845608, TanhCube = 0.0356774081;

    public string Name => "recognise-activations";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } node || node.Inputs.Length != 2 || !editor.IsFloat32(node.Outputs[0])) continue;
            var made = Gate(editor, node) ?? Gelu(editor, node) ?? HardSwish(editor, node);
            if (made is not null) editor.Replace(n, made);
        }
        return editor.Build();
    }

    /// <summary>x · Sigmoid(x), x · Sigmoid(α · x), x · Tanh(Softplus(x)).</summary>
    private static BoundNode? Gate(GraphEditor editor, BoundNode node)
    {
        if (!node.Is("Mul")) return null;
        foreach (var factor in node.Inputs)
        {
            var x = node.Other(factor);
            if (editor.Made(factor, "Sigmoid") is { } sigmoid)
            {
                if (x == sigmoid.Inputs[0]) return NodeFactory.Create(node, "Swish", 24, [], [x]);
                if (editor.Made(sigmoid.Inputs[0], "Mul") is { } scaled && scaled.Other(x) is var alpha and >= 0 && editor.Number(alpha) is { } number && IsAsLarge(editor, scaled, x)) return NodeFactory.Create(node, "Swish", 24, [new AttributeDefinition("alpha", (float)number)], [x]);
            }
            else if (editor.Made(factor, "Tanh") is { } tanh && editor.Made(tanh.Inputs[0], "Softplus") is { } softplus && softplus.Inputs[0] == x)
            {
                return NodeFactory.Create(node, "Mish", 18, [], [x]);
            }
        }
        return null;
    }

    /// <summary>x · ½ · (1 + Erf(x / √2)) or x · ½ · (1 + Tanh(√(2/π) · (x + 0.044715 · x³))), with the factors in any order.</summary>
    private static BoundNode? Gelu(GraphEditor editor, BoundNode node)
    {
        if (!node.Is("Mul")) return null;
        var factors = new List<int>();
        var half = Factors(editor, node, factors, 0);
        if (factors.Count != 2 || Math.Abs(half - 0.5) > 1e-6) return null;
        // Both may be sums: x itself often is one, of a product and its bias.
        foreach (var (x, sum) in (ReadOnlySpan<(int, int)>)[(factors[0], factors[1]), (factors[1], factors[0])])
        {
            if (PlusOne(editor, sum) is not { } function || !IsAsLarge(editor, node, x)) continue;
            if (function.Is("Erf") && Polynomial.Of(editor, function.Inputs[0], x) is { } linear && AreNear(linear, 0, Math.Sqrt(0.5), 0, 0)) return NodeFactory.Create(node, "Gelu", 20, [], [x]);
            if (function.Is("Tanh") && Polynomial.Of(editor, function.Inputs[0], x) is { } cubic && AreNear(cubic, 0, TanhScale, 0, TanhCube)) return NodeFactory.Create(node, "Gelu", 20, [new AttributeDefinition("approximate", "tanh")], [x]);
        }
        return null;
    }

    /// <summary>What makes the other term of a sum with one.</summary>
    private static BoundNode? PlusOne(GraphEditor editor, int value)
    {
        if (editor.Made(value, "Add") is not { Inputs.Length: 2 } add) return null;
        return editor.IsNumber(add.Inputs[0], 1) ? editor.Producer(add.Inputs[1]) : editor.IsNumber(add.Inputs[1], 1) ? editor.Producer(add.Inputs[0]) : null;
    }

    private static bool AreNear(double[] found, params ReadOnlySpan<double> wanted)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            if (Math.Abs(found[i] - wanted[i]) > 1e-4 * Math.Max(1e-3, Math.Abs(wanted[i]))) return false;
        }
        return true;
    }

    /// <summary>x · HardSigmoid(x) with a slope of 1/6; or x · Clip(x + 3, 0, 6) / 6, divided before or after the product, or multiplied by a sixth.</summary>
    private static BoundNode? HardSwish(GraphEditor editor, BoundNode node)
    {
        if (!node.Is("Mul") && !node.Is("Div")) return null;
        var factors = new List<int>();
        var number = Factors(editor, node, factors, 0);
        if (factors.Count != 2) return null;
        foreach (var (x, gate) in (ReadOnlySpan<(int, int)>)[(factors[0], factors[1]), (factors[1], factors[0])])
        {
            if (!IsAsLarge(editor, node, x)) continue;
            var isSwish = number == 1
                ? editor.Made(gate, "HardSigmoid") is { } sigmoid && sigmoid.Inputs[0] == x && Math.Abs(sigmoid.Info.Float("alpha", 0.2f) - (1f / 6)) < 1e-6 && sigmoid.Info.Float("beta", 0.5f) == 0.5f
                : Math.Abs(number - (1.0 / 6)) < 1e-6 && IsRelu6(editor, gate, x);
            if (isSwish) return NodeFactory.Create(node, "HardSwish", 14, [], [x]);
        }
        return null;
    }

    private static bool IsRelu6(GraphEditor editor, int value, int x)
    {
        if (editor.Made(value, "Clip") is not { } clip || editor.Made(clip.Inputs[0], "Add") is not { } add || !editor.IsNumber(add.Other(x), 3)) return false;
        return clip.Inputs.Length == 3 ? editor.IsNumber(clip.Inputs[1], 0) && editor.IsNumber(clip.Inputs[2], 6) : clip.Inputs.Length == 1 && clip.Info.Float("min", -1) == 0 && clip.Info.Float("max", 0) == 6;
    }

    /// <summary>Constants of one element may still have more dimensions than what they are multiplied with.</summary>
    private static bool IsAsLarge(GraphEditor editor, BoundNode node, int x) =>
        editor.TypeOf(node.Outputs[0])?.Shape is not { } shape || editor.TypeOf(x)?.Shape is not { } own || shape.Rank == own.Rank;

    /// <summary>What a tree of products and quotients by numbers multiplies, where inner ones are read by nothing else.</summary>
    /// <returns>The product of the numbers.</returns>
    private static double Factors(GraphEditor editor, BoundNode product, List<int> factors, int depth)
    {
        var number = 1.0;
        for (var i = 0; i < product.Inputs.Length; i++)
        {
            var input = product.Inputs[i];
            if (editor.Number(input) is { } constant && constant != 0)
            {
                number = product.Is("Div") && i == 1 ? number / constant : number * constant;
            }
            else if (product.Is("Div") && i == 1)
            {
                return double.NaN;
            }
            else if (depth < 2 && editor.Producer(input) is { Inputs.Length: 2 } inner && (inner.Is("Mul") || (inner.Is("Div") && editor.Number(inner.Inputs[1]) is not null)) && editor.IsReadOnlyBy(input, product))
            {
                number *= Factors(editor, inner, factors, depth + 1);
            }
            else
            {
                factors.Add(input);
            }
        }
        return number;
    }
}

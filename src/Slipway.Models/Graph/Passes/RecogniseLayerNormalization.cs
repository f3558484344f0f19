namespace Slipway.Models.Graph;

/// <summary>
/// Finds normalisation over the last axis in the operators that exporters spell it with: <c>(x - mean) / √(mean((x - mean)²) + ε) · scale + bias</c>, the same without a bias, <c>x · m + (bias - mean · m)</c>
/// with <c>m = scale / √(…)</c>, and <c>x / √(mean(x²) + ε) · scale</c>.
/// </summary>
internal sealed class RecogniseLayerNormalization : IGraphPass
{
    public string Name => "recognise-layer-normalization";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { Inputs.Length: 2 } add && add.Is("Add")) WithBias(editor, n, add);
        }
        // What a sum with a bias took its product from is read by nothing now.
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { Inputs.Length: 2 } mul && mul.Is("Mul") && (editor.ReadersOf(mul.Outputs[0]).Count > 0 || editor.IsOutput(mul.Outputs[0]))) WithoutBias(editor, n, mul);
        }
        return editor.Build();
    }

    private static void WithBias(GraphEditor editor, int place, BoundNode add)
    {
        foreach (var product in add.Inputs)
        {
            var other = add.Other(product);
            if (editor.Made(product, "Mul") is not { Inputs.Length: 2 } mul) continue;
            foreach (var factor in mul.Inputs)
            {
                if (Normal(editor, factor) is { } normal && normal.IsCentred && Fits(editor, normal, mul.Other(factor)) && Fits(editor, normal, other))
                {
                    Replace(editor, place, "LayerNormalization", 17, normal, mul.Other(factor), other);
                    return;
                }
                if (Shifted(editor, mul.Other(factor), factor, other) is var (shifted, scale, bias))
                {
                    Replace(editor, place, "LayerNormalization", 17, shifted, scale, bias);
                    return;
                }
            }
        }
    }

    private static void WithoutBias(GraphEditor editor, int place, BoundNode mul)
    {
        foreach (var factor in mul.Inputs)
        {
            if (Normal(editor, factor) is not { } normal || !Fits(editor, normal, mul.Other(factor))) continue;
            if (normal.IsCentred) Replace(editor, place, "LayerNormalization", 17, normal, mul.Other(factor));
            else Replace(editor, place, "RMSNormalization", 23, normal, mul.Other(factor));
            return;
        }
    }

    private static void Replace(GraphEditor editor, int place, string @operator, int version, Normalised normal, params int[] parameters) =>
        editor.Replace(place, NodeFactory.Create(editor.Nodes[place]!, @operator, version, [new AttributeDefinition("axis", -1L), new AttributeDefinition("epsilon", (float)normal.Epsilon)], [normal.X, .. parameters]));

    /// <summary>x · m + (bias - mean · m).</summary>
    private static (Normalised Normal, int Scale, int Bias)? Shifted(GraphEditor editor, int x, int factor, int rest)
    {
        if (editor.Made(rest, "Sub") is not { } sub || editor.Made(sub.Inputs[1], "Mul") is not { } moved || moved.Other(factor) is not (>= 0 and var mean) || editor.Made(factor, "Mul") is not { Inputs.Length: 2 } scaled) return null;
        foreach (var inverse in scaled.Inputs)
        {
            if (Inverse(editor, inverse) is not { } shifted || Variance(editor, shifted) is not var (centred, epsilon) || Centre(editor, centred) != (x, mean)) continue;
            var normal = new Normalised(x, epsilon, true);
            if (Fits(editor, normal, scaled.Other(inverse)) && Fits(editor, normal, sub.Inputs[0])) return (normal, scaled.Other(inverse), sub.Inputs[0]);
        }
        return null;
    }

    /// <summary>A value divided by the root of the mean of its squares and ε.</summary>
    private static Normalised? Normal(GraphEditor editor, int value)
    {
        if (editor.Producer(value) is not { Inputs.Length: 2 } node) return null;
        if (node.Is("Div")) return Root(editor, node.Inputs[1]) is { } shifted ? Normal(editor, node.Inputs[0], shifted) : null;
        if (!node.Is("Mul")) return null;
        foreach (var inverse in node.Inputs)
        {
            if (Inverse(editor, inverse) is { } shifted && Normal(editor, node.Other(inverse), shifted) is { } normal) return normal;
        }
        return null;
    }

    private static Normalised? Normal(GraphEditor editor, int value, int shifted)
    {
        if (Variance(editor, shifted) is not var (squared, epsilon)) return null;
        var centre = Centre(editor, value);
        if (squared == value || (centre.X >= 0 && Centre(editor, squared) == centre)) return centre.X >= 0 ? new(centre.X, epsilon, true) : new(value, epsilon, false);
        return null;
    }

    /// <summary>What the root is drawn from: of √s or s^½.</summary>
    private static int? Root(GraphEditor editor, int value) =>
        editor.Made(value, "Sqrt") is { } root ? root.Inputs[0] : editor.Made(value, "Pow") is { } power && editor.IsNumber(power.Inputs[1], 0.5) ? power.Inputs[0] : null;

    /// <summary>The same of 1/√s: Reciprocal, a quotient or a power.</summary>
    private static int? Inverse(GraphEditor editor, int value)
    {
        if (editor.Made(value, "Reciprocal") is { } reciprocal) return Root(editor, reciprocal.Inputs[0]);
        if (editor.Made(value, "Div") is { } quotient) return editor.IsNumber(quotient.Inputs[0], 1) ? Root(editor, quotient.Inputs[1]) : null;
        return editor.Made(value, "Pow") is { } power && editor.IsNumber(power.Inputs[1], -0.5) ? power.Inputs[0] : null;
    }

    /// <summary>What the sum of a mean of squares and ε takes the squares of.</summary>
    private static (int Squared, double Epsilon)? Variance(GraphEditor editor, int value)
    {
        if (editor.Made(value, "Add") is not { Inputs.Length: 2 } add) return null;
        foreach (var term in add.Inputs)
        {
            if (editor.Number(add.Other(term)) is not { } epsilon || editor.Made(term, "ReduceMean") is not { } mean || !IsLastAxis(editor, mean) || editor.Producer(mean.Inputs[0]) is not { Inputs.Length: 2 } square) continue;
            if ((square.Is("Pow") && editor.IsNumber(square.Inputs[1], 2)) || (square.Is("Mul") && (square.Inputs[0] == square.Inputs[1] || (Centre(editor, square.Inputs[0]) is { X: >= 0 } centre && centre == Centre(editor, square.Inputs[1]))))) return (square.Inputs[0], epsilon);
        }
        return null;
    }

    /// <summary>What a value is the distance of from its own mean, and that mean; -1 when it is none.</summary>
    private static (int X, int Mean) Centre(GraphEditor editor, int value) =>
        editor.Made(value, "Sub") is { } centred && editor.Made(centred.Inputs[1], "ReduceMean") is { } mean && mean.Inputs[0] == centred.Inputs[0] && IsLastAxis(editor, mean) ? (centred.Inputs[0], centred.Inputs[1]) : (-1, -1);

    /// <summary>Whether a value is a vector over the last axis; an axis of one would be stretched to its size.</summary>
    private static bool Fits(GraphEditor editor, Normalised normal, int parameter) =>
        editor.TypeOf(parameter) is { Element: DataType.Float32, Shape: { Rank: 1, IsConcrete: true } vector } && vector[0] > 1
        && editor.TypeOf(normal.X) is { Element: DataType.Float32, Shape: { Rank: > 0 } shape } && (shape[^1] < 0 || shape[^1] == vector[0]);

    private static bool IsLastAxis(GraphEditor editor, BoundNode reduce)
    {
        if (!reduce.Info.Flag("keepdims", true) || editor.TypeOf(reduce.Inputs[0])?.Shape is not { } shape) return false;
        var axes = reduce.Info.Ints("axes") ?? (reduce.Inputs.Length > 1 ? editor.Constant(reduce.Inputs[1])?.ToInts() : null);
        return axes is [var axis] && (axis == -1 || axis == shape.Rank - 1);
    }

    private sealed record Normalised(int X, double Epsilon, bool IsCentred);
}

namespace Slipway.Models.Graph;

/// <summary>Finds scaled dot-product attention: <c>MatMul(Softmax(MatMul(q, kᵀ) · scale + mask), v)</c> of [batch, heads, sequence, size].</summary>
internal sealed class RecogniseAttention : IGraphPass
{
    public string Name => "recognise-attention";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } weighted || !weighted.Is("MatMul") || !IsRank4(editor, weighted.Inputs[1])) continue;
            if (editor.Made(weighted.Inputs[0], "Softmax") is not { } softmax || softmax.Info.Int("axis", softmax.Info.Version < 13 ? 1 : -1) is not (-1 or 3) || !editor.IsReadOnlyBy(weighted.Inputs[0], weighted)) continue;
            if (Scores(editor, symbols, softmax) is not { } scores) continue;
            var (queries, ofQueries, _) = Unscaled(editor, scores.Product.Inputs[0], scores.Product);
            if (!AreAlike(editor, queries, scores.Product.Inputs[1]) || !AreAlike(editor, queries, weighted.Inputs[1])) continue;
            var (transposed, ofKeys, reader) = Unscaled(editor, scores.Product.Inputs[1], scores.Product);
            var keys = Keys(editor, transposed, reader);
            if (keys < 0) continue;
            var attributes = new AttributeDefinition[] { new("scale", (float)(scores.Scale * ofQueries * ofKeys)) };
            var attention = NodeFactory.Create(weighted, "Attention", 24, [.. attributes], scores.Mask < 0 ? [queries, keys, weighted.Inputs[1]] : [queries, keys, weighted.Inputs[1], scores.Mask]);
            editor.Replace(n, attention with { Operator = new Attention(attention.Info) { HiddenIsNaN = true } });
        }
        return editor.Build();
    }

    private static (BoundNode Product, double Scale, int Mask)? Scores(GraphEditor editor, SymbolSource symbols, BoundNode softmax)
    {
        var (value, reader, mask) = (softmax.Inputs[0], softmax, -1);
        if (editor.Made(value, "Add") is { } add && editor.IsReadOnlyBy(value, reader))
        {
            // The mask is the operand that is no product of queries and keys.
            var scored = add.Inputs[0];
            if (Product(editor, scored, add) is null) scored = add.Inputs[1];
            (mask, value, reader) = (add.Other(scored), scored, add);
            if (mask < 0 || !editor.IsFloat32(mask) || editor.TypeOf(mask)?.Shape is not { Rank: >= 2 and <= 4 } shape || editor.TypeOf(scored)?.Shape is not { Rank: 4 } scores || !FitsInto(shape, scores, symbols)) return null;
        }
        return Product(editor, value, reader) is { } found ? (found.Node, found.Scale, mask) : null;
    }

    private static (BoundNode Node, double Scale)? Product(GraphEditor editor, int value, BoundNode reader)
    {
        (value, var scale, reader) = Unscaled(editor, value, reader);
        return scale != 0 && editor.Made(value, "MatMul") is { } product && IsRank4(editor, product.Inputs[0]) && editor.IsReadOnlyBy(value, reader) ? (product, scale) : null;
    }

    /// <summary>What a node reads before it was multiplied by a number or divided by one; the value itself where it was not.</summary>
    private static (int Value, double Scale, BoundNode Reader) Unscaled(GraphEditor editor, int value, BoundNode reader)
    {
        if (editor.Producer(value) is not { Inputs.Length: 2 } scaling || !editor.IsReadOnlyBy(value, reader) || !(scaling.Is("Div") || scaling.Is("Mul"))) return (value, 1, reader);
        var at = scaling.Is("Mul") && editor.Number(scaling.Inputs[0]) is not null ? 0 : 1;
        if (editor.Number(scaling.Inputs[at]) is not { } number || number == 0 || !editor.IsFloat32(value) || editor.TypeOf(scaling.Inputs[1 - at])?.Shape?.Rank != editor.TypeOf(value)?.Shape?.Rank) return (value, 1, reader);
        return (scaling.Inputs[1 - at], scaling.Is("Div") ? 1 / number : number, scaling);
    }

    /// <summary>Keys as [batch, heads, sequence, size]: before the transpose that the product reads; -1 when there is none.</summary>
    private static int Keys(GraphEditor editor, int transposed, BoundNode reader)
    {
        if (!IsRank4(editor, transposed) || editor.Made(transposed, "Transpose") is not { } transpose || transpose.Info.Ints("perm") is not { Length: 4 } order) return -1;
        if (order is [0, 1, 3, 2]) return transpose.Inputs[0];
        (order[2], order[3]) = (order[3], order[2]);
        var shape = editor.TypeOf(transposed)!.Shape!;
        var place = editor.ProducerOf(transposed);
        if (!editor.IsReadOnlyBy(transposed, reader)) return -1;
        var keys = editor.AddValue(new BoundValue(editor.Value(transposed).Name + ".keys", new TensorType(DataType.Float32, Shape.Of(shape[0], shape[1], shape[3], shape[2]))));
        editor.Replace(place, NodeFactory.Create(transpose, "Transpose", 13, [new AttributeDefinition("perm", System.Collections.Immutable.ImmutableArray.Create(order))], [transpose.Inputs[0]]) with { Outputs = [keys] });
        return keys;
    }

    /// <summary>Whether the mask broadcasts to the scores, and cannot widen them: sizes that are not known must be the same symbol, or broadcast to it.</summary>
    private static bool FitsInto(Shape mask, Shape scores, SymbolSource symbols)
    {
        for (var i = 1; i <= mask.Rank; i++)
        {
            var (size, wanted) = (mask[mask.Rank - i], scores[scores.Rank - i]);
            if (size != 1 && size != wanted && !(wanted > 1 && size < 0) && !symbols.Covers(wanted, size)) return false;
        }
        return true;
    }

    /// <summary>Whether batch and heads are the same, so that no product broadcasts.</summary>
    private static bool AreAlike(GraphEditor editor, int a, int b) => editor.TypeOf(a)?.Shape is { Rank: 4 } x && editor.TypeOf(b)?.Shape is { Rank: 4 } y && x[0] == y[0] && x[1] == y[1];

    private static bool IsRank4(GraphEditor editor, int value) => editor.TypeOf(value) is { Element: DataType.Float32, Shape.Rank: 4 };
}

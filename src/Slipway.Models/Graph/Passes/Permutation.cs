namespace Slipway.Models.Graph;

/// <summary>Orders of dimensions as Transpose has them: dimension i of the result is dimension <c>order[i]</c> of what is transposed.</summary>
internal static class Permutation
{
    /// <summary>The order of a Transpose of known rank; null when it is none.</summary>
    public static int[]? Of(GraphEditor editor, BoundNode node)
    {
        if (!node.Is("Transpose") || node.Operator is not Transpose transpose || editor.TypeOf(node.Inputs[0]) is not { Shape: { } shape }) return null;
        return transpose.Permutation.IsEmpty ? [.. Enumerable.Range(0, shape.Rank).Reverse()] : transpose.Permutation.ToArray();
    }

    public static bool IsIdentity(ReadOnlySpan<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            if (order[i] != i) return false;
        }
        return true;
    }

    public static int[] Inverse(ReadOnlySpan<int> order)
    {
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return inverse;
    }

    /// <summary>One Transpose in the place of two.</summary>
    public static int[] Then(this int[] first, int[] second) => Array.ConvertAll(second, i => first[i]);

    /// <summary>Whether the last two dimensions change places and the others stay.</summary>
    public static bool SwapsLastTwo(ReadOnlySpan<int> order)
    {
        if (order.Length < 2 || order[^1] != order.Length - 2 || order[^2] != order.Length - 1) return false;
        return IsIdentity(order[..^2]);
    }

    public static Shape Apply(Shape shape, ReadOnlySpan<int> order)
    {
        var dimensions = new long[order.Length];
        for (var i = 0; i < dimensions.Length; i++) dimensions[i] = shape[order[i]];
        return Shape.Of(dimensions);
    }

    /// <summary>A transposed copy of a tensor, whose shape is first filled up with ones in front.</summary>
    public static TensorValue Apply(TensorValue tensor, ReadOnlySpan<int> order)
    {
        Span<long> shape = new long[order.Length], own = new long[order.Length], from = new long[order.Length], to = new long[order.Length], target = new long[order.Length];
        shape.Fill(1);
        tensor.Shape.CopyTo(shape[(order.Length - tensor.Rank)..]);
        Strides.Of(shape, own);
        for (var i = 0; i < order.Length; i++) (target[i], from[i]) = (shape[order[i]], own[order[i]]);
        Strides.Of(target, to);
        var result = new TensorValue(tensor.Element, target);
        StridedCopy.Run(tensor, 0, from, result, 0, to, target);
        return result;
    }
}

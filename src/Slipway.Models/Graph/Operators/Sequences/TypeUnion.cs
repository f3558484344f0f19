namespace Slipway.Models.Graph;

/// <summary>The narrowest type that fits two values: of branches, of passes of a loop, of items of a sequence.</summary>
internal static class TypeUnion
{
    /// <returns>Null when nothing is known of one of them, or they are of different kinds.</returns>
    public static GraphType? Of(InferenceContext context, GraphType? a, GraphType? b) => (a, b) switch
    {
        (null, _) or (_, null) => null,
        (TensorType x, TensorType y) => new TensorType(x.Element == y.Element ? x.Element : DataType.Undefined, Of(context, x.Shape, y.Shape)),
        (SequenceType x, SequenceType y) => Of(context, x.Item, y.Item) is { } item ? new SequenceType(item) : null,
        (OptionalType x, OptionalType y) => Of(context, x.Item, y.Item) is { } item ? new OptionalType(item) : null,
        _ => a.Equals(b) ? a : null,
    };

    private static Shape? Of(InferenceContext context, Shape? a, Shape? b)
    {
        if (a is null || b is null || a.Rank != b.Rank) return null;
        var dimensions = new long[a.Rank];
        for (var i = 0; i < dimensions.Length; i++) dimensions[i] = a[i] == b[i] ? a[i] : context.NewSymbol();
        return Graph.Shape.Of(dimensions);
    }
}

namespace Slipway.Models.Graph;

/// <summary>Unsqueeze: inserts dimensions of one element (ai.onnx 1: attribute axes; 13: input).</summary>
internal sealed class Unsqueeze : Reinterpretation
{
    private readonly long[]? _axes;

    public Unsqueeze(NodeInfo node)
    {
        if (node.Version < 13) _axes = node.Ints("axes") ?? throw node.Wrong("attribute 'axes' is missing");
        else if (node.Has("axes")) throw node.Wrong("axes are an input since version 13");
    }

    public override void Infer(InferenceContext context)
    {
        var result = Unsqueezed(context);
        context.SetOutput(0, context.Element(0), result);
        PassDimensions(context, result);
    }

    private Shape? Unsqueezed(InferenceContext context)
    {
        if (context.Shape(0) is not { } source) return null;
        if ((_axes ?? context.Integers(1)) is not { } axes) return context.VectorLength(1) is >= 0 and var count ? context.UnknownShape(source.Rank + count) : null;
        var inserted = KnownIntegers.AxesOf(axes, source.Rank + axes.Length);
        var dimensions = new long[source.Rank + axes.Length];
        for (int i = 0, next = 0; i < dimensions.Length; i++) dimensions[i] = inserted.Contains(i) ? 1 : source[next++];
        return Graph.Shape.Of(dimensions);
    }
}

namespace Slipway.Models.Graph;

/// <summary>Expand: broadcasts a tensor with a shape, in both directions (ai.onnx 8).</summary>
internal sealed class Expand : Operator
{
    public override void Infer(InferenceContext context)
    {
        Shape? wanted = null;
        if (context.Integers(1) is { } integers)
        {
            foreach (var size in integers)
            {
                if (size < 0) throw new Slipway.Core.ModelException($"the new shape [{string.Join(',', integers)}] has a size below zero");
            }
            wanted = Graph.Shape.Of(integers);
        }
        else if (context.Sizes(1) is { } sizes) wanted = Graph.Shape.Of(sizes);
        else if (context.VectorLength(1) is >= 0 and var rank) wanted = context.UnknownShape(rank);
        context.SetOutput(0, context.Element(0), context.Broadcast(context.Shape(0), wanted));
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        var rank = target.Rank;
        Span<long> all = rank <= Strides.StackRank ? stackalloc long[2 * Strides.StackRank] : new long[2 * rank];
        Span<long> from = all[..rank], to = all.Slice(rank, rank);
        Strides.Of(target.Shape, to);
        Strides.Of(source.Shape, from[(rank - source.Rank)..]);
        for (var i = 0; i < rank; i++)
        {
            if (i < rank - source.Rank || source[i - rank + source.Rank] == 1) from[i] = 0;
        }
        StridedCopy.Run(source, 0, from, target, 0, to, target.Shape, context.Threads);
    }
}

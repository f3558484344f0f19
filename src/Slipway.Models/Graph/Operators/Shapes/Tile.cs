using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Tile: repeats a tensor along its dimensions (ai.onnx 1: so many tiles along one axis; 6: repeats of every dimension).</summary>
internal sealed class Tile(NodeInfo node) : Operator
{
    private readonly bool _isOneAxis = node.Version < 6;

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } source)
        {
            context.SetOutput(0, element, context.VectorLength(1) is > 0 and var rank && !_isOneAxis ? context.UnknownShape(rank) : null);
            return;
        }
        var dimensions = source.Span.ToArray();
        if (_isOneAxis)
        {
            if (context.Integers(2, orFloats: true) is not { } axis) dimensions = [.. context.UnknownShape(source.Rank).Dimensions];
            else if (axis.Length != 1) throw new ModelException("one axis is expected");
            else
            {
                var along = InferenceContext.Axis(axis[0], source.Rank);
                dimensions[along] = Repeated(context, dimensions[along], context.Sizes(1, orFloats: true) is { Length: 1 } tiles ? tiles[0] : -1, context.Integers(1, orFloats: true) is not null);
            }
        }
        else
        {
            if (context.Shape(1) is { IsConcrete: true } given && (given.Rank != 1 || given[0] != source.Rank)) throw new ModelException($"repeats of shape {given} do not fit a tensor of shape {source}");
            var repeats = context.Sizes(1);
            var isKnown = context.Integers(1) is not null;
            for (var i = 0; i < dimensions.Length; i++) dimensions[i] = Repeated(context, dimensions[i], repeats?[i] ?? -1, isKnown);
        }
        context.SetOutput(0, element, dimensions);
    }

    private static long Repeated(InferenceContext context, long size, long repeats, bool isKnown)
    {
        if (repeats < 0) return isKnown ? throw new ModelException("a tensor cannot be repeated fewer than 0 times") : size == 1 && repeats < -1 ? repeats : context.NewSymbol();
        if (size < 0) return repeats == 1 ? size : repeats == 0 ? 0 : context.NewSymbol();
        return Graph.Shape.CountOf([size, repeats]);
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        var rank = source.Rank;
        Span<long> all = rank <= Strides.StackRank ? stackalloc long[8 * Strides.StackRank] : new long[8 * rank];
        Span<long> from = all[..(2 * rank)], to = all.Slice(2 * rank, 2 * rank), sizes = all.Slice(4 * rank, 2 * rank);
        Span<long> sourceStrides = all.Slice(6 * rank, rank), targetStrides = all.Slice(7 * rank, rank);
        Strides.Of(source.Shape, sourceStrides);
        Strides.Of(target.Shape, targetStrides);
        for (var i = 0; i < rank; i++)
        {
            (sizes[2 * i], from[2 * i], to[2 * i]) = (target[i] / source[i], 0, targetStrides[i] * source[i]);
            (sizes[2 * i + 1], from[2 * i + 1], to[2 * i + 1]) = (source[i], sourceStrides[i], targetStrides[i]);
        }
        StridedCopy.Run(source, 0, from, target, 0, to, sizes, context.Threads);
    }
}

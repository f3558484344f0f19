using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Gather: takes slices of an axis by their positions (ai.onnx 1; 11: positions from the end).</summary>
internal sealed class Gather(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", 0);

    public override void Infer(InferenceContext context)
    {
        Shape? result = null;
        if (context.Shape(0) is { } data)
        {
            var axis = InferenceContext.Axis(_axis, data.Rank);
            if (context.Shape(1) is { } indices) result = new Shape([.. data.Span[..axis], .. indices.Span, .. data.Span[(axis + 1)..]]);
        }
        context.SetOutput(0, context.Element(0), result);
        PassDimensions(context, result);
    }

    private static void PassDimensions(InferenceContext context, Shape? result)
    {
        if (result is not { Rank: <= 1 } || context.Rank(0) != 1 || context.Sizes(0) is not { } sizes || context.Integers(1) is not { } positions) return;
        var known = new long[positions.Length];
        for (var i = 0; i < known.Length; i++)
        {
            var position = positions[i] < 0 ? positions[i] + sizes.Length : positions[i];
            if ((ulong)position >= (ulong)sizes.Length) throw new ModelException($"index {positions[i]} is outside of a vector of {sizes.Length} elements");
            known[i] = sizes[position];
        }
        context.SetOutputDimensions(0, known);
    }

    public override void Run(RunContext context)
    {
        var move = new GatherMove(context, _axis);
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private readonly struct GatherMove(RunContext context, long givenAxis) : IElementMove
    {
        public void Move<T>()
        {
            var (data, target) = (context.Input(0), context.Output(0));
            if (target.Count == 0) return;
            var axis = InferenceContext.Axis(givenAxis, data.Rank);
            var size = data[axis];
            var inner = (int)Strides.Product(data.Shape[(axis + 1)..]);
            var outer = (int)Strides.Product(data.Shape[..axis]);
            var count = context.Input(1).Count;
            var indices = new IndexReader(context.Input(1));
            ReadOnlySpan<T> from = data.Elements<T>();
            var to = target.Elements<T>();
            var at = 0;
            for (var row = 0; row < outer; row++)
            {
                var slices = from.Slice((int)(row * size * inner), (int)(size * inner));
                for (var i = 0; i < count; i++, at += inner)
                {
                    var position = (int)indices.At(i, size) * inner;
                    if (inner == 1) to[at] = slices[position];
                    else slices.Slice(position, inner).CopyTo(to.Slice(at, inner));
                }
            }
        }
    }
}

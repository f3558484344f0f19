using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Compress: keeps the slices of an axis, or without one the elements, whose condition holds (ai.onnx 9; 11: negative axis).</summary>
internal sealed class Compress(NodeInfo node) : Operator
{
    private readonly long? _axis = node.Has("axis") ? node.Int("axis") : null;

    public override void Infer(InferenceContext context)
    {
        if (_axis is null)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(1));
            return;
        }
        Shape? result = null;
        if (context.Shape(0) is { } data)
        {
            var dimensions = data.Span.ToArray();
            dimensions[InferenceContext.Axis(_axis.Value, data.Rank)] = context.NewSymbol();
            result = Graph.Shape.Of(dimensions);
        }
        context.SetOutput(0, context.Element(0), result);
    }

    public override void Run(RunContext context)
    {
        var data = context.Input(0);
        var condition = context.Input(1).Values<byte>();
        var axis = _axis is { } given ? InferenceContext.Axis(given, data.Rank) : -1;
        var size = axis < 0 ? data.Count : data[axis];
        if (condition.Length > size) throw new RecordException($"{condition.Length} conditions are given for {size} {(axis < 0 ? "elements" : "slices")}");
        long kept = 0;
        foreach (var holds in condition)
        {
            if (holds != 0) kept++;
        }
        Span<long> shape = data.Rank <= Strides.StackRank ? stackalloc long[Strides.StackRank] : new long[data.Rank];
        shape = shape[..(axis < 0 ? 1 : data.Rank)];
        if (axis >= 0) data.Shape.CopyTo(shape);
        shape[Math.Max(axis, 0)] = kept;
        var target = context.Allocate(0, data.Element, shape);
        if (target.Count == 0) return;
        var inner = axis < 0 ? 1 : Strides.Product(data.Shape[(axis + 1)..]);
        var outer = axis < 0 ? 1 : Strides.Product(data.Shape[..axis]);
        for (int i = 0, at = 0; i < condition.Length; i++)
        {
            if (condition[i] == 0) continue;
            StridedCopy.Run(data, i * inner, [size * inner, 1], target, at++ * inner, [kept * inner, 1], [outer, inner]);
        }
    }
}

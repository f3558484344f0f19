using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>OneHot: a new dimension in which one element of each index is on (ai.onnx 9; 11: indices and axis from the end). Indices outside leave all elements off.</summary>
internal sealed class OneHot(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", -1);
    private readonly bool _wraps = node.Version >= 11;

    public override void Infer(InferenceContext context)
    {
        Shape? result = null;
        if (context.Shape(0) is { } indices)
        {
            var axis = InferenceContext.Axis(_axis, indices.Rank + 1);
            result = new Shape([.. indices.Span[..axis], DepthOf(context), .. indices.Span[axis..]]);
        }
        context.SetOutput(0, context.Element(2), result);
    }

    private static long DepthOf(InferenceContext context)
    {
        if (context.Constant(1) is not { } depth) return context.Dimensions(1) is { Length: 1 } known ? known[0] : context.NewSymbol();
        if (depth.Count != 1) throw new ModelException($"the depth must be one number, it is {depth.Type}");
        var size = depth.NumberAt(0);
        return size is >= 0 and <= int.MaxValue ? (long)size : throw new ModelException($"a depth of {size} is impossible");
    }

    public override void Run(RunContext context)
    {
        if (context.Input(2).Count != 2) throw new RecordException($"the values must be two, off and on, they are {context.Input(2).Type}");
        var move = new OneHotMove(context, InferenceContext.Axis(_axis, context.Output(0).Rank), _wraps);
        ElementWidths.Move(context.Input(2).Element, ref move);
    }

    private readonly struct OneHotMove(RunContext context, int axis, bool wraps) : IElementMove
    {
        public void Move<T>()
        {
            var (indices, target) = (context.Input(0), context.Output(0));
            var to = target.Elements<T>();
            var values = context.Input(2).Elements<T>();
            to.Fill(values[0]);
            var depth = (int)target[axis];
            var inner = (int)Strides.Product(target.Shape[(axis + 1)..]);
            for (var i = 0; i < indices.Count; i++)
            {
                var number = indices.NumberAt(i);
                if (!(Math.Abs(number) <= int.MaxValue)) continue;
                var index = (int)number;
                if (index < 0 && wraps) index += depth;
                if ((uint)index < (uint)depth) to[(i / inner * depth + index) * inner + i % inner] = values[1];
            }
        }
    }
}

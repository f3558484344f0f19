namespace Slipway.Models.Graph;

/// <summary>GatherElements: takes single elements by their positions along an axis (ai.onnx 11).</summary>
internal sealed class GatherElements(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", 0);

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } data && context.Shape(1) is { } indices) ElementLines.Check(data, indices, InferenceContext.Axis(_axis, data.Rank));
        context.SetOutput(0, context.Element(0), context.Shape(1));
    }

    public override void Run(RunContext context)
    {
        var move = new GatherElementsMove(context, _axis);
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private readonly struct GatherElementsMove(RunContext context, long givenAxis) : IElementMove
    {
        public void Move<T>()
        {
            var (data, target) = (context.Input(0), context.Output(0));
            if (target.Count == 0) return;
            var axis = InferenceContext.Axis(givenAxis, data.Rank);
            var size = data[axis];
            var lines = new ElementLines(data, target, axis, data.Rank <= Strides.StackRank ? stackalloc long[2 * Strides.StackRank] : new long[2 * data.Rank]);
            var indices = new IndexReader(context.Input(1));
            ReadOnlySpan<T> from = data.Elements<T>();
            var to = target.Elements<T>();
            var at = 0;
            do
            {
                for (var i = 0; i < lines.Count; i++, at++) to[at] = from[lines.Start + i * lines.Step + (int)indices.At(at, size) * lines.AxisStride];
            }
            while (lines.MoveNext());
        }
    }
}

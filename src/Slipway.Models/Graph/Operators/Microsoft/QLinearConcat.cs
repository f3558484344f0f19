using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>QLinearConcat: joins quantized tensors, each requantized to the result's scale and zero point (inputs 0, 1); then come tensor, scale, zero point of each.</summary>
internal sealed class QLinearConcat : Operator
{
    private const int First = 2;
    private readonly long _axis;
    private readonly int _count;

    public QLinearConcat(NodeInfo node)
    {
        _axis = node.Int("axis");
        if ((node.InputCount - First) % 3 != 0) throw node.Wrong($"inputs come in threes after the result's scale and zero point: tensor, scale, zero point; {node.InputCount} inputs are given");
        _count = (node.InputCount - First) / 3;
    }

    public override void Infer(InferenceContext context)
    {
        long[]? dimensions = null;
        var axis = 0;
        for (var i = 0; i < _count; i++)
        {
            if (context.Shape(First + (3 * i)) is not { } shape)
            {
                context.SetOutput(0, context.Element(First), (Shape?)null);
                return;
            }
            if (dimensions is null)
            {
                (axis, dimensions) = (InferenceContext.Axis(_axis, shape.Rank), shape.Span.ToArray());
                continue;
            }
            if (shape.Rank != dimensions.Length) throw new ModelException($"tensors of one rank are expected, {shape} and {Shape.TextOf(dimensions)} are given");
            for (var d = 0; d < dimensions.Length; d++)
            {
                if (d == axis) dimensions[d] = dimensions[d] < 0 || shape[d] < 0 ? context.NewSymbol() : checked(dimensions[d] + shape[d]);
                else if (dimensions[d] < 0) dimensions[d] = shape[d];
                else if (shape[d] >= 0 && shape[d] != dimensions[d]) throw new ModelException($"{shape} does not fit {Shape.TextOf(dimensions)} but for axis {axis}");
            }
        }
        context.SetOutput(0, context.Element(First), dimensions);
    }

    public override void Run(RunContext context)
    {
        var output = context.Output(0);
        if (output.Count == 0) return;
        if (context.State is not QuantizedTable[] tables)
        {
            tables = new QuantizedTable[_count];
            for (var i = 0; i < tables.Length; i++) tables[i] = new QuantizedTable();
            context.State = tables;
        }
        var to = LinearQuantization.Of(context, 0, 1, output.Element);
        var layout = AxisLayout.Of(output.Shape, InferenceContext.Axis(_axis, output.Rank));
        var width = layout.Size * layout.Inner;
        var start = 0;
        for (var i = 0; i < _count; i++)
        {
            var input = First + (3 * i);
            var x = context.Input(input);
            if (x.Element != output.Element) throw new RecordException($"input {input} is {x.Type}, elements of {output.Element.Text} are expected");
            var from = LinearQuantization.Of(context, input + 1, input + 2, x.Element);
            var part = x.Count / layout.Outer;
            for (var row = 0; row < layout.Outer; row++)
            {
                var source = x.Values<byte>().Slice(row * part, part);
                var target = output.Values<byte>().Slice((row * width) + start, part);
                if (from == to) source.CopyTo(target);
                else tables[i].Run(from, to, static v => v, source, target);
            }
            start += part;
        }
    }
}

using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// MaxUnpool (ai.onnx 9, 11, 22): puts each element where the indices of a MaxPool say, and zero elsewhere. Indices count the elements of the shape that follows from
/// kernel, strides and pads, whatever output_shape says; a larger output keeps that shape at the beginning of every axis, as ONNX's reference has it.
/// </summary>
internal sealed class MaxUnpool : Operator
{
    private readonly long[] _kernel, _strides, _pads;

    public MaxUnpool(NodeInfo node)
    {
        _kernel = node.Ints("kernel_shape") ?? throw node.Wrong("attribute 'kernel_shape' is missing");
        _strides = node.Ints("strides") ?? [.. _kernel.Select(_ => 1L)];
        _pads = node.Ints("pads") ?? new long[2 * _kernel.Length];
        if (_strides.Length != _kernel.Length || _pads.Length != 2 * _kernel.Length) throw node.Wrong("kernel_shape, strides and pads do not fit each other");
    }

    public override void Infer(InferenceContext context)
    {
        var input = context.Shape(0);
        if (input is not null && input.Rank != _kernel.Length + 2) throw new ModelException($"the input {input} does not have {_kernel.Length} spatial axes");
        if (context.Constant(2) is { } given)
        {
            var shape = given.ToInts();
            if (shape.Length != _kernel.Length + 2) throw new ModelException($"output_shape has {shape.Length} dimensions, {_kernel.Length + 2} are expected");
            context.SetOutput(0, context.Element(0), shape);
            return;
        }
        if (context.HasInput(2) || input is null)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(_kernel.Length + 2));
            return;
        }
        var output = input.Span.ToArray();
        for (var axis = 2; axis < output.Length; axis++)
        {
            output[axis] = input[axis] < 0 ? context.NewSymbol() : Unpooled(axis, input[axis]);
            if (input[axis] >= 0 && output[axis] < 0) throw new ModelException($"the output would have {output[axis]} elements along axis {axis}");
        }
        context.SetOutput(0, context.Element(0), output);
    }

    public override void Run(RunContext context)
    {
        var move = new Scatter(this, context.Input(0), context.Input(1), context.Output(0));
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private long Unpooled(int axis, long size)
    {
        var a = axis - 2;
        return ((size - 1) * _strides[a]) - _pads[a] - _pads[a + _kernel.Length] + _kernel[a];
    }

    private readonly ref struct Scatter(MaxUnpool owner, TensorValue input, TensorValue indices, TensorValue output) : IElementMove
    {
        public void Move<T>()
        {
            var source = input.Elements<T>();
            var target = output.Elements<T>();
            if (indices.Count != input.Count) throw new RecordException($"there are {indices.Count} indices for {input.Count} elements");
            target.Clear();
            for (var i = 0; i < source.Length; i++) target[PlaceOf(indices.IntAt(i))] = source[i];
        }

        private int PlaceOf(long index)
        {
            long place = 0, step = 1, rest = index;
            for (var axis = output.Rank - 1; axis >= 0; axis--)
            {
                var size = axis < 2 ? input[axis] : owner.Unpooled(axis, input[axis]);
                var at = size > 0 && rest >= 0 ? rest % size : -1;
                if (at < 0 || at >= output[axis]) throw new RecordException($"index {index} is outside of {output.Type}");
                place += at * step;
                step *= output[axis];
                rest /= size;
            }
            return rest == 0 ? (int)place : throw new RecordException($"index {index} is outside of {output.Type}");
        }
    }
}

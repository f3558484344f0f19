using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>MaxUnpool (ai.onnx 9, 11, 22): puts each element where the indices of a MaxPool say, and zero elsewhere.</summary>
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
        if (context.Constant(2) is { } given)
        {
            context.SetOutput(0, context.Element(0), given.ToInts());
            return;
        }
        if (context.HasInput(2) || context.Shape(0) is not { } input)
        {
            context.SetOutput(0, context.Element(0), context.Rank(0) > 0 ? context.UnknownShape(context.Rank(0)) : null);
            return;
        }
        if (input.Rank != _kernel.Length + 2) throw new ModelException($"the input {input} does not have {_kernel.Length} spatial axes");
        var output = input.Span.ToArray();
        for (var a = 0; a < _kernel.Length; a++)
        {
            output[a + 2] = input[a + 2] < 0 ? context.NewSymbol() : ((input[a + 2] - 1) * _strides[a]) - _pads[a] - _pads[a + _kernel.Length] + _kernel[a];
            if (input[a + 2] >= 0 && output[a + 2] < 0) throw new ModelException($"the output would have {output[a + 2]} elements along axis {a + 2}");
        }
        context.SetOutput(0, context.Element(0), output);
    }

    public override void Run(RunContext context)
    {
        var move = new Scatter(context.Input(0), context.Input(1), context.Output(0));
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private readonly ref struct Scatter(TensorValue input, TensorValue indices, TensorValue output) : IElementMove
    {
        public void Move<T>()
        {
            var source = input.Elements<T>();
            var target = output.Elements<T>();
            if (indices.Count != input.Count) throw new RecordException($"there are {indices.Count} indices for {input.Count} elements");
            target.Clear();
            for (var i = 0; i < source.Length; i++)
            {
                var at = indices.IntAt(i);
                if (at < 0 || at >= target.Length) throw new RecordException($"index {at} is outside of {output.Type}");
                target[(int)at] = source[i];
            }
        }
    }
}

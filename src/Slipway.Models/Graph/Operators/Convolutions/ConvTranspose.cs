using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// ConvTranspose (ai.onnx 1, 11, 22): input [N, C, …], weights [C, M / group, …], bias [M]; one to three spatial axes. The size of the output is
/// <c>stride · (input - 1) + output_padding + (kernel - 1) · dilation + 1 - pads</c>, or <c>output_shape</c>, from which the padding follows.
/// </summary>
internal sealed class ConvTranspose : FloatOperator
{
    private readonly int _groups;
    private readonly string _autoPad;
    private readonly long[]? _strides, _dilations, _pads, _outputPadding, _outputShape;

    public ConvTranspose(NodeInfo node)
    {
        var groups = node.Int("group", 1);
        if (groups is < 1 or > int.MaxValue) throw node.Wrong($"group is {groups}");
        _groups = (int)groups;
        _autoPad = node.Text("auto_pad", "NOTSET");
        if (_autoPad is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER")) throw node.Wrong($"auto_pad '{_autoPad}' is unknown; there are NOTSET, VALID, SAME_UPPER, SAME_LOWER");
        (_strides, _dilations) = (Numbers(node, "strides", 1), Numbers(node, "dilations", 1));
        (_pads, _outputPadding, _outputShape) = (Numbers(node, "pads", int.MinValue), Numbers(node, "output_padding", 0), Numbers(node, "output_shape", 0));
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } input || context.Shape(1) is not { } weights)
        {
            context.SetOutput(0, context.Element(0), context.Rank(0) > 0 ? context.UnknownShape(context.Rank(0)) : null);
            return;
        }
        if (input.Rank is < 3 or > 5 || weights.Rank != input.Rank) throw new ModelException($"input {input} and weights {weights} must be of one rank, 3 to 5");
        if (input[1] >= 0 && weights[0] >= 0 && input[1] != weights[0]) throw new ModelException($"the input {input} has {input[1]} channels, weights {weights} expect {weights[0]}");
        var axes = input.Rank - 2;
        Require(axes);
        var output = new long[input.Rank];
        (output[0], output[1]) = (input[0], weights[1] < 0 ? context.NewSymbol() : weights[1] * _groups);
        for (var a = 0; a < axes; a++)
        {
            output[a + 2] = input[a + 2] < 0 || weights[a + 2] < 0 ? context.NewSymbol() : Place(a, axes, input[a + 2], weights[a + 2]).Output;
            if (input[a + 2] >= 0 && weights[a + 2] >= 0 && output[a + 2] < 0) throw new ModelException($"the output would have {output[a + 2]} elements along axis {a + 2}");
        }
        context.SetOutput(0, context.Element(0), output);
    }

    protected override long ComputeScratchBytes(RunContext context) => context.Output(0).Count == 0 || context.Input(0).Count == 0 ? 0
        : context.Input(0).Element == DataType.Float64 ? Kernel<double>(context).ScratchBytes : Kernel<float>(context).ScratchBytes;

    protected override void Compute(RunContext context)
    {
        if (context.Input(0).Element == DataType.Float64) Run<double>(context);
        else if (context.Input(0).Element == DataType.Float32) Run<float>(context);
        else throw new RecordException($"ConvTranspose computes with floating-point numbers, not with {context.Input(0).Type}");
    }

    private void Run<T>(RunContext context) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (input, weights, bias, output) = (context.Input(0), context.Input(1), context.OptionalInput(2), context.Output(0));
        if (output.Count == 0) return;
        if (input.Count == 0) throw new RecordException($"{input.Type} has no elements");
        var kernel = context.State as TransposedConvolution<T> ?? Kernel<T>(context);
        context.State = kernel;
        kernel.Run((int)input[0], weights.Values<T>(), bias is null ? default : bias.Values<T>(), input.Values<T>(), output.Values<T>(), context.Scratch, context.Threads);
    }

    private TransposedConvolution<T> Kernel<T>(RunContext context) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (input, weights) = (context.Input(0), context.Input(1));
        var axes = input.Rank - 2;
        Span<ColumnAxis> spatial = stackalloc ColumnAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            var place = Place(a, axes, input[a + 2], weights[a + 2]);
            spatial[a] = new ColumnAxis((int)place.Output, (int)input[a + 2], (int)weights[a + 2], (int)At(_strides, a, 1), (int)At(_dilations, a, 1), (int)place.Begin);
        }
        return new TransposedConvolution<T>((int)input[1], (int)(weights[1] * _groups), _groups, new ColumnSum(spatial), default, default);
    }

    private WindowPlace Place(int axis, int axes, long input, long kernel)
    {
        var full = (At(_strides, axis, 1) * (input - 1)) + At(_outputPadding, axis, 0) + ((kernel - 1) * At(_dilations, axis, 1)) + 1;
        if (_outputShape is null && _autoPad is "NOTSET" or "VALID")
        {
            var (before, after) = _autoPad == "VALID" || _pads is null ? (0L, 0L) : (_pads[axis], _pads[axis + axes]);
            return new WindowPlace(full - before - after, before, after);
        }
        var output = _outputShape is null ? input * At(_strides, axis, 1) : _outputShape[axis + _outputShape.Length - axes];
        var padding = full - output;
        // What no element reaches is at the end, as the owner's cases and ONNX Runtime have it.
        if (padding < 0) return new WindowPlace(output, 0, padding);
        var small = padding / 2;
        return _autoPad == "SAME_UPPER" ? new WindowPlace(output, small, padding - small) : new WindowPlace(output, padding - small, small);
    }

    private void Require(int axes)
    {
        if (_strides is not null && _strides.Length != axes || _dilations is not null && _dilations.Length != axes || _pads is not null && _pads.Length != 2 * axes
            || _outputPadding is not null && _outputPadding.Length != axes || _outputShape is not null && _outputShape.Length != axes && _outputShape.Length != axes + 2)
        {
            throw new ModelException($"strides, dilations, pads, output_padding or output_shape do not speak of {axes} axes");
        }
    }

    private static long At(long[]? values, int axis, long otherwise) => values is null ? otherwise : values[axis];

    private static long[]? Numbers(NodeInfo node, string name, long least)
    {
        var values = node.Ints(name);
        if (values is not null && Array.Exists(values, v => v < least || v > int.MaxValue)) throw node.Wrong($"{name} is out of range");
        return values is { Length: 0 } ? null : values;
    }
}

using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// ConvInteger (ai.onnx 10): int8 or uint8 with zero points to int32. QLinearConv (ai.onnx 10): the same, scaled to int8 or uint8 again: inputs x, x_scale, x_zero_point, w,
/// w_scale, w_zero_point, y_scale, y_zero_point and an int32 bias. Padding counts as the input's zero point.
/// </summary>
internal sealed class IntegerConv : Operator
{
    private readonly Window _window;
    private readonly int _groups, _weights;
    private readonly bool _isScaled;

    public IntegerConv(NodeInfo node, bool isScaled)
    {
        (_window, _isScaled, _weights) = (new Window(node), isScaled, isScaled ? 3 : 1);
        var groups = node.Int("group", 1);
        if (groups is < 1 or > int.MaxValue) throw node.Wrong($"group is {groups}");
        _groups = (int)groups;
    }

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, _isScaled ? context.Element(7) : DataType.Int32, ConvolutionGeometry.Output(context, _window, _groups, _weights));

    public override long ScratchBytes(RunContext context) => context.Output(0).Count == 0 ? 0 : Kernel(context).ScratchBytes;

    public override void Run(RunContext context)
    {
        if (context.Output(0).Count == 0) return;
        var kernel = context.State as IntegerConvolution ?? Kernel(context);
        context.State = kernel;
        switch (context.Input(0).Element, context.Input(_weights).Element)
        {
            case (DataType.UInt8, DataType.UInt8): Run<byte, byte>(context, kernel); break;
            case (DataType.UInt8, DataType.Int8): Run<byte, sbyte>(context, kernel); break;
            case (DataType.Int8, DataType.UInt8): Run<sbyte, byte>(context, kernel); break;
            case (DataType.Int8, DataType.Int8): Run<sbyte, sbyte>(context, kernel); break;
            default: throw new RecordException($"int8 or uint8 is expected, {context.Input(0).Type} and {context.Input(_weights).Type} are given");
        }
    }

    private void Run<TInput, TWeight>(RunContext context, IntegerConvolution kernel)
        where TInput : unmanaged, System.Numerics.IBinaryInteger<TInput>, System.Numerics.IMinMaxValue<TInput>
        where TWeight : unmanaged, System.Numerics.IBinaryInteger<TWeight>, System.Numerics.IMinMaxValue<TWeight>
    {
        var (input, weights) = (context.Input(0), context.Input(_weights));
        var (inputZero, weightZeros) = (context.OptionalInput(2), context.OptionalInput(_isScaled ? 5 : 3));
        var x = inputZero is { Count: > 0 } ? inputZero.Values<TInput>()[0] : TInput.Zero;
        var w = weightZeros is null ? default : weightZeros.Values<TWeight>();
        var batch = (int)input[0];
        if (!_isScaled)
        {
            kernel.Run(batch, input.Values<TInput>(), x, weights.Values<TWeight>(), w, context.Output(0).Values<int>(), context.Scratch, context.Threads);
            return;
        }
        var (inputScale, weightScales, outputScale) = (context.Input(1), context.Input(4), context.Input(6));
        if (inputScale.Count != 1 || outputScale.Count != 1 || (weightScales.Count != 1 && weightScales.Count != weights[0])) throw new RecordException("scales must be one for the input, one for the output, and one or one for each filter for the weights");
        Span<float> scales = weightScales.Count <= 256 ? stackalloc float[weightScales.Count] : new float[weightScales.Count];
        for (var m = 0; m < scales.Length; m++) scales[m] = inputScale.Values<float>()[0] * weightScales.Values<float>()[m] / outputScale.Values<float>()[0];
        var bias = context.OptionalInput(8) is { } given ? given.Values<int>() : default;
        if (context.Output(0).Element == DataType.UInt8) kernel.RunScaled(batch, input.Values<TInput>(), x, weights.Values<TWeight>(), w, bias, scales, context.Output(0).Values<byte>(), (byte)context.Input(7).IntAt(0), context.Scratch, context.Threads);
        else kernel.RunScaled(batch, input.Values<TInput>(), x, weights.Values<TWeight>(), w, bias, scales, context.Output(0).Values<sbyte>(), (sbyte)context.Input(7).IntAt(0), context.Scratch, context.Threads);
    }

    private IntegerConvolution Kernel(RunContext context) => new(ConvolutionGeometry.Of(_window, _groups, context.Input(0), context.Input(_weights)));
}

using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>DequantizeLinear: <c>(x - zero) · scale</c>; for the tensor, along an axis, in blocks. Computed in float32 and rounded once to the type of the scale, or of <c>output_dtype</c>.</summary>
internal sealed class DequantizeLinear(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", 1);
    private readonly long _block = node.Int("block_size", 0);
    private readonly DataType _output = node.DataType("output_dtype", DataType.Undefined);

    public override void Infer(InferenceContext context)
    {
        var scale = context.Element(1);
        if (context.HasInput(2) && context.Element(0) is not DataType.Undefined and var x && context.Element(2) is not DataType.Undefined and var zero && x != zero)
        {
            throw new ModelException($"the zero point has elements of {zero.Text}, the input of {x.Text}; they must be of one type");
        }
        context.SetOutput(0, _output != DataType.Undefined ? _output : scale == DataType.Float8E8M0 ? DataType.Float32 : scale, context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        if (_block == 0 && context.Output(0).Element == DataType.Float32 && context.Input(0).Element is DataType.Int8 or DataType.UInt8 && context.Input(1) is { Element: DataType.Float32, Count: 1 } one && context.OptionalInput(2) is null or { Count: 1 })
        {
            var point = (int)(context.OptionalInput(2)?.IntAt(0) ?? 0);
            if (context.Input(0).Element == DataType.Int8) LinearBytes.Dequantize<sbyte>(context.Input(0).Values<sbyte>(), one.Values<float>()[0], point, context.Output(0).Values<float>());
            else LinearBytes.Dequantize<byte>(context.Input(0).Values<byte>(), one.Values<float>()[0], point, context.Output(0).Values<float>());
            return;
        }
        var copies = FloatCopies.Of(context, 4);
        var x = copies.Read(0, context.Input(0));
        var scale = copies.Read(1, context.Input(1));
        var zero = copies.Read(2, context.OptionalInput(2));
        if (zero.Length != 0 && zero.Length != scale.Length) throw new RecordException($"the zero point {context.Input(2).Type} must be of the shape of the scale {context.Input(1).Type}");
        var grain = QuantizationGrain.Of(context.Input(0), context.Input(1), _axis, _block);
        var output = context.Output(0);
        var room = output.Element == DataType.Float32 ? output : copies.Room(3, output);
        var y = room.Values<float>();
        var inner = grain.Layout.Inner;
        for (var run = 0; run < grain.Layout.Outer * grain.Layout.Size; run++)
        {
            var first = grain.ScaleOf(run / grain.Layout.Size, run % grain.Layout.Size);
            for (var i = 0; i < inner; i++)
            {
                var at = grain.PerElement ? first + i : first;
                y[run * inner + i] = (x[run * inner + i] - (zero.IsEmpty ? 0 : zero[at])) * scale[at];
            }
        }
        if (room != output) ElementConversion.Convert(room, output, default);
    }
}

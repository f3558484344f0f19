using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// QuantizeLinear: <c>saturate(round(x / scale) + zero)</c>, rounded to nearest even, to integers of 2 to 16 bits or small floats; for the tensor, along an axis, in blocks.
/// The quotient has the precision of the scale's type, or of the attribute <c>precision</c>.
/// </summary>
internal sealed class QuantizeLinear(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", 1);
    private readonly long _block = node.Int("block_size", 0);
    private readonly DataType _output = node.DataType("output_dtype", DataType.Undefined);
    private readonly DataType _precision = node.DataType("precision", DataType.Undefined);
    private readonly NarrowRounding _rounding = new(node.Flag("saturate", true));

    public override void Infer(InferenceContext context)
    {
        var zero = context.HasInput(2) ? context.Element(2) : DataType.Undefined;
        if (_output != DataType.Undefined && zero != DataType.Undefined && zero != _output) throw new ModelException($"output_dtype is {_output.Text}, but the zero point has elements of {zero.Text}");
        var element = context.HasInput(2) ? zero : _output == DataType.Undefined ? DataType.UInt8 : _output;
        context.SetOutput(0, element, context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        if (_precision == DataType.Undefined && _block == 0 && context.Input(0).Element == DataType.Float32 && context.Input(1) is { Element: DataType.Float32, Count: 1 } one && context.OptionalInput(2) is null or { Count: 1 })
        {
            var point = context.OptionalInput(2);
            switch (context.Output(0).Element)
            {
                case DataType.UInt8:
                    LinearBytes.Quantize(context.Input(0).Values<float>(), one.Values<float>()[0], (int)(point?.IntAt(0) ?? 0), context.Output(0).Values<byte>());
                    return;
                case DataType.Int8:
                    LinearBytes.Quantize(context.Input(0).Values<float>(), one.Values<float>()[0], (int)(point?.IntAt(0) ?? 0), context.Output(0).Values<sbyte>());
                    return;
            }
        }
        var copies = FloatCopies.Of(context, 3);
        var scaleInput = context.Input(1);
        var x = copies.Read(0, context.Input(0));
        var scale = copies.Read(1, scaleInput);
        var zero = copies.Read(2, context.OptionalInput(2));
        if (zero.Length != 0 && zero.Length != scale.Length) throw new RecordException($"the zero point {context.Input(2).Type} must be of the shape of the scale {scaleInput.Type}");
        var grain = QuantizationGrain.Of(context.Input(0), scaleInput, _axis, _block);
        var precision = _precision != DataType.Undefined ? _precision : scaleInput.Element;
        var target = QuantizedTarget.Of(context.Output(0), _rounding);
        var inner = grain.Layout.Inner;
        for (var run = 0; run < grain.Layout.Outer * grain.Layout.Size; run++)
        {
            var first = grain.ScaleOf(run / grain.Layout.Size, run % grain.Layout.Size);
            for (var i = 0; i < inner; i++)
            {
                var at = grain.PerElement ? first + i : first;
                var quotient = Rounded(x[run * inner + i] / scale[at], precision);
                target.Set(run * inner + i, quotient, zero.IsEmpty ? 0 : zero[at]);
            }
        }
    }

    private static float Rounded(float value, DataType precision) => precision switch
    {
        DataType.Float16 => (float)(Half)value,
        DataType.BFloat16 => WideFloats.FromBFloat16(WideFloats.ToBFloat16(value)),
        _ => value,
    };
}

/// <summary>Where quantized numbers go.</summary>
internal readonly ref struct QuantizedTarget
{
    private readonly TensorValue _tensor;
    private readonly Span<byte> _bytes;
    private readonly SmallFloat? _format;
    private readonly NarrowRounding _rounding;
    private readonly float _least;
    private readonly float _greatest;

    private QuantizedTarget(TensorValue tensor, NarrowRounding rounding, float least, float greatest)
    {
        _tensor = tensor;
        _rounding = rounding;
        _format = SmallFloat.Find(tensor.Element);
        _bytes = tensor.Element.Width == 1 ? tensor.Values<byte>() : default;
        _least = least;
        _greatest = greatest;
    }

    /// <exception cref="RecordException">Nothing is quantized to elements of this type.</exception>
    public static QuantizedTarget Of(TensorValue tensor, NarrowRounding rounding = default)
    {
        var (least, greatest) = tensor.Element switch
        {
            DataType.UInt8 => (0, 255),
            DataType.Int8 => (-128, 127),
            DataType.UInt16 => (0, 65535),
            DataType.Int16 => (-32768, 32767),
            _ when NarrowIntegers.Bits(tensor.Element) > 0 => NarrowIntegers.Range(tensor.Element),
            _ when SmallFloat.Find(tensor.Element) is not null => (0, 0),
            _ => throw new RecordException($"numbers cannot be quantized to {tensor.Element.Text}"),
        };
        return new QuantizedTarget(tensor, rounding, least, greatest);
    }

    /// <summary>Rounds, adds the zero point, saturates and keeps.</summary>
    public void Set(int index, float value, float zero)
    {
        if (_format is not null)
        {
            _bytes[index] = _format.FromSingle(value + zero, _rounding);
            return;
        }
        var number = (int)Math.Clamp(MathF.Round(value) + zero, _least, _greatest);
        if (_tensor.Element.Width == 1) _bytes[index] = (byte)number;
        else _tensor.Values<ushort>()[index] = (ushort)number;
    }
}

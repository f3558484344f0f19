using System.Buffers;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// DFT (ai.onnx 17, 20): along an axis of [..., 1 or 2] (real, or real and imaginary), cut or padded with zeros to dft_length. One-sided forward keeps the first half of the
/// spectrum of a real signal; one-sided inverse makes the real signal from it.
/// </summary>
internal sealed class Dft : Operator
{
    private readonly long _axis;
    private readonly bool _axisIsInput, _inverse, _oneSided;

    public Dft(NodeInfo node, bool axisIsInput)
    {
        _axisIsInput = axisIsInput;
        _axis = axisIsInput ? -2 : node.Int("axis", 1);
        _inverse = node.Flag("inverse");
        _oneSided = node.Flag("onesided");
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } input)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (input.Rank < 2 || input[^1] is 0 or > 2) throw new ModelException($"the input must end in 1 (real) or 2 (complex), it is {input}");
        if ((_axisIsInput && context.HasInput(2) && context.Constant(2) is null) || (context.HasInput(1) && context.Constant(1) is null))
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(input.Rank));
            return;
        }
        var axis = AxisOf(context.Constant(2), input.Rank);
        var length = LengthOf(context.Constant(1), input[axis]);
        var output = input.Span.ToArray();
        output[^1] = _oneSided && _inverse ? 1 : 2;
        output[axis] = length < 0 ? context.NewSymbol() : _oneSided && !_inverse ? (length / 2) + 1 : length;
        context.SetOutput(0, context.Element(0), output);
    }

    public override void Run(RunContext context)
    {
        var (input, output) = (context.Input(0), context.Output(0));
        if (output.Count == 0) return;
        var axis = AxisOf(_axisIsInput ? context.OptionalInput(2) : null, input.Rank);
        var length = (int)(_oneSided && !_inverse ? LengthOf(context.OptionalInput(1), input[axis]) : output[axis]);
        var (parts, outParts) = ((int)input[^1], (int)output[^1]);
        if (_oneSided && !_inverse && parts != 1) throw new RecordException($"a one-sided transform is of real numbers, the input is {input.Type}");
        int outer = 1, inner = 1;
        for (var a = 0; a < axis; a++) outer *= (int)input[a];
        for (var a = axis + 1; a < input.Rank - 1; a++) inner *= (int)input[a];
        var (given, wanted) = ((int)input[axis], (int)output[axis]);
        var values = new double[input.Count];
        var results = new double[output.Count];
        Numbers.Read<double>(input, values);
        var line = ArrayPool<Complex>.Shared.Rent(length);
        for (var o = 0; o < outer; o++)
        for (var i = 0; i < inner; i++)
        {
            var signal = line.AsSpan(0, length);
            signal.Clear();
            for (var k = 0; k < Math.Min(given, length); k++)
            {
                var at = ((((o * given) + k) * inner) + i) * parts;
                signal[k] = new Complex(values[at], parts == 2 ? values[at + 1] : 0);
            }
            if (_oneSided && _inverse)
            {
                for (var k = (length / 2) + 1; k < length; k++) signal[k] = Complex.Conjugate(signal[length - k]);
            }
            Fourier.Transform(signal, _inverse);
            for (var k = 0; k < wanted; k++)
            {
                var at = ((((o * wanted) + k) * inner) + i) * outParts;
                var value = _inverse ? signal[k] / length : signal[k];
                results[at] = value.Real;
                if (outParts == 2) results[at + 1] = value.Imaginary;
            }
        }
        ArrayPool<Complex>.Shared.Return(line);
        Numbers.Write<double>(results, output);
    }

    private int AxisOf(TensorValue? input, int rank)
    {
        var axis = InferenceContext.Axis(_axisIsInput && input is not null ? input.IntAt(0) : _axis, rank);
        return axis < rank - 1 ? axis : throw new ModelException("the last axis holds real and imaginary parts: it cannot be transformed");
    }

    /// <summary>The length of the signal; below zero when not known.</summary>
    private long LengthOf(TensorValue? given, long size)
    {
        if (given is null) return _oneSided && _inverse && size >= 0 ? 2 * (size - 1) : size;
        var length = given.IntAt(0);
        return length is > 0 and <= int.MaxValue / 4 ? length : throw new ModelException($"dft_length is {length}");
    }
}

using System.Buffers;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>STFT (ai.onnx 17): the spectra of frames of signals [batch, length, 1 or 2], each weighed by a window, as [batch, frames, bins, 2].</summary>
internal sealed class Stft(NodeInfo node) : Operator
{
    private readonly bool _oneSided = node.Flag("onesided", true);

    public override void Infer(InferenceContext context)
    {
        var (signal, window) = (context.Shape(0), context.Shape(2));
        if (signal is not null && signal.Rank is not (2 or 3)) throw new ModelException($"the signal must be [batch, length, 1 or 2], it is {signal}");
        var step = context.Constant(1);
        var known = signal is not null && signal[1] >= 0 && step is not null && (!context.HasInput(3) || context.Constant(3) is not null) && (context.HasInput(3) || window is { IsConcrete: true });
        if (!known)
        {
            context.SetOutput(0, context.Element(0), signal?[0] ?? context.NewSymbol(), context.NewSymbol(), context.NewSymbol(), 2);
            return;
        }
        var length = context.Constant(3)?.IntAt(0) ?? window![0];
        if (length is < 1 or > int.MaxValue / 4 || step!.IntAt(0) < 1) throw new ModelException($"frames of {length} every {step!.IntAt(0)} elements are not possible");
        if (window is { Rank: 1 } && window[0] >= 0 && window[0] != length) throw new ModelException($"the window has {window[0]} elements, a frame {length}");
        if (length > signal![1]) throw new ModelException($"a frame has {length} elements, the signal {signal[1]}");
        context.SetOutput(0, context.Element(0), signal[0], ((signal[1] - length) / step.IntAt(0)) + 1, _oneSided ? (length / 2) + 1 : length, 2);
    }

    public override void Run(RunContext context)
    {
        var (signal, output, window) = (context.Input(0), context.Output(0), context.OptionalInput(2));
        if (output.Count == 0) return;
        var step = (int)context.Input(1).IntAt(0);
        var length = (int)(context.OptionalInput(3)?.IntAt(0) ?? window!.Count);
        var parts = signal.Rank == 3 ? (int)signal[2] : 1;
        if (_oneSided && parts != 1) throw new RecordException($"one-sided spectra are of real numbers, the signal is {signal.Type}");
        var values = new double[signal.Count];
        var weights = new double[length];
        var results = new double[output.Count];
        Numbers.Read<double>(signal, values);
        if (window is null) Array.Fill(weights, 1);
        else Numbers.Read<double>(window, weights);
        var (frames, bins) = ((int)output[1], (int)output[2]);
        var line = ArrayPool<Complex>.Shared.Rent(length);
        for (var b = 0; b < output[0]; b++)
        for (var f = 0; f < frames; f++)
        {
            var frame = line.AsSpan(0, length);
            for (var k = 0; k < length; k++)
            {
                var at = (((b * (int)signal[1]) + (f * step) + k) * parts);
                frame[k] = new Complex(values[at], parts == 2 ? values[at + 1] : 0) * weights[k];
            }
            Fourier.Transform(frame, inverse: false);
            for (var k = 0; k < bins; k++)
            {
                var at = ((((b * frames) + f) * bins) + k) * 2;
                (results[at], results[at + 1]) = (frame[k].Real, frame[k].Imaginary);
            }
        }
        ArrayPool<Complex>.Shared.Return(line);
        Numbers.Write<double>(results, output);
    }
}

using System.Diagnostics;
using Slipway.Core;
using Slipway.Models.Kernels;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Benchmarks;

/// <summary>What one convolution with bias and Relu took at batch 1 on one thread.</summary>
/// <param name="Own">Seconds of each kernel asked for; null of one that does not compute the layer.</param>
/// <param name="Native">Seconds of ONNX Runtime for a model of that one node; null without its library.</param>
/// <param name="Peak">Operations a second that the core did in the same rounds.</param>
internal sealed record ConvolutionTimes(double?[] Own, double? Native, double Peak)
{
    private const int Rounds = 20;
    private const double SecondsPerRound = 0.003;
    private const double WarmupSeconds = 0.4;

    /// <summary>Measures in turns, round after round, and keeps the best of each.</summary>
    /// <param name="path">Where the model for the native runtime is written.</param>
    public static ConvolutionTimes Measure(ConvolutionLayer layer, ConvolutionKernel[] kernels, string path)
    {
        var shape = layer.Shape;
        var random = new Random(1);
        float[] weights = Values(random, shape.WeightsLength), bias = Values(random, shape.Filters), input = Values(random, shape.InputLength), output = new float[shape.OutputLength];
        var actions = kernels.Select(kernel => CallOf(shape, kernel, weights, bias, input, output)).ToList();
        IModel? model = null;
        if (OnnxRuntimeRuntime.IsAvailable)
        {
            ConvolutionModelFile.Write(path, layer, weights, bias);
            model = new OnnxRuntimeRuntime().Open(path, RuntimeOptions.Default);
            var batch = new Batch(Tensor.Of<float>("x", input, 1, shape.Channels, layer.Size, layer.Size));
            actions.Add(() => model.Run(batch).Dispose());
        }
        var calls = actions.Select(action => action is null ? 0 : Calls(action)).ToArray();
        var best = new double?[actions.Count];
        var peak = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            peak = Math.Min(peak, GemmPeak.Single(0.5f));
            for (var i = 0; i < best.Length; i++)
            {
                if (actions[i] is { } action) best[i] = Math.Min(best[i] ?? double.MaxValue, Seconds(action, calls[i]));
            }
        }
        model?.Dispose();
        return new ConvolutionTimes(best[..kernels.Length], model is null ? null : best[^1], GemmPeak.Operations<float>() / peak);
    }

    private static Action? CallOf(ConvolutionShape shape, ConvolutionKernel kernel, float[] weights, float[] bias, float[] input, float[] output)
    {
        if (!Convolution.Supports(shape, kernel)) return null;
        var convolution = Convolution.Create(shape, weights, bias, Activation.Relu, kernel);
        var scratch = new byte[convolution.ScratchBytes(1)];
        return () => convolution.Run(1, input, output, default, scratch, 1);
    }

    private static int Calls(Action action)
    {
        // Until the code is compiled for good.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < WarmupSeconds;) action();
        return (int)Math.Clamp(SecondsPerRound / Seconds(action, 1), 1, 1 << 12);
    }

    private static double Seconds(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}

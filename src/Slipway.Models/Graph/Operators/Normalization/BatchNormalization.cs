using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// BatchNormalization of [n, c, …]: each channel by a given mean and variance, or in training by its own, which then also move the running ones:
/// <c>running · momentum + own · (1 - momentum)</c>. Training is asked for by <c>training_mode</c> from operator set 14 on, before that by wanting more than one output.
/// With <c>spatial</c> 0 (before 9) every activation is its own channel.
/// </summary>
internal sealed class BatchNormalization(NodeInfo node) : NormalizationOperator
{
    private readonly float _epsilon = node.Float("epsilon", 1e-5f);
    private readonly double _momentum = node.Float("momentum", 0.9f);
    private readonly bool _spatial = node.Version >= 9 || node.Flag("spatial", true);
    private readonly bool _training = node.Version >= 14 ? node.Flag("training_mode") : node.OutputCount > 1 && !(node.Version < 7 && node.Flag("is_test"));

    public override bool CanOverwrite(int input) => input == 0 && !_training;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { Rank: < 1 } shape) throw new ModelException($"a tensor of channels [n, c, …] is expected, {shape} is given");
        context.SetOutput(0, context.Element(0), context.Shape(0));
        for (var i = 1; i < context.OutputCount; i++) context.SetOutput(i, context.Element(i % 2 == 1 ? 3 : 4), context.Shape(i % 2 == 1 ? 3 : 4));
    }

    protected override long ComputeScratchBytes(RunContext context) => 2L * context.Input(1).Count * context.Input(0).Element.Width;

    protected override void Run<T>(RunContext context)
    {
        var x = context.Input(0);
        var layout = x.Rank < 2 ? new AxisLayout(x.Count, 1, 1) : AxisLayout.Of(x.Shape, 1);
        if (!_spatial) layout = new AxisLayout(layout.Outer, layout.Size * layout.Inner, 1);
        for (var i = 1; i <= 4; i++)
        {
            if (context.Input(i).Count != layout.Size) throw new RecordException($"input {i} must have {layout.Size} elements, one for each channel of {x.Type}; {context.Input(i).Type} is given");
        }
        var factors = MemoryMarshal.Cast<byte, T>(context.Scratch)[..(2 * layout.Size)];
        var shifts = factors[layout.Size..];
        factors = factors[..layout.Size];
        ReadOnlySpan<T> from = x.Values<T>();
        for (var channel = 0; channel < layout.Size; channel++)
        {
            var (mean, variance) = (context.Input(3).NumberAt(channel), context.Input(4).NumberAt(channel));
            if (_training)
            {
                var own = Moments(from, layout, channel);
                SetRunning(context, channel, mean * _momentum + own.Mean * (1 - _momentum), variance * _momentum + own.Variance * (1 - _momentum), own);
                (mean, variance) = own;
            }
            var factor = context.Input(1).NumberAt(channel) / Math.Sqrt(variance + _epsilon);
            factors[channel] = T.CreateTruncating(factor);
            shifts[channel] = T.CreateTruncating(context.Input(2).NumberAt(channel) - mean * factor);
        }
        BatchNorm.Run(from, context.Output(0).Values<T>(), layout.Inner, factors, shifts, context.Threads);
    }

    private static (double Mean, double Variance) Moments<T>(ReadOnlySpan<T> x, AxisLayout layout, int channel) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double sum = 0, squares = 0;
        for (var outer = 0; outer < layout.Outer; outer++)
        {
            foreach (var value in x.Slice((outer * layout.Size + channel) * layout.Inner, layout.Inner)) sum += double.CreateTruncating(value);
        }
        var count = layout.Outer * layout.Inner;
        var mean = sum / count;
        for (var outer = 0; outer < layout.Outer; outer++)
        {
            foreach (var value in x.Slice((outer * layout.Size + channel) * layout.Inner, layout.Inner))
            {
                var distance = double.CreateTruncating(value) - mean;
                squares += distance * distance;
            }
        }
        return (mean, squares / count);
    }

    private static void SetRunning(RunContext context, int channel, double mean, double variance, (double Mean, double Variance) own)
    {
        Set(context, 1, channel, mean);
        Set(context, 2, channel, variance);
        Set(context, 3, channel, own.Mean);
        Set(context, 4, channel, own.Variance);
    }

    private static void Set(RunContext context, int output, int channel, double value)
    {
        if (!context.HasOutput(output)) return;
        var tensor = context.Output(output);
        if (tensor.Element == DataType.Float32) tensor.Values<float>()[channel] = (float)value;
        else tensor.Values<double>()[channel] = value;
    }
}

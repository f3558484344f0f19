using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>LRN of [n, c, …]: each element by the squares of its neighbours in the channels: <c>x / (bias + alpha / size · Σ x²)^beta</c>.</summary>
internal sealed class LocalResponseNormalization(NodeInfo node) : NormalizationOperator
{
    private readonly double _alpha = node.Float("alpha", 1e-4f);
    private readonly double _beta = node.Float("beta", 0.75f);
    private readonly double _bias = node.Float("bias", 1);
    private readonly long _size = node.Int("size") is > 0 and < int.MaxValue and var size ? size : throw node.Wrong("size must be above 0");

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { Rank: < 2 } shape) throw new ModelException($"a tensor of channels [n, c, …] is expected, {shape} is given");
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override long ComputeScratchBytes(RunContext context) => AxisLayout.Of(context.Input(0).Shape, 1).Inner * (long)sizeof(double);

    protected override void Run<T>(RunContext context)
    {
        var layout = AxisLayout.Of(context.Input(0).Shape, 1);
        ReadOnlySpan<T> x = context.Input(0).Values<T>();
        var y = context.Output(0).Values<T>();
        if (typeof(T) == typeof(float))
        {
            LocalResponseNorm.Run(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y), layout.Outer, layout.Size, layout.Inner, (int)_size, (float)_alpha, (float)_beta, (float)_bias, context.Threads);
            return;
        }
        var sums = MemoryMarshal.Cast<byte, double>(context.Scratch)[..layout.Inner];
        var before = (_size - 1) / 2;
        var behind = _size - 1 - before;
        for (var plane = 0; plane < layout.Outer * layout.Size; plane++)
        {
            var channel = plane % layout.Size;
            sums.Clear();
            for (var other = Math.Max(0, channel - before); other <= Math.Min(layout.Size - 1, channel + behind); other++)
            {
                var line = x.Slice((plane - channel + (int)other) * layout.Inner, layout.Inner);
                for (var i = 0; i < line.Length; i++) sums[i] += double.CreateTruncating(line[i]) * double.CreateTruncating(line[i]);
            }
            for (var i = 0; i < sums.Length; i++)
            {
                var at = plane * layout.Inner + i;
                y[at] = T.CreateTruncating(double.CreateTruncating(x[at]) / Math.Pow(_bias + _alpha / _size * sums[i], _beta));
            }
        }
    }
}

using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// InstanceNormalization and GroupNormalization of [n, c, …]: each channel of each sample, or each group of neighbouring channels, by its own mean and variance.
/// Scales and biases are one for each channel; of GroupNormalization 18 one for each group.
/// </summary>
internal sealed class InstanceNormalization(NodeInfo node) : NormalizationOperator
{
    private readonly double _epsilon = node.Float("epsilon", 1e-5f);
    private readonly long _groups = node.Operator == "GroupNormalization" ? node.Int("num_groups") is > 0 and var groups ? groups : throw node.Wrong("num_groups must be above 0") : 0;
    private readonly bool _scalesByGroup = node.Operator == "GroupNormalization" && node.Version < 21;

    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape && (shape.Rank < 2 || (_groups > 0 && shape[1] >= 0 && shape[1] % _groups != 0))) throw new ModelException($"a tensor of channels [n, c, …] is expected{(_groups > 0 ? $", c a multiple of {_groups}" : "")}; {shape} is given");
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override long ComputeScratchBytes(RunContext context) => 2L * (context.Input(0).Rank < 2 ? 0 : context.Input(0)[1]) * context.Input(0).Element.Width;

    protected override void Run<T>(RunContext context)
    {
        var x = context.Input(0);
        if (x.Count == 0) return;
        var layout = AxisLayout.Of(x.Shape, 1);
        var groups = _groups > 0 ? (int)_groups : layout.Size;
        var channels = layout.Size / groups;
        var parameters = _scalesByGroup ? groups : layout.Size;
        RequireCount(context.Input(1), parameters, "the scale");
        RequireCount(context.Input(2), parameters, "the bias");
        var scales = MemoryMarshal.Cast<byte, T>(context.Scratch)[..(2 * layout.Size)];
        var shifts = scales[layout.Size..];
        scales = scales[..layout.Size];
        for (var channel = 0; channel < layout.Size; channel++)
        {
            var parameter = _scalesByGroup ? channel / channels : channel;
            scales[channel] = T.CreateTruncating(Parameter(context.Input(1), parameter));
            shifts[channel] = T.CreateTruncating(Parameter(context.Input(2), parameter));
        }
        GroupNorm.Run(x.Values<T>(), context.Output(0).Values<T>(), layout.Outer, layout.Size, layout.Inner, groups, scales, shifts, T.CreateTruncating(_epsilon), context.Threads);
    }
}

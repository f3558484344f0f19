using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>DeformConv (ai.onnx 19, 22): inputs x, weights, offsets, bias, mask; two spatial axes.</summary>
internal sealed class DeformConv : FloatOperator
{
    private readonly Window _window;
    private readonly int _groups, _offsetGroups;

    public DeformConv(NodeInfo node)
    {
        _window = new Window(node);
        var (groups, offsetGroups) = (node.Int("group", 1), node.Int("offset_group", 1));
        if (groups is < 1 or > int.MaxValue || offsetGroups is < 1 or > int.MaxValue) throw node.Wrong($"group is {groups}, offset_group {offsetGroups}");
        (_groups, _offsetGroups) = ((int)groups, (int)offsetGroups);
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), ConvolutionGeometry.Output(context, _window, _groups, 1));

    protected override void Compute(RunContext context)
    {
        if (context.Output(0).Count == 0) return;
        if (context.Input(0).Element == DataType.Float64) Run<double>(context);
        else if (context.Input(0).Element == DataType.Float32) Run<float>(context);
        else throw new RecordException($"DeformConv computes with floating-point numbers, not with {context.Input(0).Type}");
    }

    private void Run<T>(RunContext context) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (input, weights) = (context.Input(0), context.Input(1));
        var kernel = new DeformableConvolution(ConvolutionGeometry.Of(_window, _groups, input, weights), _offsetGroups);
        var (bias, mask) = (context.OptionalInput(3), context.OptionalInput(4));
        kernel.Run<T>((int)input[0], input.Values<T>(), weights.Values<T>(), context.Input(2).Values<T>(), bias is null ? default : bias.Values<T>(), mask is null ? default : mask.Values<T>(), context.Output(0).Values<T>());
    }
}

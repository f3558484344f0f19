using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>LpNormalization: lines along an axis divided by their sum of sizes (p 1) or their length (p 2); a line of zeros stays.</summary>
internal sealed class LpNormalization(NodeInfo node) : NormalizationOperator
{
    private readonly long _axis = node.Int("axis", -1);
    private readonly int _p = node.Int("p", 2) is var p and (1 or 2) ? (int)p : throw node.Wrong("p must be 1 or 2");

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape) InferenceContext.Axis(_axis, shape.Rank);
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Run<T>(RunContext context)
    {
        var layout = AxisLayout.Of(context.Input(0).Shape, InferenceContext.Axis(_axis, context.Input(0).Rank));
        LpNorm.Run<T>(context.Input(0).Values<T>(), context.Output(0).Values<T>(), layout.Outer, layout.Size, layout.Inner, _p);
    }
}

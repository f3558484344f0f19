using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>ArgMax and ArgMin: the index of the greatest (least) element along an axis; the first or the last of equal ones. NaN counts as greatest and as least.</summary>
internal sealed class ArgReduction(NodeInfo node) : FloatOperator
{
    private readonly long _axis = node.Int("axis", 0);
    private readonly bool _keepDimensions = node.Flag("keepdims", true);
    private readonly bool _last = node.Flag("select_last_index");
    private readonly bool _greatest = node.Operator == "ArgMax";

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } shape)
        {
            context.SetOutput(0, DataType.Int64, (Shape?)null);
            return;
        }
        var axis = InferenceContext.Axis(_axis, shape.Rank);
        if (shape[axis] == 0) throw new Slipway.Core.ModelException($"axis {_axis} of {shape} is empty: it has no greatest or least element");
        context.SetOutput(0, DataType.Int64, new Shape(_keepDimensions ? shape.Dimensions.SetItem(axis, 1) : shape.Dimensions.RemoveAt(axis)));
    }

    protected override void Compute(RunContext context)
    {
        var function = new Function(this, context);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Function(ArgReduction owner, RunContext context) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var input = context.Input(0);
            var layout = AxisLayout.Of(input.Shape, InferenceContext.Axis(owner._axis, input.Rank));
            ReadOnlySpan<T> x = input.Values<T>();
            var y = context.Output(0).Values<long>();
            if (owner._greatest) ArgReductions.Max(x, y, layout.Outer, layout.Size, layout.Inner, owner._last);
            else ArgReductions.Min(x, y, layout.Outer, layout.Size, layout.Inner, owner._last);
        }
    }
}

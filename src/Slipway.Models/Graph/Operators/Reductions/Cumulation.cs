using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>CumSum (ai.onnx 11) and CumProd (26): running sums and products along the axis that the second input names. Floats run in float64.</summary>
internal sealed class Cumulation(NodeInfo node) : FloatOperator
{
    private readonly bool _exclusive = node.Flag("exclusive");
    private readonly bool _reverse = node.Flag("reverse");
    private readonly bool _isProduct = node.Operator == "CumProd";

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    protected override void Compute(RunContext context)
    {
        var axis = context.Input(1);
        if (axis.Count != 1) throw new RecordException($"the axis must be one number, {axis.Type} is given");
        var x = context.Input(0);
        var index = axis.IntAt(0);
        if (index < -x.Rank || index >= x.Rank) throw new RecordException($"axis {index} is outside of {x.Type}");
        var function = new Function(this, x, context.Output(0), AxisLayout.Of(x.Shape, (int)(index < 0 ? index + x.Rank : index)));
        NumberTypes.Run(x.Element, ref function);
    }

    private void Run<T, TRunning>(ReadOnlySpan<T> x, Span<T> y, AxisLayout layout) where T : unmanaged, INumber<T> where TRunning : unmanaged, INumber<TRunning>
    {
        var lines = layout.Outer * layout.Inner;
        if (y.Length == 0) return;
        var step = _reverse ? -layout.Inner : layout.Inner;
        for (var line = 0; line < lines; line++)
        {
            var at = line / layout.Inner * layout.Size * layout.Inner + line % layout.Inner + (_reverse ? (layout.Size - 1) * layout.Inner : 0);
            var running = _isProduct ? TRunning.One : TRunning.Zero;
            for (var k = 0; k < layout.Size; k++, at += step)
            {
                var next = _isProduct ? unchecked(running * TRunning.CreateTruncating(x[at])) : unchecked(running + TRunning.CreateTruncating(x[at]));
                y[at] = T.CreateTruncating(_exclusive ? running : next);
                running = next;
            }
        }
    }

    private readonly ref struct Function(Cumulation owner, TensorValue x, TensorValue y, AxisLayout layout) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (typeof(T) == typeof(float)) owner.Run<T, double>(x.Values<T>(), y.Values<T>(), layout);
            else owner.Run<T, T>(x.Values<T>(), y.Values<T>(), layout);
        }
    }
}

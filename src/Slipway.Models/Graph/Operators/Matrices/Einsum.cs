using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Einsum (ai.onnx 12): sums of products over labelled dimensions, element by element in the order of the labels; floats are summed in float64.
/// </summary>
internal sealed class Einsum(NodeInfo node) : FloatOperator
{
    private readonly EinsumEquation _equation = EinsumEquation.Read(node);

    public override void Infer(InferenceContext context)
    {
        var sizes = new Dictionary<int, long>();
        var ellipsis = 0;
        for (var i = 0; i < _equation.Inputs.Length; i++)
        {
            if (context.Shape(i) is not { } shape)
            {
                context.SetOutput(0, context.Element(0), (Shape?)null);
                return;
            }
            var labels = EinsumEquation.Expand(_equation.Inputs[i], shape.Rank);
            for (var axis = 0; axis < labels.Length; axis++)
            {
                ellipsis = Math.Max(ellipsis, -labels[axis]);
                sizes[labels[axis]] = sizes.TryGetValue(labels[axis], out var size) ? Join(size, shape[axis], labels[axis]) : shape[axis];
            }
        }
        var output = EinsumEquation.Expand(_equation.Output, _equation.Output.Contains('.') ? _equation.Output.Length - 1 + ellipsis : _equation.Output.Length);
        context.SetOutput(0, context.Element(0), Shape.Of([.. output.Select(label => sizes[label])]));
    }

    protected override void Compute(RunContext context)
    {
        if (context.State is not EinsumWalk walk || !walk.Fits(context)) context.State = walk = new EinsumWalk(_equation, context);
        var function = new Function(context, walk);
        NumberTypes.Run(context.Output(0).Element, ref function);
    }

    private static long Join(long a, long b, int label)
    {
        if (a == b || b == 1) return a;
        if (a == 1) return b;
        if (a >= 0 && b >= 0) throw new ModelException($"dimension '{(char)label}' is {a} in one input and {b} in another");
        return Math.Max(a, b);
    }

    private readonly ref struct Function(RunContext context, EinsumWalk walk) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (typeof(T) == typeof(float)) walk.Run<T, double>(context);
            else walk.Run<T, T>(context);
        }
    }
}

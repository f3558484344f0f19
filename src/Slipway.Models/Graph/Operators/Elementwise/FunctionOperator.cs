using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>A function of each element of a block; the blocks may be the same memory.</summary>
internal delegate void FloatMap(ReadOnlySpan<float> x, Span<float> y);

/// <summary>A real function of each element of a tensor of floats.</summary>
/// <param name="ofSingle">For float32, and for float16 and bfloat16 through float32.</param>
/// <param name="ofDouble">For float64.</param>
internal sealed class FunctionOperator(FloatMap ofSingle, Func<double, double> ofDouble) : FloatOperator
{
    /// <summary>A function whose float32 results are its float64 results, rounded.</summary>
    public FunctionOperator(Func<double, double> function)
        : this((x, y) => Each(x, y, function), function)
    {
    }

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (element != DataType.Undefined && !element.IsFloat) throw new ModelException($"floats are expected, {element.Text} is given");
        context.SetOutput(0, element, context.Shape(0));
    }

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        if (x.Element == DataType.Float32)
        {
            ofSingle(x.Values<float>(), y.Values<float>());
            return;
        }
        var from = x.Values<double>();
        var to = y.Values<double>();
        for (var i = 0; i < to.Length; i++) to[i] = ofDouble(from[i]);
    }

    private static void Each(ReadOnlySpan<float> x, Span<float> y, Func<double, double> function)
    {
        for (var i = 0; i < y.Length; i++) y[i] = (float)function(x[i]);
    }
}

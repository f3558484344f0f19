using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>A function of each element of a block; the blocks may be the same memory.</summary>
internal delegate void ElementMap<T>(ReadOnlySpan<T> x, Span<T> y);

/// <summary>A real function of each element of a tensor of floats.</summary>
/// <param name="ofSingle">For float32, and for float16 and bfloat16 through float32.</param>
/// <param name="ofDouble">For float64.</param>
internal sealed class FunctionOperator(ElementMap<float> ofSingle, ElementMap<double> ofDouble) : ElementwiseOperator, IActivationOperator
{
    /// <summary>The function as the kernels know it, for passes that put it into another operator; <see cref="ActivationKind.None"/> when they do not.</summary>
    public Activation Activation { get; init; }

    public override int ElementsPerPart => 1 << 14;

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (element != DataType.Undefined && !element.IsFloat) throw new ModelException($"floats are expected, {element.Text} is given");
        context.SetOutput(0, element, context.Shape(0));
    }

    public override void Run(RunContext context, int first, int end)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        if (x.Element == DataType.Float32) ofSingle(x.Values<float>()[first..end], y.Values<float>()[first..end]);
        else ofDouble(x.Values<double>()[first..end], y.Values<double>()[first..end]);
    }
}

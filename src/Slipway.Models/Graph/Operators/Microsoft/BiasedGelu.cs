using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>BiasGelu and FastGelu: gelu(x + bias), the bias [N] for the last dimension.</summary>
internal sealed class BiasedGelu(ElementMap<float> ofSingle, ElementMap<double> ofDouble) : FloatOperator
{
    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape && context.Shape(1) is { } bias)
        {
            if (bias.Rank != 1 || shape.Rank == 0) throw new ModelException($"the bias {bias} is no vector for the last dimension of {shape}");
            if (bias[0] >= 0 && shape[^1] >= 0 && bias[0] != shape[^1]) throw new ModelException($"the bias {bias} does not fit the last dimension of {shape}");
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Compute(RunContext context)
    {
        if (context.Input(0).Element == DataType.Float32) Run(context, ofSingle);
        else Run(context, ofDouble);
    }

    private static void Run<T>(RunContext context, ElementMap<T> function) where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> x = context.Input(0).Values<T>();
        var y = context.Output(0).Values<T>();
        if (context.OptionalInput(1) is not { Count: > 0 } bias)
        {
            function(x, y);
            return;
        }
        ReadOnlySpan<T> biases = bias.Values<T>();
        for (var row = 0; row < x.Length; row += biases.Length)
        {
            var sums = y.Slice(row, biases.Length);
            BinaryLoops.Run<NumberOperations.Add, T>(x.Slice(row, biases.Length), biases, sums);
            function(sums, sums);
        }
    }
}

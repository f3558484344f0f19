using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Shapes that all convolutions have in common: input [N, C, …], weights [M, C / group, …].</summary>
internal static class ConvolutionGeometry
{
    /// <summary>The shape of the output as far as it is known.</summary>
    /// <param name="weightsInput">Which input the weights are.</param>
    public static Shape? Output(InferenceContext context, Window window, int groups, int weightsInput)
    {
        if (context.Shape(0) is not { } input) return context.Rank(weightsInput) > 0 ? context.UnknownShape(context.Rank(weightsInput)) : null;
        if (input.Rank < 3) throw new ModelException($"the input must be [N, C, …], it is {input}");
        var axes = input.Rank - 2;
        window.Require(axes);
        var weights = context.Shape(weightsInput) ?? context.UnknownShape(input.Rank);
        if (weights.Rank != input.Rank) throw new ModelException($"weights {weights} do not have the rank of the input {input}");
        if (input[1] >= 0 && weights[1] >= 0 && input[1] != weights[1] * groups) throw new ModelException($"the input {input} has {input[1]} channels, weights {weights} in {groups} groups expect {weights[1] * groups}");
        var output = new long[input.Rank];
        (output[0], output[1]) = (input[0], weights[0]);
        for (var a = 0; a < axes; a++) output[a + 2] = window.Output(a, axes, input[a + 2], window.Kernel(a, weights.Span), context.NewSymbol);
        return Shape.Of(output);
    }

    /// <inheritdoc cref="Of(Window, int, ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static ConvolutionShape Of(Window window, int groups, TensorValue input, TensorValue weights) => Of(window, groups, input.Shape, weights.Shape);

    /// <summary>The geometry of one item, for the kernels.</summary>
    /// <exception cref="RecordException">There are more than three spatial axes.</exception>
    public static ConvolutionShape Of(Window window, int groups, ReadOnlySpan<long> input, ReadOnlySpan<long> weights)
    {
        var axes = input.Length - 2;
        if (axes > 3) throw new RecordException($"convolutions have one to three spatial axes, not {axes}");
        Span<WindowAxis> spatial = stackalloc WindowAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            var kernel = weights[a + 2];
            var place = window.Place(a, axes, input[a + 2], kernel);
            spatial[a] = new WindowAxis((int)input[a + 2], (int)kernel, (int)window.Stride(a), (int)window.Dilation(a), (int)place.Begin, (int)place.End);
        }
        return new ConvolutionShape((int)input[1], (int)weights[0], groups, spatial);
    }
}

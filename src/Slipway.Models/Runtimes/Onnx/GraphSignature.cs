using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Models.Onnx;

/// <summary>A graph's inputs and outputs as a <see cref="Core.Signature"/>, and what of them no batch can hold.</summary>
internal sealed record GraphSignature(Signature Signature, ImmutableArray<string> Unsupported)
{
    public static GraphSignature Of(GraphModel model)
    {
        var unsupported = ImmutableArray.CreateBuilder<string>();
        var inputs = ImmutableArray.CreateBuilder<TensorSpec>();
        var outputs = ImmutableArray.CreateBuilder<TensorSpec>();
        foreach (var input in model.Inputs)
        {
            if (input.Type is TensorType type && TensorElementTypes.Of((long)type.Element) is { } element) inputs.Add(new TensorSpec(input.Name, element, Dimensions(type)));
            else unsupported.Add($"input '{input.Name}' is a {input.Type}: only tensors can be given");
        }
        foreach (var output in model.Outputs)
        {
            var (name, type) = (output.Name, output.Type);
            if (type is TensorType tensor && TensorElementTypes.Of((long)tensor.Element) is { } element) outputs.Add(new TensorSpec(name, element, Dimensions(tensor)));
            else if (type is SequenceType { Item: MapType { Item: TensorType scores } } && TensorElementTypes.Of((long)scores.Element) is { } score) outputs.Add(new TensorSpec(name, score, [-1, -1]));
            else unsupported.Add($"output '{name}' is a {type}: only tensors and label-to-score maps can be answered");
        }
        return new GraphSignature(new Signature(inputs.ToImmutable(), outputs.ToImmutable()), unsupported.ToImmutable());
    }

    private static ImmutableArray<long> Dimensions(TensorType type) => type.Shape is null ? [-1] : [.. type.Shape.Dimensions.Select(d => d < 0 ? -1 : d)];
}

using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Squeeze: drops dimensions of one element (ai.onnx 1: attribute axes; 13: input).</summary>
internal sealed class Squeeze : Reinterpretation
{
    private readonly long[]? _axes;
    private readonly bool _isInput;

    public Squeeze(NodeInfo node)
    {
        _isInput = node.Version >= 13;
        if (!_isInput) _axes = node.Ints("axes");
        else if (node.Has("axes")) throw node.Wrong("axes are an input since version 13");
    }

    public override void Infer(InferenceContext context)
    {
        var result = Squeezed(context);
        context.SetOutput(0, context.Element(0), result);
        PassDimensions(context, result);
    }

    private Shape? Squeezed(InferenceContext context)
    {
        if (context.Shape(0) is not { } source) return null;
        var hasAxes = _isInput ? context.HasInput(1) : _axes is not null;
        var axes = _isInput ? context.Integers(1) : _axes;
        if (hasAxes && axes is null) return context.VectorLength(1) is >= 0 and var count && count <= source.Rank ? context.UnknownShape(source.Rank - count) : null;
        if (!hasAxes && !source.IsConcrete) return null;
        var dropped = hasAxes ? KnownIntegers.AxesOf(axes, source.Rank) : [];
        var dimensions = new List<long>(source.Rank);
        for (var i = 0; i < source.Rank; i++)
        {
            if (!hasAxes)
            {
                if (source[i] != 1) dimensions.Add(source[i]);
            }
            else if (!dropped.Contains(i)) dimensions.Add(source[i]);
            else if (source[i] is >= 0 and not 1) throw new ModelException($"dimension {i} of {source} cannot be dropped, it has {source[i]} elements");
        }
        return new Shape([.. dimensions]);
    }
}

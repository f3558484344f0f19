using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Flatten: a matrix of the dimensions before an axis and those from it on (ai.onnx 1; 11: negative axis).</summary>
internal sealed class Flatten(NodeInfo node) : Reinterpretation
{
    private readonly long _axis = node.Int("axis", 1);

    public override void Infer(InferenceContext context)
    {
        Shape? result = null;
        if (context.Shape(0) is { } source)
        {
            if (_axis < -source.Rank || _axis > source.Rank) throw new ModelException($"axis {_axis} is outside of {source}");
            var axis = (int)(_axis < 0 ? _axis + source.Rank : _axis);
            result = Graph.Shape.Of(context.Product(source.Span[..axis]), context.Product(source.Span[axis..]));
        }
        else result = context.UnknownShape(2);
        context.SetOutput(0, context.Element(0), result);
    }
}

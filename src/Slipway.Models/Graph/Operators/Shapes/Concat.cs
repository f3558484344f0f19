using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Concat: joins tensors along an axis (ai.onnx 1: axis 1 unless given; 4: axis required; 11: negative axis).</summary>
internal sealed class Concat(NodeInfo node) : Operator
{
    private readonly long _axis = node.Version < 4 ? node.Int("axis", 1) : node.Int("axis");

    public override void Infer(InferenceContext context)
    {
        var element = DataType.Undefined;
        for (var i = 0; i < context.InputCount; i++)
        {
            var other = context.Element(i);
            if (element == DataType.Undefined) element = other;
            else if (other != DataType.Undefined && other != element) throw new ModelException($"inputs must have one element type, input {i} is {other.Text}, one before it {element.Text}");
        }
        context.SetOutput(0, element, Joined(context));
        PassDimensions(context);
    }

    private Shape? Joined(InferenceContext context)
    {
        long[]? dimensions = null;
        var axis = 0;
        var isOpen = false;
        for (var i = 0; i < context.InputCount; i++)
        {
            if (context.Shape(i) is not { } shape)
            {
                isOpen = true;
                continue;
            }
            if (dimensions is null)
            {
                axis = InferenceContext.Axis(_axis, shape.Rank);
                dimensions = [.. shape.Dimensions];
                continue;
            }
            if (shape.Rank != dimensions.Length) throw new ModelException($"input {i} of shape {shape} has another rank than {Graph.Shape.TextOf(dimensions)}");
            for (var d = 0; d < dimensions.Length; d++)
            {
                if (d == axis) dimensions[d] = dimensions[d] < 0 || shape[d] < 0 ? context.Symbols.Sum(dimensions[d], shape[d]) : checked(dimensions[d] + shape[d]);
                else if (dimensions[d] < 0) dimensions[d] = shape[d];
                else if (shape[d] >= 0 && shape[d] != dimensions[d]) throw new ModelException($"input {i} of shape {shape} does not fit {Graph.Shape.TextOf(dimensions)} in dimension {d}");
            }
        }
        if (dimensions is null) return null;
        if (isOpen) dimensions[axis] = context.NewSymbol();
        return Graph.Shape.Of(dimensions);
    }

    private static void PassDimensions(InferenceContext context)
    {
        var all = new List<long>();
        for (var i = 0; i < context.InputCount; i++)
        {
            if (context.Rank(i) != 1 || context.Sizes(i) is not { } sizes) return;
            all.AddRange(sizes);
        }
        context.SetOutputDimensions(0, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
    }

    public override long PlaceOfInput(RunContext context, int input)
    {
        var target = context.Output(0);
        if (Strides.Product(target.Shape[..InferenceContext.Axis(_axis, target.Rank)]) != 1) return -1;
        long start = 0;
        for (var i = 0; i < input; i++) start += context.HasInput(i) ? context.Input(i).Count : 0;
        return start;
    }

    public override void Run(RunContext context)
    {
        var target = context.Output(0);
        if (target.Count == 0) return;
        var axis = InferenceContext.Axis(_axis, target.Rank);
        var rows = Strides.Product(target.Shape[..axis]);
        var width = Strides.Product(target.Shape[axis..]);
        long start = 0;
        for (var i = 0; i < context.InputCount; i++)
        {
            if (!context.HasInput(i)) continue;
            var source = context.Input(i);
            if (source.Count == 0) continue;
            var part = source.Count / rows;
            if (rows > 1 || !source.IsPartOf(target, start)) StridedCopy.Run(source, 0, [part, 1], target, start, [width, 1], [rows, part], context.Threads);
            start += part;
        }
    }
}

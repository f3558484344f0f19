using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ConcatFromSequence: joins the items of a sequence along an axis, or with new_axis stacks them along a new one (ai.onnx 11).</summary>
internal sealed class ConcatFromSequence(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis");
    private readonly bool _isNew = node.Flag("new_axis");

    public override void Infer(InferenceContext context)
    {
        if (context.ItemType(0) is not TensorType item) return;
        Shape? result = null;
        if (item.Shape is { } shape)
        {
            var axis = InferenceContext.Axis(_axis, shape.Rank + (_isNew ? 1 : 0));
            result = new Shape(_isNew ? shape.Dimensions.Insert(axis, context.NewSymbol()) : shape.Dimensions.SetItem(axis, context.NewSymbol()));
        }
        context.SetOutput(0, item.Element, result);
    }

    public override void Run(RunContext context)
    {
        var items = context.Sequence(0).Items;
        if (items.Count == 0) throw new RecordException("a sequence without items cannot be joined");
        var first = items[0].AsTensor;
        var axis = InferenceContext.Axis(_axis, first.Rank + (_isNew ? 1 : 0));
        var shape = new List<long>(first.Shape.ToArray());
        if (_isNew) shape.Insert(axis, items.Count);
        else shape[axis] = 0;
        foreach (var value in items)
        {
            var item = value.AsTensor;
            var fits = item.Element == first.Element && item.Rank == first.Rank;
            for (var d = 0; fits && d < item.Rank; d++) fits = item[d] == first[d] || (d == axis && !_isNew);
            if (!fits) throw new RecordException($"items {first.Type} and {item.Type} cannot be joined");
            if (!_isNew) shape[axis] += item[axis];
        }
        var target = context.Allocate(0, first.Element, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shape));
        if (target.Count == 0) return;
        var rows = Strides.Product(target.Shape[..axis]);
        var width = Strides.Product(target.Shape[axis..]);
        long start = 0;
        foreach (var value in items)
        {
            var item = value.AsTensor;
            var part = item.Count / rows;
            StridedCopy.Run(item, 0, [part, 1], target, start, [width, 1], [rows, part]);
            start += part;
        }
    }
}

using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>SplitToSequence: cuts a tensor along an axis into a sequence: into single slices, parts of one size (the last may be smaller), or parts of given sizes (ai.onnx 11; 24: bfloat16).</summary>
internal sealed class SplitToSequence(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", 0);
    private readonly bool _keepsDimension = node.Flag("keepdims", true);

    public override void Infer(InferenceContext context)
    {
        Shape? item = null;
        if (context.Shape(0) is { } source)
        {
            var axis = InferenceContext.Axis(_axis, source.Rank);
            var dimensions = source.Dimensions;
            if (context.HasInput(1)) dimensions = dimensions.SetItem(axis, context.NewSymbol());
            else dimensions = _keepsDimension ? dimensions.SetItem(axis, 1) : dimensions.RemoveAt(axis);
            item = new Shape(dimensions);
        }
        context.SetOutput(0, new SequenceType(new TensorType(context.Element(0), item)));
    }

    public override void Run(RunContext context)
    {
        var source = context.Input(0);
        var axis = InferenceContext.Axis(_axis, source.Rank);
        var whole = source[axis];
        var rows = Strides.Product(source.Shape[..axis]);
        var inner = Strides.Product(source.Shape[(axis + 1)..]);
        var items = new List<Value>();
        long start = 0;
        foreach (var size in SizesOf(context, whole))
        {
            var shape = source.Shape.ToArray();
            shape[axis] = size;
            if (!context.HasInput(1) && !_keepsDimension) shape = [.. shape[..axis], .. shape[(axis + 1)..]];
            var item = new TensorValue(source.Element, shape);
            StridedCopy.Run(source, start * inner, [whole * inner, 1], item, 0, [size * inner, 1], [rows, size * inner]);
            items.Add(item);
            start += size;
        }
        context.Set(0, new SequenceValue(new TensorType(source.Element), items));
    }

    private static long[] SizesOf(RunContext context, long whole)
    {
        var split = context.OptionalInput(1);
        if (split is { Rank: > 0 })
        {
            var sizes = split.ToInts();
            long sum = 0;
            foreach (var size in sizes)
            {
                if (size < 0 || size > whole - sum) throw new RecordException($"the parts [{string.Join(',', sizes)}] do not fit {whole} elements");
                sum += size;
            }
            return sum == whole ? sizes : throw new RecordException($"the parts [{string.Join(',', sizes)}] do not fit {whole} elements");
        }
        var each = split?.IntAt(0) ?? 1;
        if (each <= 0) throw new RecordException($"parts of {each} elements are impossible");
        var parts = new long[whole / each + (whole % each == 0 ? 0 : 1)];
        for (var i = 0; i < parts.Length; i++) parts[i] = Math.Min(each, whole - i * each);
        return parts;
    }
}

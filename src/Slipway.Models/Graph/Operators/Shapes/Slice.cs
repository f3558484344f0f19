using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Slice: takes ranges of some dimensions (ai.onnx 1: attributes; 10: inputs and steps; 11: negative axes).</summary>
internal sealed class Slice : Operator
{
    private readonly bool _isAttribute;
    private readonly long[] _starts = [];
    private readonly long[] _ends = [];
    private readonly long[]? _axes;

    public Slice(NodeInfo node)
    {
        if (node.Version >= 10) return;
        _isAttribute = true;
        _starts = node.Ints("starts") ?? throw node.Wrong("attribute 'starts' is missing");
        _ends = node.Ints("ends") ?? throw node.Wrong("attribute 'ends' is missing");
        _axes = node.Ints("axes");
        if (_starts.Length != _ends.Length || (_axes is not null && _axes.Length != _starts.Length)) throw node.Wrong("attributes 'starts', 'ends' and 'axes' have different lengths");
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } source)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        var starts = _isAttribute ? _starts : context.Integers(1);
        var ends = _isAttribute ? _ends : context.Integers(2);
        var axes = _isAttribute ? _axes : context.Integers(3);
        var hasAxes = _isAttribute ? _axes is not null : context.HasInput(3);
        var steps = _isAttribute ? null : context.Integers(4);
        var hasSteps = !_isAttribute && context.HasInput(4);
        if (hasAxes && axes is null)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(source.Rank));
            return;
        }
        var count = axes?.Length ?? starts?.Length ?? ends?.Length ?? context.VectorLength(1);
        if (count < 0)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(source.Rank));
            return;
        }
        if ((starts ?? ends)?.Length is { } length && length != count || starts is not null && ends is not null && starts.Length != ends.Length || steps is not null && steps.Length != count)
        {
            throw new ModelException("starts, ends, axes and steps have different lengths");
        }
        if (count > source.Rank) throw new ModelException($"{count} dimensions are sliced of a tensor of shape {source}");
        var dimensions = source.Span.ToArray();
        var sliced = axes is null ? null : KnownIntegers.AxesOf(axes, source.Rank);
        for (var i = 0; i < count; i++)
        {
            var axis = sliced?[i] ?? i;
            // All of it, by its own size.
            if (starts?[i] == 0 && (!hasSteps || steps?[i] == 1) && dimensions[axis] < 0 && !_isAttribute && context.Dimensions(2)?[i] == dimensions[axis]) continue;
            dimensions[axis] = starts is null || ends is null || (hasSteps && steps is null) ? context.NewSymbol() : Sliced(context, dimensions[axis], starts[i], ends[i], steps?[i] ?? 1);
        }
        context.SetOutput(0, context.Element(0), dimensions);
        if (source.Rank == 1 && count == 1 && dimensions[0] >= 0 && starts is not null && ends is not null && context.Sizes(0) is { } sizes)
        {
            var range = SliceRange.Of(starts[0], ends[0], steps?[0] ?? 1, sizes.Length);
            var known = new long[range.Count];
            for (var i = 0; i < known.Length; i++) known[i] = sizes[range.Start + i * range.Step];
            context.SetOutputDimensions(0, known);
        }
    }

    private static long Sliced(InferenceContext context, long size, long start, long end, long step)
    {
        if (size >= 0) return SliceRange.Of(start, end, step, size).Count;
        if (step == 0) throw new ModelException("the step of a slice is 0");
        var isWhole = step == 1 ? start == 0 && end >= int.MaxValue : step == -1 && (start == -1 || start >= int.MaxValue) && (end <= -int.MaxValue || SliceRange.IsOpen(end));
        if (isWhole) return size;
        var isEmpty = step > 0 && start >= 0 && end >= 0 && end <= start || step > 0 && start < 0 && end < 0 && end <= start;
        return isEmpty ? 0 : context.NewSymbol();
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        var rank = source.Rank;
        Span<long> strides = rank <= Strides.StackRank ? stackalloc long[2 * Strides.StackRank] : new long[2 * rank];
        Span<long> from = strides[..rank], to = strides.Slice(rank, rank);
        Strides.Of(source.Shape, from);
        Strides.Of(target.Shape, to);
        long start = 0;
        var count = _isAttribute ? _starts.Length : context.Input(1).Count;
        for (var i = 0; i < count; i++)
        {
            var range = RangeOf(context, source, i, out var axis);
            if (range.Count != target[axis]) throw new RecordException($"a slice of {range.Count} elements was planned as {target[axis]}");
            start += range.Start * from[axis];
            from[axis] *= range.Step;
        }
        if (!IsWhole(source, target) || !target.IsPartOf(source, start)) StridedCopy.Run(source, start, from, target, 0, to, target.Shape, context.Threads);
    }

    public override long PlaceOfOutput(RunContext context, int output)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (!IsWhole(source, target)) return -1;
        if (_isAttribute ? false : !context.Input(1).HasElements || !context.Input(2).HasElements || context.OptionalInput(3) is { HasElements: false } || context.OptionalInput(4) is { HasElements: false }) return -1;
        long start = 0;
        var count = _isAttribute ? _starts.Length : context.Input(1).Count;
        for (var i = 0; i < count; i++)
        {
            var range = RangeOf(context, source, i, out var axis);
            if (range.Step != 1 || range.Count != target[axis]) return -1;
            start += range.Start * Strides.Product(source.Shape[(axis + 1)..]);
        }
        return start;
    }

    /// <summary>Whether a slice of steps of 1 lies in one piece: only the first dimension that is not 1 is cut.</summary>
    private static bool IsWhole(TensorValue source, TensorValue target)
    {
        var isInside = false;
        for (var d = 0; d < source.Rank; d++)
        {
            if (isInside && target[d] != source[d]) return false;
            isInside |= source[d] != 1;
        }
        return true;
    }

    private SliceRange RangeOf(RunContext context, TensorValue source, int index, out int axis)
    {
        if (_isAttribute)
        {
            axis = InferenceContext.Axis(_axes?[index] ?? index, source.Rank);
            return SliceRange.Of(_starts[index], _ends[index], 1, source[axis]);
        }
        axis = InferenceContext.Axis(context.OptionalInput(3)?.IntAt(index) ?? index, source.Rank);
        return SliceRange.Of(context.Input(1).IntAt(index), context.Input(2).IntAt(index), context.OptionalInput(4)?.IntAt(index) ?? 1, source[axis]);
    }
}

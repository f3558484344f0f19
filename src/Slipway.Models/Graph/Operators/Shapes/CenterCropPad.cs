using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>CenterCropPad: cuts or pads dimensions with zeros around their middle to wanted sizes (ai.onnx 18).</summary>
internal sealed class CenterCropPad(NodeInfo node) : Operator
{
    private readonly long[]? _axes = node.Ints("axes");

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } source)
        {
            context.SetOutput(0, element, (Shape?)null);
            return;
        }
        var axes = _axes is null ? null : KnownIntegers.AxesOf(_axes, source.Rank);
        var count = axes?.Length ?? source.Rank;
        if (context.VectorLength(1) is >= 0 and var given && given != count) throw new ModelException($"{given} sizes are given, {count} are expected");
        foreach (var size in context.Integers(1) ?? [])
        {
            if (size < 0) throw new ModelException($"a size of {size} is impossible");
        }
        var sizes = context.Sizes(1);
        var dimensions = source.Span.ToArray();
        for (var i = 0; i < count; i++) dimensions[axes?[i] ?? i] = sizes?[i] ?? context.NewSymbol();
        context.SetOutput(0, element, dimensions);
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        var rank = source.Rank;
        Span<long> all = rank <= Strides.StackRank ? stackalloc long[3 * Strides.StackRank] : new long[3 * rank];
        Span<long> from = all[..rank], to = all.Slice(rank, rank), sizes = all.Slice(2 * rank, rank);
        Strides.Of(source.Shape, from);
        Strides.Of(target.Shape, to);
        long sourceStart = 0, targetStart = 0;
        for (var i = 0; i < rank; i++)
        {
            sizes[i] = Math.Min(source[i], target[i]);
            sourceStart += (source[i] - sizes[i]) / 2 * from[i];
            targetStart += (target[i] - sizes[i]) / 2 * to[i];
        }
        PadFill.Run(target, null, 0, context.Threads);
        StridedCopy.Run(source, sourceStart, from, target, targetStart, to, sizes, context.Threads);
    }
}

/// <summary>Crop: cuts the borders (left, top, right, bottom) of images [n, c, h, w], or cuts a part of a given size (scale) from the left and top border on (ai.onnx 1, experimental).</summary>
internal sealed class Crop : Operator
{
    private readonly long[] _border;
    private readonly long[]? _scale;

    public Crop(NodeInfo node)
    {
        _border = node.Ints("border") ?? [0, 0, 0, 0];
        _scale = node.Ints("scale");
        if (_border.Length != 4) throw node.Wrong($"attribute 'border' has {_border.Length} elements, four are expected");
        if (_scale is not null && _scale.Length != 2) throw node.Wrong($"attribute 'scale' has {_scale.Length} elements, two are expected");
        foreach (var border in _border)
        {
            if (border is < 0 or > int.MaxValue) throw node.Wrong($"a border of {border} elements is impossible");
        }
    }

    public override void Infer(InferenceContext context)
    {
        if (context.ShapeOfRank(0, 4) is not { } source)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(4));
            return;
        }
        context.SetOutput(0, context.Element(0), source[0], source[1], Cut(context, source[2], _border[1], _border[3], _scale?[0]), Cut(context, source[3], _border[0], _border[2], _scale?[1]));
    }

    private static long Cut(InferenceContext context, long size, long before, long after, long? scale)
    {
        if (size < 0) return scale ?? context.NewSymbol();
        var kept = scale ?? size - before - after;
        return kept >= 0 && before + kept <= size ? kept : throw new ModelException($"{kept} elements from {before} on cannot be cut from a dimension of {size}");
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        Span<long> from = stackalloc long[4], to = stackalloc long[4];
        Strides.Of(source.Shape, from);
        Strides.Of(target.Shape, to);
        StridedCopy.Run(source, _border[1] * from[2] + _border[0], from, target, 0, to, target.Shape, context.Threads);
    }
}

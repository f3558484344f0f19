using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Split: cuts a tensor along an axis (ai.onnx 1: sizes as input or attribute; 2: attribute; 13: input; 18: num_outputs, the last part being smaller).</summary>
internal sealed class Split : Operator
{
    private readonly int _version;
    private readonly long _axis;
    private readonly int _parts;
    private readonly long[]? _sizes;

    public Split(NodeInfo node)
    {
        _version = node.Version;
        _axis = node.Int("axis", 0);
        _parts = node.OutputCount;
        if (_version < 13) _sizes = node.Ints("split");
        if (_version >= 18 && node.Has("num_outputs"))
        {
            if (node.HasInput(1)) throw node.Wrong("sizes as input and attribute 'num_outputs' are given, only one may be");
            if (node.Int("num_outputs") != _parts) throw node.Wrong($"attribute 'num_outputs' is {node.Int("num_outputs")}, there are {_parts} outputs");
        }
        if (_sizes is not null && _sizes.Length != _parts) throw node.Wrong($"attribute 'split' has {_sizes.Length} sizes, there are {_parts} outputs");
    }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } source)
        {
            for (var i = 0; i < _parts; i++) context.SetOutput(i, element, (Shape?)null);
            return;
        }
        var axis = InferenceContext.Axis(_axis, source.Rank);
        var sizes = SizesOf(context, source[axis]);
        long start = 0;
        var known = source.Rank == 1 ? context.Sizes(0) : null;
        for (var i = 0; i < _parts; i++)
        {
            var dimensions = source.Span.ToArray();
            dimensions[axis] = sizes?[i] ?? context.NewSymbol();
            context.SetOutput(i, element, dimensions);
            if (sizes is null || start < 0 || sizes[i] < 0) start = -1;
            else
            {
                if (known is not null && context.HasOutput(i)) context.SetOutputDimensions(i, known.AsSpan((int)start, (int)sizes[i]));
                start += sizes[i];
            }
        }
    }

    /// <summary>The size of each part; null when unknown.</summary>
    private long[]? SizesOf(InferenceContext context, long whole)
    {
        if (_sizes is null && context.HasInput(1))
        {
            if (context.Integers(1, orFloats: _version < 2) is not { } given) return context.Sizes(1, orFloats: _version < 2) is { } partial && partial.Length == _parts ? partial : null;
            if (given.Length != _parts) throw new ModelException($"{given.Length} sizes are given, there are {_parts} outputs");
            return Checked(given, whole);
        }
        if (_sizes is not null) return Checked(_sizes, whole);
        if (whole < 0) return _parts == 1 ? [whole] : null;
        if (whole % _parts != 0 && _version < 18) throw new ModelException($"{whole} elements cannot be split into {_parts} equal parts");
        var each = (whole + _parts - 1) / _parts;
        var sizes = new long[_parts];
        for (var i = 0; i < _parts; i++) sizes[i] = Math.Clamp(whole - i * each, 0, each);
        return sizes;
    }

    private static long[] Checked(long[] sizes, long whole)
    {
        long sum = 0;
        foreach (var size in sizes)
        {
            if (size < 0 || size > int.MaxValue) throw new ModelException($"a part of {size} elements is impossible");
            sum += size;
        }
        if (whole >= 0 && sum != whole) throw new ModelException($"the parts [{string.Join(',', sizes)}] have {sum} elements together, the dimension has {whole}");
        return sizes;
    }

    public override void Run(RunContext context)
    {
        var source = context.Input(0);
        if (source.Count == 0) return;
        var axis = InferenceContext.Axis(_axis, source.Rank);
        var rows = Strides.Product(source.Shape[..axis]);
        var width = Strides.Product(source.Shape[axis..]);
        var inner = Strides.Product(source.Shape[(axis + 1)..]);
        long start = 0;
        for (var i = 0; i < _parts; i++)
        {
            var part = inner * PartSize(context, i, source[axis]);
            if (context.HasOutput(i) && (rows > 1 || !context.Output(i).IsPartOf(source, start))) StridedCopy.Run(source, start, [width, 1], context.Output(i), 0, [part, 1], [rows, part], context.Threads);
            start += part;
        }
    }

    public override long PlaceOfOutput(RunContext context, int output)
    {
        var source = context.Input(0);
        var axis = InferenceContext.Axis(_axis, source.Rank);
        if (Strides.Product(source.Shape[..axis]) != 1 || (_sizes is null && context.OptionalInput(1) is { HasElements: false })) return -1;
        long start = 0;
        for (var i = 0; i < output; i++) start += PartSize(context, i, source[axis]);
        return start * Strides.Product(source.Shape[(axis + 1)..]);
    }

    private long PartSize(RunContext context, int part, long whole)
    {
        if (_sizes is not null) return _sizes[part];
        if (context.OptionalInput(1) is { } sizes) return (long)sizes.NumberAt(part);
        var each = (whole + _parts - 1) / _parts;
        return Math.Clamp(whole - part * each, 0, each);
    }
}

using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Pad: adds elements at the edges of dimensions, or with numbers below zero takes them away (ai.onnx 1: attribute paddings; 2: pads; 11: inputs; 18: axes; 19: wrap).
/// What is taken away is gone before edges are repeated, mirrored or wrapped.
/// </summary>
internal sealed class Pad : Operator
{
    private readonly PadMode _mode;
    private readonly long[]? _pads;
    private readonly float _value;

    public Pad(NodeInfo node)
    {
        _mode = node.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Edge,
            "wrap" when node.Version >= 19 => PadMode.Wrap,
            var other => throw node.Wrong($"attribute 'mode': '{other}' is not known, only constant, reflect, edge{(node.Version >= 19 ? " and wrap" : "")}"),
        };
        if (node.Version >= 11) return;
        var name = node.Version < 2 ? "paddings" : "pads";
        _pads = node.Ints(name) ?? throw node.Wrong($"attribute '{name}' is missing");
        _value = node.Float("value", 0);
    }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } source)
        {
            context.SetOutput(0, element, (Shape?)null);
            return;
        }
        var pads = _pads ?? context.Integers(1);
        var axes = _pads is null && context.HasInput(3) ? context.Integers(3) : null;
        if (pads is null || (axes is null && _pads is null && context.HasInput(3)))
        {
            context.SetOutput(0, element, context.UnknownShape(source.Rank));
            return;
        }
        var padded = axes is null ? null : KnownIntegers.AxesOf(axes, source.Rank);
        var count = padded?.Length ?? source.Rank;
        if (pads.Length != 2 * count) throw new ModelException($"{pads.Length} pads are given, two for each of {count} dimensions are expected");
        var dimensions = source.Span.ToArray();
        for (var i = 0; i < count; i++)
        {
            var axis = padded?[i] ?? i;
            var (begin, end) = (pads[i], pads[count + i]);
            if (Math.Max(Math.Abs((decimal)begin), Math.Abs((decimal)end)) > int.MaxValue) throw new ModelException($"pads of {begin} and {end} elements are impossible");
            if (dimensions[axis] < 0)
            {
                if (begin != 0 || end != 0) dimensions[axis] = context.NewSymbol();
                continue;
            }
            var kept = dimensions[axis] + Math.Min(begin, 0) + Math.Min(end, 0);
            var size = dimensions[axis] + begin + end;
            if (size < 0) throw new ModelException($"dimension {axis} of {source} cannot be cut by {-begin} and {-end} elements");
            if (kept <= 0 && _mode != PadMode.Constant && size > 0) throw new ModelException($"dimension {axis} of {source} has no elements to fill its pads with");
            dimensions[axis] = size;
        }
        context.SetOutput(0, element, dimensions);
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        var rank = source.Rank;
        Span<long> all = rank <= Strides.StackRank ? stackalloc long[5 * Strides.StackRank] : new long[5 * rank];
        all.Clear();
        Span<long> begins = all[..rank], ends = all.Slice(rank, rank), from = all.Slice(2 * rank, rank), to = all.Slice(3 * rank, rank), sizes = all.Slice(4 * rank, rank);
        ReadPads(context, rank, begins, ends);
        Strides.Of(source.Shape, from);
        Strides.Of(target.Shape, to);
        long sourceStart = 0, targetStart = 0;
        for (var i = 0; i < rank; i++)
        {
            sizes[i] = Math.Max(0, source[i] + Math.Min(begins[i], 0) + Math.Min(ends[i], 0));
            sourceStart += Math.Max(0, -begins[i]) * from[i];
            targetStart += Math.Max(0, begins[i]) * to[i];
        }
        if (_mode == PadMode.Constant) PadFill.Run(target, _pads is null ? context.OptionalInput(2) : null, _value, context.Threads);
        StridedCopy.Run(source, sourceStart, from, target, targetStart, to, sizes, context.Threads);
        if (_mode == PadMode.Constant) return;
        for (var axis = rank - 1; axis >= 0; axis--)
        {
            if (sizes[axis] == target[axis]) continue;
            var edges = new PadEdges(target, axis, Math.Max(0, begins[axis]), sizes[axis], _mode);
            ElementWidths.Move(target.Element, ref edges);
        }
    }

    private void ReadPads(RunContext context, int rank, Span<long> begins, Span<long> ends)
    {
        var pads = _pads is null ? context.Input(1) : null;
        var axes = _pads is null ? context.OptionalInput(3) : null;
        var count = axes?.Count ?? rank;
        for (var i = 0; i < count; i++)
        {
            var axis = axes is null ? i : InferenceContext.Axis(axes.IntAt(i), rank);
            begins[axis] = pads?.IntAt(i) ?? _pads![i];
            ends[axis] = pads?.IntAt(count + i) ?? _pads![count + i];
        }
    }
}

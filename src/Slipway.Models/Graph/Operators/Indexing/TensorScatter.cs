using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>TensorScatter: writes the newest elements of sequences into a cache, from a position of each sequence on (ai.onnx 24).</summary>
internal sealed class TensorScatter : Operator
{
    private readonly long _axis;
    private readonly bool _isCircular;

    public TensorScatter(NodeInfo node)
    {
        _axis = node.Int("axis", -2);
        _isCircular = node.Text("mode", "linear") switch
        {
            "linear" => false,
            "circular" => true,
            var other => throw node.Wrong($"attribute 'mode': '{other}' is not known, only linear and circular"),
        };
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } cache)
        {
            var axis = InferenceContext.Axis(_axis, cache.Rank);
            if (axis == 0) throw new ModelException("the axis of the sequence cannot be that of the batch");
            if (context.ShapeOfRank(1, cache.Rank) is { } update)
            {
                for (var d = 0; d < cache.Rank; d++)
                {
                    if (cache[d] >= 0 && update[d] >= 0 && (d == axis ? update[d] > cache[d] : update[d] != cache[d])) throw new ModelException($"an update of shape {update} does not fit a cache of shape {cache}");
                }
            }
            if (context.HasInput(2) && context.ShapeOfRank(2, 1) is { } positions && positions[0] >= 0 && cache[0] >= 0 && positions[0] != cache[0])
            {
                throw new ModelException($"{positions[0]} positions are given for a batch of {cache[0]}");
            }
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        ScatterReductions.CopyData(context);
        var (update, target) = (context.Input(1), context.Output(0));
        if (update.Count == 0) return;
        var positions = context.OptionalInput(2);
        var axis = InferenceContext.Axis(_axis, target.Rank);
        var (capacity, length) = (target[axis], update[axis]);
        var inner = Strides.Product(target.Shape[(axis + 1)..]);
        var rows = Strides.Product(target.Shape[1..axis]);
        for (long b = 0; b < target[0]; b++)
        {
            var position = positions?.IntAt((int)b) ?? 0;
            if (_isCircular && position >= 0) position %= capacity;
            if (position < 0 || (!_isCircular && position > capacity - length)) throw new RecordException($"{length} elements cannot be written at {position} of a cache of {capacity}");
            var first = Math.Min(length, capacity - position);
            var (from, to) = (b * rows * length * inner, b * rows * capacity * inner);
            StridedCopy.Run(update, from, [length * inner, 1], target, to + position * inner, [capacity * inner, 1], [rows, first * inner]);
            StridedCopy.Run(update, from + first * inner, [length * inner, 1], target, to, [capacity * inner, 1], [rows, (length - first) * inner]);
        }
    }
}

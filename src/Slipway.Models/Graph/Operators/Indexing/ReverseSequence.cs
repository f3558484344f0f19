using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ReverseSequence: reverses the first elements of each sequence of a batch (ai.onnx 10).</summary>
internal sealed class ReverseSequence : Operator
{
    private readonly int _time;
    private readonly int _batch;

    public ReverseSequence(NodeInfo node)
    {
        (_time, _batch) = (node.Int("time_axis", 0), node.Int("batch_axis", 1)) switch
        {
            (0, 1) => (0, 1),
            (1, 0) => (1, 0),
            var (time, batch) => throw node.Wrong($"attributes 'time_axis' {time} and 'batch_axis' {batch} must be 0 and 1 in some order"),
        };
    }

    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        if (shape is { Rank: < 2 }) throw new ModelException($"sequences need at least two dimensions, their shape is {shape}");
        if (shape is not null && context.ShapeOfRank(1, 1) is { } lengths && lengths[0] >= 0 && shape[_batch] >= 0 && lengths[0] != shape[_batch])
        {
            throw new ModelException($"{lengths[0]} lengths are given for {shape[_batch]} sequences");
        }
        context.SetOutput(0, context.Element(0), shape);
    }

    public override void Run(RunContext context)
    {
        var (source, lengths, target) = (context.Input(0), context.Input(1), context.Output(0));
        if (target.Count == 0) return;
        var inner = Strides.Product(source.Shape[2..]);
        var (steps, batch) = (source[_time], source[_batch]);
        var (timeStride, batchStride) = _time == 0 ? (batch * inner, inner) : (inner, steps * inner);
        for (var b = 0; b < batch; b++)
        {
            var length = lengths.IntAt(b);
            if (length < 0 || length > steps) throw new RecordException($"a length of {length} is given for a sequence of {steps} elements");
            var start = b * batchStride;
            StridedCopy.Run(source, start + Math.Max(0, length - 1) * timeStride, [-timeStride, 1], target, start, [timeStride, 1], [length, inner]);
            StridedCopy.Run(source, start + length * timeStride, [timeStride, 1], target, start + length * timeStride, [timeStride, 1], [steps - length, inner]);
        }
    }
}

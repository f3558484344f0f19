namespace Slipway.Models.Graph;

/// <summary>GatherND: takes slices by tuples of positions (ai.onnx 11; 12: batch_dims).</summary>
internal sealed class GatherND : Operator
{
    private readonly int _batch;

    public GatherND(NodeInfo node)
    {
        var batch = node.Int("batch_dims", 0);
        _batch = batch is >= 0 and <= KnownIntegers.MaxRank ? (int)batch : throw node.Wrong($"attribute 'batch_dims' is {batch}");
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), IndexTuples.Slices(context.Shape(0), context.Shape(1), _batch));

    public override void Run(RunContext context)
    {
        var move = new GatherNDMove(context, _batch);
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private readonly struct GatherNDMove(RunContext context, int batch) : IElementMove
    {
        public void Move<T>()
        {
            var (data, positions, target) = (context.Input(0), context.Input(1), context.Output(0));
            if (target.Count == 0) return;
            var depth = (int)positions[positions.Rank - 1];
            var sizes = data.Shape.Slice(batch, depth);
            var slice = (int)Strides.Product(data.Shape[(batch + depth)..]);
            var batches = (int)Strides.Product(data.Shape[..batch]);
            var perBatch = data.Count / batches;
            var tuples = target.Count / slice;
            var indices = new IndexReader(positions);
            ReadOnlySpan<T> from = data.Elements<T>();
            var to = target.Elements<T>();
            for (var i = 0; i < tuples; i++)
            {
                var start = (int)((long)i * batches / tuples) * perBatch + IndexTuples.Offset(indices, i, sizes, slice);
                from.Slice(start, slice).CopyTo(to.Slice(i * slice, slice));
            }
        }
    }
}

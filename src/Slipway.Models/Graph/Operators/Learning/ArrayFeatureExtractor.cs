using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ArrayFeatureExtractor: the columns of the last dimension that the second input names; a vector becomes one row.</summary>
internal sealed class ArrayFeatureExtractor : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } shape)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (shape.Rank == 0) throw new ModelException("the columns of a scalar are asked for");
        var count = context.Shape(1) is { } indices ? indices.Count : -1;
        if (count == 0) throw new ModelException("no columns are asked for");
        if (count < 0) count = context.NewSymbol();
        long[] dimensions = shape.Rank == 1 ? [1, count] : [.. shape.Span[..^1], count];
        context.SetOutput(0, context.Element(0), dimensions);
    }

    public override void Run(RunContext context)
    {
        var move = new Columns(context);
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private readonly ref struct Columns(RunContext context) : IElementMove
    {
        public void Move<T>()
        {
            var (x, y) = (context.Input(0), context.Output(0));
            var from = x.Elements<T>();
            var to = y.Elements<T>();
            var (width, count) = ((int)x[^1], (int)y[^1]);
            if (to.Length == 0) return;
            var indices = new IndexReader(context.Input(1));
            for (var i = 0; i < count; i++)
            {
                var column = (int)indices.At(i, width);
                for (int read = column, write = i; write < to.Length; read += width, write += count) to[write] = from[read];
            }
        }
    }
}

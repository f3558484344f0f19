namespace Slipway.Models.Graph;

/// <summary>Shape: the dimensions of a tensor as int64 [n] (ai.onnx 1; 15: start and end).</summary>
internal sealed class ShapeOf(NodeInfo node) : Operator
{
    private readonly long _start = node.Int("start", 0);
    private readonly long _end = node.Int("end", long.MaxValue);

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } source)
        {
            context.SetOutput(0, DataType.Int64, context.UnknownShape(1));
            return;
        }
        var (from, count) = Part(source.Rank);
        context.SetOutput(0, DataType.Int64, count);
        context.SetOutputDimensions(0, source.Span.Slice(from, count));
    }

    public override void Run(RunContext context)
    {
        var shape = context.Input(0).Shape;
        var (from, count) = Part(shape.Length);
        shape.Slice(from, count).CopyTo(context.Output(0).Values<long>());
    }

    private (int From, int Count) Part(int rank)
    {
        var from = Clamp(_start, rank);
        return (from, Math.Max(0, Clamp(_end, rank) - from));
    }

    private static int Clamp(long position, int rank) => (int)Math.Clamp(position < 0 ? position + rank : position, 0, rank);
}

/// <summary>Size: the number of elements as an int64 scalar (ai.onnx 1).</summary>
internal sealed class SizeOf : Operator
{
    public override void Infer(InferenceContext context)
    {
        context.SetOutput(0, DataType.Int64, Graph.Shape.Scalar);
        if (context.Shape(0) is { } source) context.SetOutputDimensions(0, [context.Product(source.Span)]);
    }

    public override void Run(RunContext context) => context.Output(0).Values<long>()[0] = context.Input(0).Count;
}

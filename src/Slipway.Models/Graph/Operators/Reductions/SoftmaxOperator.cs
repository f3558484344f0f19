using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

internal enum SoftmaxKind
{
    Softmax,
    LogSoftmax,
    Hardmax,
}

/// <summary>Softmax, LogSoftmax and Hardmax along one axis; before operator set 13 over everything from the axis on.</summary>
internal sealed class SoftmaxOperator(NodeInfo node, SoftmaxKind kind) : FloatOperator
{
    private readonly bool _flattens = node.Version < 13;
    private readonly long _axis = node.Int("axis", node.Version < 13 ? 1 : -1);

    public override bool CanOverwrite(int input) => kind != SoftmaxKind.Hardmax;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape) Axis(shape.Rank);
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        if (x.Count == 0) return;
        var layout = Layout(x);
        if (x.Element == DataType.Float32) Run(x.Values<float>(), context.Output(0).Values<float>(), layout, context.Threads);
        else if (x.Element == DataType.Float64) Run(x.Values<double>(), context.Output(0).Values<double>(), layout, context.Threads);
        else throw new RecordException($"floats are expected, {x.Type} is given");
    }

    private int Axis(int rank) => _flattens && _axis == rank ? rank : rank == 0 ? 0 : InferenceContext.Axis(_axis, rank);

    private AxisLayout Layout(TensorValue x) => x.Rank == 0 ? new AxisLayout(1, 1, 1) : _flattens ? AxisLayout.Flat(x.Shape, Axis(x.Rank)) : AxisLayout.Of(x.Shape, Axis(x.Rank));

    private void Run(ReadOnlySpan<float> x, Span<float> y, AxisLayout layout, int threads)
    {
        if (kind == SoftmaxKind.Softmax) Softmax.Run(x, y, layout.Outer, layout.Size, layout.Inner, threads);
        else if (kind == SoftmaxKind.LogSoftmax) Softmax.RunLog(x, y, layout.Outer, layout.Size, layout.Inner, threads);
        else ArgReductions.Hardmax(x, y, layout.Outer, layout.Size, layout.Inner);
    }

    private void Run(ReadOnlySpan<double> x, Span<double> y, AxisLayout layout, int threads)
    {
        if (kind == SoftmaxKind.Softmax) Softmax.Run(x, y, layout.Outer, layout.Size, layout.Inner, threads);
        else if (kind == SoftmaxKind.LogSoftmax) Softmax.RunLog(x, y, layout.Outer, layout.Size, layout.Inner, threads);
        else ArgReductions.Hardmax(x, y, layout.Outer, layout.Size, layout.Inner);
    }
}

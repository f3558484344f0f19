using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>PRelu: elements below zero times a slope that broadcasts to the input; before operator set 7 a slope for each channel.</summary>
internal sealed class ParametricRelu(NodeInfo node) : ElementwiseOperator
{
    private readonly bool _byChannel = node.Version < 7;

    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } x && context.Shape(1) is { } slope) context.Broadcast(x, Shape.Of(Place(x.Span, slope.Span, new long[x.Rank + slope.Rank])));
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override void Plan(RunContext context)
    {
        var x = context.Input(0);
        var slope = context.Input(1);
        var state = context.State;
        Broadcasting.Of(ref state, context.Output(0).Shape, x.Shape, Place(x.Shape, slope.Shape, stackalloc long[x.Rank + slope.Rank]));
        context.State = state;
    }

    public override void Run(RunContext context, int first, int end)
    {
        var function = new Function(context, first, end);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    /// <summary>The slope's shape where it broadcasts from the right; a vector of channels is moved to axis 1.</summary>
    private ReadOnlySpan<long> Place(ReadOnlySpan<long> x, ReadOnlySpan<long> slope, Span<long> buffer)
    {
        if (!_byChannel || slope.Length != 1 || x.Length < 3 || slope[0] != x[1]) return slope;
        var placed = buffer[..(x.Length - 1)];
        placed.Fill(1);
        placed[0] = slope[0];
        return placed;
    }

    private readonly ref struct Function(RunContext context, int first, int end) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
        {
            var walk = (Broadcasting)context.State!;
            var loop = new Loop<T>(walk, context.Input(0).Values<T>(), context.Input(1).Values<T>(), context.Output(0).Values<T>());
            walk.Each(ref loop, first, end);
        }
    }

    private readonly ref struct Loop<T>(Broadcasting walk, ReadOnlySpan<T> x, ReadOnlySpan<T> slope, Span<T> y) : IBroadcastLoop where T : unmanaged, System.Numerics.INumber<T>
    {
        private readonly ReadOnlySpan<T> _x = x, _slope = slope;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length) =>
            BinaryLoops.Run<NumberOperations.Slope, T>(walk.Run(_x, 0, starts[0], length), walk.Run(_slope, 1, starts[1], length), _y.Slice(output, length));
    }
}

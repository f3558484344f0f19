using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>How the second operand of arithmetic before operator set 7 meets the first.</summary>
/// <param name="node">Read are <c>broadcast</c> and <c>axis</c>: the second operand's dimensions lie at this axis of the first; at its end when not given.</param>
internal sealed class OldBroadcast(NodeInfo node)
{
    private readonly bool _given = node.Flag("broadcast");
    private readonly long? _axis = node.Has("axis") ? node.Int("axis") : null;

    /// <summary>The second operand's shape with as many dimensions of one behind it as lets it lie where it belongs.</summary>
    public ReadOnlySpan<long> Place(ReadOnlySpan<long> a, ReadOnlySpan<long> b, Span<long> buffer)
    {
        if (!_given || _axis is not { } axis) return b;
        if (axis < 0) axis += a.Length;
        var behind = a.Length - axis - b.Length;
        if (axis < 0 || behind < 0) throw new RecordException($"shape {Shape.TextOf(b)} at axis {_axis} does not fit into {Shape.TextOf(a)}");
        b.CopyTo(buffer);
        buffer.Slice(b.Length, (int)behind).Fill(1);
        return buffer[..(int)(b.Length + behind)];
    }

    public Shape? Place(Shape? a, Shape? b) => a is null || b is null ? b : Shape.Of(Place(a.Span, b.Span, new long[a.Rank + b.Rank]));
}

/// <summary>Two tensors, broadcast, element by element.</summary>
/// <param name="old">How operands meet before operator set 7; null from then on.</param>
internal abstract class BroadcastOperator(OldBroadcast? old) : ElementwiseOperator
{
    public override bool CanOverwrite(int input) => input < 2;

    public override void Infer(InferenceContext context)
    {
        var a = context.Shape(0);
        var b = context.Shape(1);
        if (NeedsOneType && context.Element(0) is not DataType.Undefined and var left && context.Element(1) is not DataType.Undefined and var right && left != right)
        {
            throw new ModelException($"both inputs must have elements of one type; they have {left.Text} and {right.Text}");
        }
        context.SetOutput(0, ResultOf(context.Element(0) is not DataType.Undefined and var element ? element : context.Element(1)), context.Broadcast(a, old is null ? b : old.Place(a, b)));
    }

    protected virtual bool NeedsOneType => true;

    protected virtual DataType ResultOf(DataType element) => element;

    public override void Plan(RunContext context)
    {
        var a = context.Input(0).Shape;
        scoped var b = context.Input(1).Shape;
        if (old is not null) b = old.Place(a, b, stackalloc long[a.Length + b.Length]);
        var state = context.State;
        Broadcasting.Of(ref state, context.Output(0).Shape, a, b);
        context.State = state;
    }
}

/// <summary>Two tensors of numbers of one type: Add, Sub, Mul, Div, Mod, Max, Min, PRelu.</summary>
internal sealed class BinaryOperator<TOperation>(OldBroadcast? old = null) : BroadcastOperator(old) where TOperation : INumberOperation
{
    public override void Infer(InferenceContext context)
    {
        base.Infer(context);
        DimensionArithmetic.State<TOperation>(context);
    }

    public override void Run(RunContext context, int first, int end)
    {
        var function = new Function(context, first, end);
        NumberTypes.Run(context.Output(0).Element, ref function);
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

    private readonly ref struct Loop<T>(Broadcasting walk, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop where T : unmanaged, System.Numerics.INumber<T>
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length) =>
            BinaryLoops.Run<TOperation, T>(walk.Run(_a, 0, starts[0], length), walk.Run(_b, 1, starts[1], length), _y.Slice(output, length));
    }
}

using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Any number of tensors of one type, broadcast, element by element from the first to the last: Max, Min, Sum, Mean.</summary>
/// <param name="isMean">Divides by the number of inputs at the end.</param>
internal sealed class VariadicOperator<TOperation>(bool isMean) : FloatOperator where TOperation : INumberOperation
{
    public override bool CanOverwrite(int input) => false;

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        var shape = context.Shape(0);
        for (var i = 1; i < context.InputCount; i++)
        {
            if (element == DataType.Undefined) element = context.Element(i);
            else if (context.Element(i) is not DataType.Undefined and var other && other != element) throw new ModelException($"all inputs must have elements of one type; input 0 has {element.Text}, input {i} has {other.Text}");
            shape = context.Broadcast(shape, context.Shape(i));
        }
        context.SetOutput(0, element, shape);
        if (context.InputCount == 2 && !isMean) DimensionArithmetic.State<TOperation>(context);
    }

    protected override void Compute(RunContext context)
    {
        var function = new Function(context, isMean);
        NumberTypes.Run(context.Output(0).Element, ref function);
    }

    private readonly ref struct Function(RunContext context, bool isMean) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var states = context.State as object?[];
            if (states is null || states.Length != context.InputCount) context.State = states = new object?[context.InputCount];
            var y = context.Output(0);
            var to = y.Values<T>();
            if (context.InputCount == 1) context.Input(0).Values<T>().CopyTo(to);
            for (var i = 1; i < context.InputCount; i++)
            {
                var left = i == 1 ? context.Input(0) : y;
                var walk = Broadcasting.Of(ref states[i], y.Shape, left.Shape, context.Input(i).Shape);
                var loop = new Loop<T>(walk, left.Values<T>(), context.Input(i).Values<T>(), to);
                walk.Each(ref loop);
            }
            if (isMean && context.InputCount > 1) BinaryLoops.Run<NumberOperations.Divide, T>(to, [T.CreateTruncating(context.InputCount)], to);
        }
    }

    private readonly ref struct Loop<T>(Broadcasting walk, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop where T : unmanaged, INumber<T>
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output) =>
            BinaryLoops.Run<TOperation, T>(walk.Run(_a, 0, starts[0]), walk.Run(_b, 1, starts[1]), _y.Slice(output, walk.RunLength));
    }
}

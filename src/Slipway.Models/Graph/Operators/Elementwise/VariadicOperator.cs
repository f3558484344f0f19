using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Any number of tensors of one type, broadcast, element by element from the first to the last: Max, Min, Sum, Mean.</summary>
/// <param name="isMean">Divides by the number of inputs at the end.</param>
internal sealed class VariadicOperator<TOperation>(bool isMean) : ElementwiseOperator where TOperation : INumberOperation
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

    public override void Plan(RunContext context)
    {
        var walks = context.State as object?[];
        if (walks is null || walks.Length != context.InputCount) context.State = walks = new object?[context.InputCount];
        var y = context.Output(0).Shape;
        for (var i = 1; i < walks.Length; i++) Broadcasting.Of(ref walks[i], y, i == 1 ? context.Input(0).Shape : y, context.Input(i).Shape);
    }

    public override void Run(RunContext context, int first, int end)
    {
        var function = new Function(context, first, end, isMean);
        NumberTypes.Run(context.Output(0).Element, ref function);
    }

    private readonly ref struct Function(RunContext context, int first, int end, bool isMean) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var walks = (object?[])context.State!;
            var to = context.Output(0).Values<T>();
            var range = to[first..end];
            if (walks.Length == 1) context.Input(0).Values<T>()[first..end].CopyTo(range);
            for (var i = 1; i < walks.Length; i++)
            {
                var walk = (Broadcasting)walks[i]!;
                var loop = new Loop<T>(walk, i == 1 ? context.Input(0).Values<T>() : to, context.Input(i).Values<T>(), to);
                walk.Each(ref loop, first, end);
            }
            if (isMean && walks.Length > 1) BinaryLoops.Run<NumberOperations.Divide, T>(range, [T.CreateTruncating(walks.Length)], range);
        }
    }

    private readonly ref struct Loop<T>(Broadcasting walk, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop where T : unmanaged, INumber<T>
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length) =>
            BinaryLoops.Run<TOperation, T>(walk.Run(_a, 0, starts[0], length), walk.Run(_b, 1, starts[1], length), _y.Slice(output, length));
    }
}

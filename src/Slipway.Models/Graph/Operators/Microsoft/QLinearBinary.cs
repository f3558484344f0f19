using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>QLinearAdd and QLinearMul: quantized tensors, broadcast. Inputs a, its scale and zero point, b, its scale and zero point, the result's scale and zero point.</summary>
internal sealed class QLinearBinary(bool isProduct) : Operator
{
    private const int B = 3, Y = 6;

    public override void Infer(InferenceContext context)
    {
        if (context.Element(0) is not DataType.Undefined and var left && context.Element(B) is not DataType.Undefined and var right && left != right) throw new ModelException($"both tensors must have elements of one type; they have {left.Text} and {right.Text}");
        context.SetOutput(0, context.Element(0), context.Broadcast(context.Shape(0), context.Shape(B)));
    }

    public override void Run(RunContext context)
    {
        if (context.Input(0).Element == DataType.Int8) Run<sbyte>(context);
        else Run<byte>(context);
    }

    private void Run<T>(RunContext context) where T : unmanaged
    {
        var (a, b, y) = (context.Input(0), context.Input(B), context.Output(0));
        var (left, right, result) = (LinearQuantization.Of(context, 1, 2, a.Element), LinearQuantization.Of(context, B + 1, B + 2, b.Element), LinearQuantization.Of(context, Y, Y + 1, a.Element));
        var state = context.State;
        var walk = Broadcasting.Of(ref state, y.Shape, a.Shape, b.Shape);
        context.State = state;
        if (isProduct)
        {
            var loop = new Products<T>(walk, new QuantizedProduct(left.Zero, right.Zero, left.Scale * right.Scale / result.Scale, result.Zero), a.Values<T>(), b.Values<T>(), y.Values<T>());
            walk.Each(ref loop);
        }
        else
        {
            var loop = new Sums<T>(walk, QuantizedSum.Of(left.Scale / result.Scale, left.Zero, right.Scale / result.Scale, right.Zero, result.Zero), a.Values<T>(), b.Values<T>(), y.Values<T>());
            walk.Each(ref loop);
        }
    }

    private readonly ref struct Products<T>(Broadcasting walk, QuantizedProduct product, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop where T : unmanaged
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length) => QuantizedArithmetic.Run(product, walk.Run(_a, 0, starts[0], length), walk.Run(_b, 1, starts[1], length), _y.Slice(output, length));
    }

    private readonly ref struct Sums<T>(Broadcasting walk, QuantizedSum sum, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop where T : unmanaged
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            var left = walk.Run(_a, 0, starts[0], length);
            var right = walk.Run(_b, 1, starts[1], length);
            var row = walk.IsRepeated(0) ? sum.WithLeft(ByteLanes.Number(left[0])) : walk.IsRepeated(1) ? sum.WithRight(ByteLanes.Number(right[0])) : sum;
            QuantizedArithmetic.Run(row, left, right, _y.Slice(output, length));
        }
    }
}

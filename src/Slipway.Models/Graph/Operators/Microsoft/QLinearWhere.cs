using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>QLinearWhere: x where the condition holds, else y, all broadcast, both requantized to the result's scale and zero point. Inputs condition, x, its scale and zero point, y, its scale and zero point, the result's.</summary>
internal sealed class QLinearWhere : Operator
{
    private const int X = 1, Y = 4, Z = 7;

    public override void Infer(InferenceContext context)
    {
        if (context.Element(X) is not DataType.Undefined and var left && context.Element(Y) is not DataType.Undefined and var right && left != right) throw new ModelException($"both choices must have elements of one type; they have {left.Text} and {right.Text}");
        context.SetOutput(0, context.Element(X), context.Broadcast(context.Shape(0), context.Broadcast(context.Shape(X), context.Shape(Y))));
    }

    public override long ScratchBytes(RunContext context) => (long)context.Input(X).Count + context.Input(Y).Count;

    public override void Run(RunContext context)
    {
        var (x, y, z) = (context.Input(X), context.Input(Y), context.Output(0));
        if (z.Count == 0) return;
        if (context.State is not Kept kept) context.State = kept = new Kept();
        var result = LinearQuantization.Of(context, Z, Z + 1, z.Element);
        var left = context.Scratch[..x.Count];
        var right = context.Scratch.Slice(x.Count, y.Count);
        kept.X.Run(LinearQuantization.Of(context, X + 1, X + 2, x.Element), result, static v => v, x.Values<byte>(), left);
        kept.Y.Run(LinearQuantization.Of(context, Y + 1, Y + 2, y.Element), result, static v => v, y.Values<byte>(), right);
        var walk = Broadcasting.Of(ref kept.Walk, z.Shape, context.Input(0).Shape, x.Shape, y.Shape);
        var loop = new ChoiceLoop<byte>(walk, context.Input(0).Values<bool>(), left, right, z.Values<byte>());
        walk.Each(ref loop);
    }

    private sealed class Kept
    {
        public object? Walk;

        public QuantizedTable X { get; } = new();

        public QuantizedTable Y { get; } = new();
    }
}

namespace Slipway.Models.Graph;

/// <summary>QLinearSigmoid, QLinearLeakyRelu: a function of quantized numbers, quantized again. Inputs x, its scale and zero point, the result's scale and zero point.</summary>
internal sealed class QLinearUnary(Func<float, float> function) : Operator
{
    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var table = context.State as QuantizedTable ?? new QuantizedTable();
        context.State = table;
        table.Run(LinearQuantization.Of(context, 1, 2, x.Element), LinearQuantization.Of(context, 3, 4, x.Element), function, x.Values<byte>(), context.Output(0).Values<byte>());
    }

    public static QLinearUnary Sigmoid() => new(static x => (float)(1 / (1 + Math.Exp(-x))));

    public static QLinearUnary LeakyRelu(float alpha) => new(x => x >= 0 ? x : alpha * x);
}

namespace Slipway.Models.Graph;

/// <summary>Not: booleans turned round.</summary>
internal sealed class LogicalNot : Operator
{
    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Bool, context.Shape(0));

    public override void Run(RunContext context)
    {
        var x = context.Input(0).Values<byte>();
        var y = context.Output(0).Values<byte>()[..x.Length];
        for (var i = 0; i < x.Length; i++) y[i] = x[i] == 0 ? (byte)1 : (byte)0;
    }
}

/// <summary>BitwiseNot (ai.onnx 18): every bit of integers turned round.</summary>
internal sealed class BitwiseNot : Operator
{
    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    public override void Run(RunContext context)
    {
        var x = context.Input(0).Bytes;
        var y = context.Output(0).Bytes[..x.Length];
        for (var i = 0; i < x.Length; i++) y[i] = (byte)~x[i];
    }
}

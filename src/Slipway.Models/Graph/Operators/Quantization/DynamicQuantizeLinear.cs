namespace Slipway.Models.Graph;

/// <summary>DynamicQuantizeLinear (ai.onnx 11): floats to uint8 with a scale and a zero point that just cover them and 0.</summary>
internal sealed class DynamicQuantizeLinear : Operator
{
    public override void Infer(InferenceContext context)
    {
        context.SetOutput(0, DataType.UInt8, context.Shape(0));
        context.SetOutput(1, DataType.Float32, Shape.Scalar);
        context.SetOutput(2, DataType.UInt8, Shape.Scalar);
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0).Values<float>();
        var quantization = DynamicQuantization.Of(x);
        if (context.HasOutput(1)) context.Output(1).Values<float>()[0] = quantization.Scale;
        if (context.HasOutput(2)) context.Output(2).Values<byte>()[0] = quantization.Zero;
        if (context.HasOutput(0)) quantization.Quantize(x, context.Output(0).Values<byte>());
    }
}

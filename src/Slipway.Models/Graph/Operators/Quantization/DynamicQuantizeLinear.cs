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
        float least = 0, greatest = 0;
        foreach (var value in x)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }
        var scale = (greatest - least) / 255;
        if (scale == 0) scale = 1;
        var zero = Math.Clamp(MathF.Round(-least / scale), 0, 255);
        if (context.HasOutput(1)) context.Output(1).Values<float>()[0] = scale;
        if (context.HasOutput(2)) context.Output(2).Values<byte>()[0] = (byte)zero;
        if (!context.HasOutput(0)) return;
        var y = context.Output(0).Values<byte>();
        for (var i = 0; i < y.Length; i++) y[i] = (byte)Math.Clamp(MathF.Round(x[i] / scale) + zero, 0, 255);
    }
}

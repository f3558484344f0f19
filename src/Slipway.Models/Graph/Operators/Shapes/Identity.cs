namespace Slipway.Models.Graph;

/// <summary>Identity of a tensor, a sequence or an optional (ai.onnx 1, 14, 16).</summary>
internal sealed class Identity : Reinterpretation
{
    public override void Infer(InferenceContext context)
    {
        if (context.InputType(0) is not { } type) return;
        context.SetOutput(0, type);
        if (type is TensorType tensor) PassDimensions(context, tensor.Shape);
    }

    public override void Run(RunContext context)
    {
        if (context.InputValue(0) is TensorValue) base.Run(context);
        else context.Set(0, context.InputValue(0));
    }
}

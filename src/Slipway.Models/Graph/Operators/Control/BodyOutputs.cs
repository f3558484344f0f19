namespace Slipway.Models.Graph;

/// <summary>How results of bodies become outputs of their node.</summary>
internal static class BodyOutputs
{
    /// <summary>Copies a value out of a body, whose memory is used again, into an output.</summary>
    public static void Store(RunContext context, int output, Value value)
    {
        if (!context.HasOutput(output)) return;
        if (value is TensorValue tensor) context.Allocate(output, tensor.Element, tensor.Shape).CopyFrom(tensor);
        else context.Set(output, value.Copy());
    }
}

using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>What <see cref="GlobalPool"/> makes of all elements of a channel.</summary>
internal enum GlobalPoolKind
{
    Average,
    Max,
    Norm,
}

/// <summary>GlobalAveragePool, GlobalMaxPool (ai.onnx 1, 22), GlobalLpPool (1, 2, 22): [N, C, …] to [N, C, 1, …].</summary>
internal sealed class GlobalPool(NodeInfo node, GlobalPoolKind kind) : FloatOperator
{
    private readonly double _p = kind != GlobalPoolKind.Norm ? 0 : node.Version < 2 ? node.Float("p", 2) : node.Int("p", 2);

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } input)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (input.Rank < 2) throw new ModelException($"the input must be [N, C, …], it is {input}");
        var output = new long[input.Rank];
        Array.Fill(output, 1);
        (output[0], output[1]) = (input[0], input[1]);
        context.SetOutput(0, context.Element(0), output);
    }

    protected override void Compute(RunContext context)
    {
        var (input, output) = (context.Input(0), context.Output(0));
        if (output.Count == 0) return;
        if (input.Count == 0) throw new RecordException($"{input.Type} has channels without elements");
        switch (input.Element)
        {
            case DataType.Float32: Run<float>(input, output); break;
            case DataType.Float64: Run<double>(input, output); break;
            default: throw new RecordException($"{node.Operator} computes with floating-point numbers, not with {input.Type}");
        }
    }

    private void Run<T>(TensorValue input, TensorValue output) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var (planes, x, y) = (PoolWindow.Planes(input), input, output);
        switch (kind)
        {
            case GlobalPoolKind.Average when typeof(T) == typeof(float): GlobalPooling.Average(planes, x.Values<float>(), y.Values<float>()); break;
            case GlobalPoolKind.Average: GlobalPooling.Average<T, T>(planes, x.Values<T>(), y.Values<T>()); break;
            case GlobalPoolKind.Max: GlobalPooling.Max<T>(planes, x.Values<T>(), y.Values<T>()); break;
            default: GlobalPooling.Norm(planes, x.Values<T>(), y.Values<T>(), T.CreateTruncating(_p)); break;
        }
    }
}

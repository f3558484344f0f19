using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>MatMulInteger (ai.onnx 10): the exact product of int8 or uint8 matrices, zero points taken off, as int32. A constant right matrix is packed at load.</summary>
internal sealed class MatMulInteger(NodeInfo node) : Operator
{
    private readonly bool _hasZeroPoint = node.HasInput(3);
    private PackedIntegers? _packed;

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Int32, MatrixShapes.Infer(context, context.Shape(0), context.Shape(1)));

    public override void Prepare(PrepareContext context) => _packed = QuantizedMatrices.Pack(context, 1, 3, _hasZeroPoint);

    public override void Run(RunContext context) => QuantizedMatrices.Of(context)
        .Multiply(context.Input(0), context.OptionalInput(2), context.Input(1), context.OptionalInput(3), _packed, context.Threads).CopyTo(context.Output(0).Values<int>());
}

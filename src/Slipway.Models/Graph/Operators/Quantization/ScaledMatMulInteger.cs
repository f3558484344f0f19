using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// MatMulInteger with what makes floats of its product: <c>activation((a − za)(b − zb) · sa · sb + bias + residual)</c>. A fusing pass makes it; inputs a, b, sa, sb, za, zb, bias, residual, of which
/// the last four may be absent.
/// </summary>
internal sealed class ScaledMatMulInteger(Activation activation, bool hasZeroPoint) : Operator
{
    private const int ScaleA = 2, ScaleB = 3, ZeroA = 4, ZeroB = 5, Bias = 6, Residual = 7;

    private PackedIntegers? _packed;

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Float32, MatrixShapes.Infer(context, context.Shape(0), context.Shape(1)));

    public override void Prepare(PrepareContext context) => _packed = QuantizedMatrices.Pack(context, 1, ZeroB, hasZeroPoint);

    public override void Run(RunContext context)
    {
        var matrices = QuantizedMatrices.Of(context);
        var product = matrices.Multiply(context.Input(0), context.OptionalInput(ZeroA), context.Input(1), context.OptionalInput(ZeroB), _packed, context.Threads);
        if (context.Input(ScaleA) is not { Element: DataType.Float32, Count: 1 } scale) throw new RecordException($"the left scale is {context.Input(ScaleA).Type}, one float is expected");
        ScaledProduct.Write(matrices, product, scale.Values<float>()[0], context.Input(ScaleB), context.OptionalInput(Bias), context.Output(0), context.OptionalInput(Residual), activation);
    }
}

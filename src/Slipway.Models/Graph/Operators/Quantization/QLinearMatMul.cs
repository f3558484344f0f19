using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>QLinearMatMul (ai.onnx 10): the product of quantized matrices, quantized again: <c>saturate(round(Σ (a - za)(b - zb) · sa · sb / sy) + zy)</c>.</summary>
internal sealed class QLinearMatMul : Operator
{
    private PackedIntegers? _packed;

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(7), MatrixShapes.Infer(context, context.Shape(0), context.Shape(3)));

    public override void Prepare(PrepareContext context) => _packed = QuantizedMatrices.Pack(context, 3, 5, true);

    public override void Run(RunContext context)
    {
        var matrices = QuantizedMatrices.Of(context);
        var product = matrices.Multiply(context.Input(0), context.Input(2), context.Input(3), context.Input(5), _packed, context.Threads);
        var (scaleA, scaleB, scaleY, zeroY) = (context.Input(1), context.Input(4), context.Input(6), context.Input(7));
        if (scaleY.Count != 1 || zeroY.Count != 1) throw new RecordException($"one scale and one zero point are expected for the result, {scaleY.Type} and {zeroY.Type} are given");
        var a = context.Input(0);
        int rows = (int)(a.Rank == 1 ? 1 : a[a.Rank - 2]), columns = matrices.Stack.N;
        if (scaleA.Count != 1 && scaleA.Count != rows) throw new RecordException($"one scale, or one for each of {rows} rows is expected for the left matrix, {scaleA.Type} is given");
        if (scaleB.Count != 1 && scaleB.Count != columns) throw new RecordException($"one scale, or one for each of {columns} columns is expected for the right matrix, {scaleB.Type} is given");
        if (scaleA is { Element: DataType.Float32, Count: 1 } && context.Output(0).Element is DataType.Int8 or DataType.UInt8)
        {
            var scales = matrices.Scales(columns);
            for (var i = 0; i < columns; i++) scales[i] = scaleA.Values<float>()[0] * scaleB.Values<float>()[scaleB.Count == 1 ? 0 : i] / scaleY.Values<float>()[0];
            if (context.Output(0).Element == DataType.Int8) Requantization.Rows(product, default, scales, (sbyte)zeroY.IntAt(0), context.Output(0).Values<sbyte>());
            else Requantization.Rows(product, default, scales, (byte)zeroY.IntAt(0), context.Output(0).Values<byte>());
            return;
        }
        var target = QuantizedTarget.Of(context.Output(0));
        var zero = (float)zeroY.IntAt(0);
        for (var i = 0; i < product.Length; i++)
        {
            var scale = scaleA.NumberAt(scaleA.Count == 1 ? 0 : i / columns % rows) * scaleB.NumberAt(scaleB.Count == 1 ? 0 : i % columns) / scaleY.NumberAt(0);
            target.Set(i, (float)(product[i] * scale), zero);
        }
    }
}

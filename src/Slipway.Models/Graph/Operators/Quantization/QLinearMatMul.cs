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
        var scales = matrices.Scales(columns);
        if (product.IsEmpty) return;
        // Rows that share their scales are one piece.
        var piece = scaleA.Count == 1 ? product.Length : columns;
        for (var start = 0; start < product.Length; start += piece)
        {
            // In this order, each operation rounded to float32: so do ONNX Runtime and the standard's reference.
            var left = (float)scaleA.NumberAt(scaleA.Count == 1 ? 0 : start / columns % rows);
            for (var j = 0; j < columns; j++) scales[j] = left * (float)scaleB.NumberAt(scaleB.Count == 1 ? 0 : j) / (float)scaleY.NumberAt(0);
            Requantize(product.Slice(start, piece), scales, zeroY, context.Output(0), start);
        }
    }

    private static void Requantize(ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, TensorValue zero, TensorValue output, int start)
    {
        switch (output.Element)
        {
            case DataType.UInt8: Requantization.Rows(sums, [], scales, (byte)zero.IntAt(0), output.Values<byte>().Slice(start, sums.Length)); break;
            case DataType.Int8: Requantization.Rows(sums, [], scales, (sbyte)zero.IntAt(0), output.Values<sbyte>().Slice(start, sums.Length)); break;
            default:
                var target = QuantizedTarget.Of(output);
                for (var i = 0; i < sums.Length; i++) target.Set(start + i, sums[i] * scales[i % scales.Length], zero.IntAt(0));
                break;
        }
    }
}

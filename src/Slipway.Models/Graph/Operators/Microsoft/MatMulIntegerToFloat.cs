using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>MatMulIntegerToFloat: the exact product of int8 or uint8 matrices, zero points taken off, times the scales of both, plus a bias. The right scale is one, or one for each column.</summary>
internal sealed class MatMulIntegerToFloat(NodeInfo node) : Operator
{
    private const int ScaleA = 2, ScaleB = 3, ZeroA = 4, ZeroB = 5, Bias = 6;

    private readonly bool _hasZeroPoint = node.HasInput(ZeroB);
    private PackedIntegers? _packed;

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, context.Element(ScaleA), MatrixShapes.Infer(context, context.Shape(0), context.Shape(1)));

    public override void Prepare(PrepareContext context) => _packed = QuantizedMatrices.Pack(context, 1, ZeroB, _hasZeroPoint);

    public override void Run(RunContext context)
    {
        var matrices = QuantizedMatrices.Of(context);
        var product = matrices.Multiply(context.Input(0), context.OptionalInput(ZeroA), context.Input(1), context.OptionalInput(ZeroB), _packed, context.Threads);
        if (context.Input(ScaleA) is not { Element: DataType.Float32, Count: 1 } scale) throw new RecordException($"the left scale is {context.Input(ScaleA).Type}, one float is expected");
        ScaledProduct.Write(matrices, product, scale.Values<float>()[0], context.Input(ScaleB), context.OptionalInput(Bias), context.Output(0));
    }
}

/// <summary>DynamicQuantizeMatMul: float rows, quantized to uint8 as <see cref="DynamicQuantizeLinear"/> does, times an int8 or uint8 matrix.</summary>
internal sealed class DynamicQuantizeMatMul(NodeInfo node) : Operator
{
    private const int ScaleB = 2, ZeroB = 3, Bias = 4;

    private readonly bool _hasZeroPoint = node.HasInput(ZeroB);
    private PackedIntegers? _packed;

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, DataType.Float32, MatrixShapes.Infer(context, context.Shape(0), context.Shape(1)));

    public override void Prepare(PrepareContext context) => _packed = QuantizedMatrices.Pack(context, 1, ZeroB, _hasZeroPoint);

    public override void Run(RunContext context)
    {
        if (context.State is not Quantized kept) context.State = kept = new Quantized();
        var scale = kept.Quantize(context.Input(0));
        var product = kept.Matrices.Multiply(kept.Rows, kept.Zero, context.Input(1), context.OptionalInput(ZeroB), _packed, context.Threads);
        ScaledProduct.Write(kept.Matrices, product, scale, context.Input(ScaleB), context.OptionalInput(Bias), context.Output(0));
    }

    /// <summary>What a run leaves for the next of the same shapes.</summary>
    private sealed class Quantized
    {
        public QuantizedMatrices Matrices { get; } = new();

        public TensorValue Rows { get; } = new(DataType.UInt8);

        public TensorValue Zero { get; } = new(DataType.UInt8, []);

        /// <returns>The scale.</returns>
        public float Quantize(TensorValue input)
        {
            var x = input.Values<float>();
            var quantization = DynamicQuantization.Of(x);
            Zero.Values<byte>()[0] = quantization.Zero;
            Rows.Resize(DataType.UInt8, input.Shape);
            quantization.Quantize(x, Rows.Values<byte>());
            return quantization.Scale;
        }
    }
}

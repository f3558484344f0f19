using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// MatMul: products of stacks of matrices, broadcast as NumPy's. A constant right matrix is packed at load.
/// A fusing pass may add a bias, a residual and an activation: <c>activation(a·b + bias + residual)</c>.
/// </summary>
internal sealed class MatMul : FloatOperator
{
    private PackedMatrix<float>? _packed;

    /// <summary>The input that is a bias [N] for the last dimension; -1 for none.</summary>
    public int BiasInput { get; init; } = -1;

    /// <summary>The input of the result's shape that is added; -1 for none.</summary>
    public int ResidualInput { get; init; } = -1;

    public Activation Activation { get; init; }

    public override void Infer(InferenceContext context)
    {
        var shape = MatrixShapes.Infer(context, context.Shape(0), context.Shape(1));
        if (BiasInput >= 0 && shape is { Rank: > 0 } && context.Shape(BiasInput) is { } bias && bias.IsConcrete && (bias.Rank != 1 || (shape[shape.Rank - 1] >= 0 && bias[0] != shape[shape.Rank - 1])))
        {
            throw new ModelException($"the bias {bias} does not fit the product {shape}");
        }
        context.SetOutput(0, context.Element(0), shape);
    }

    protected override void PrepareWide(PrepareContext context)
    {
        if (context.Constant(1) is not { Element: DataType.Float32 } b || b.Rank < 1 || b.Count == 0) return;
        var columns = b.Rank == 1 ? 1 : (int)b[b.Rank - 1];
        var rows = b.Rank == 1 ? (int)b[0] : (int)b[b.Rank - 2];
        if (rows * (long)columns != b.Count) return;
        _packed = PackedMatrix<float>.Pack(rows, columns, b.Values<float>(), columns, 1);
        context.Forget(1);
    }

    protected override void Compute(RunContext context)
    {
        var stack = MatrixStack.Of(context, context.Input(0).Shape, context.Input(1).Shape);
        switch (context.Input(0).Element)
        {
            case DataType.Float32 when _packed is { } packed:
                Gemm.Run(stack.M, stack.N, stack.K, context.Input(0).Values<float>(), stack.K, 1, packed, context.Output(0).Values<float>(), stack.N, Epilogue<float>(context, stack), context.Threads);
                break;
            case DataType.Float32: Run<float>(context, stack); break;
            case DataType.Float64: Run<double>(context, stack); break;
            default:
                if (BiasInput >= 0 || ResidualInput >= 0 || Activation.Kind != ActivationKind.None) throw new RecordException("only products of floats have biases, residuals and activations");
                var function = new Integers(context, stack);
                NumberTypes.Run(context.Input(0).Element, ref function);
                break;
        }
    }

    private void Run<T>(RunContext context, MatrixStack stack) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var a = context.Input(0).Values<T>();
        var b = context.Input(1).Values<T>();
        var c = context.Output(0).Values<T>();
        int sizeA = stack.M * stack.K, sizeB = stack.K * stack.N, sizeC = stack.M * stack.N;
        var epilogue = Epilogue<T>(context, stack);
        if (stack.StepA >= 0 && stack.StepB >= 0)
        {
            Gemm.RunBatch(stack.Count, stack.M, stack.N, stack.K, a, stack.StepA * sizeA, stack.K, 1, b, stack.StepB * sizeB, stack.N, 1, c, sizeC, stack.N, epilogue, context.Threads);
            return;
        }
        for (var i = 0; i < stack.Count; i++)
        {
            var one = epilogue.Residual.IsEmpty ? epilogue : new GemmEpilogue<T>
            {
                Bias = epilogue.Bias, BiasKind = epilogue.BiasKind, Residual = epilogue.Residual.Slice(i * sizeC, sizeC), ResidualRowStride = epilogue.ResidualRowStride, Activation = epilogue.Activation,
            };
            Gemm.Run(stack.M, stack.N, stack.K, a.Slice(stack.A(i) * sizeA, sizeA), stack.K, 1, b.Slice(stack.B(i) * sizeB, sizeB), stack.N, 1, c.Slice(i * sizeC, sizeC), stack.N, one, context.Threads);
        }
    }

    private GemmEpilogue<T> Epilogue<T>(RunContext context, MatrixStack stack) where T : unmanaged => new()
    {
        Bias = BiasInput >= 0 ? context.Input(BiasInput).Values<T>() : default,
        BiasKind = BiasInput >= 0 ? BiasKind.PerColumn : BiasKind.None,
        Residual = ResidualInput >= 0 ? context.Input(ResidualInput).Values<T>() : default,
        ResidualRowStride = stack.N,
        Activation = Activation,
    };

    private readonly ref struct Integers(RunContext context, MatrixStack stack) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var a = context.Input(0).Values<T>();
            var b = context.Input(1).Values<T>();
            var c = context.Output(0).Values<T>();
            int sizeA = stack.M * stack.K, sizeB = stack.K * stack.N, sizeC = stack.M * stack.N;
            for (var i = 0; i < stack.Count; i++)
            {
                IntegerProduct.Run<T>(stack.M, stack.N, stack.K, a.Slice(stack.A(i) * sizeA, sizeA), stack.K, 1, b.Slice(stack.B(i) * sizeB, sizeB), stack.N, 1, c.Slice(i * sizeC, sizeC));
            }
        }
    }
}

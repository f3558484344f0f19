using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Gemm: <c>alpha · op(a) · op(b) + beta · c</c>, op the transpose or nothing, c broadcast to the product [M, N]. A constant b is packed at load.
/// A fusing pass may add a residual and an activation: <c>activation(… + residual)</c>, where c is a bias for the columns.
/// </summary>
internal sealed class GemmOperator(NodeInfo node) : FloatOperator
{
    private readonly float _alpha = node.Float("alpha", 1);
    private readonly float _beta = node.Float("beta", 1);
    private readonly bool _transA = node.Flag("transA");
    private readonly bool _transB = node.Flag("transB");
    private PackedMatrix<float>? _packed;

    public Activation Activation { get; init; }

    /// <summary>The input [M, N] that is added; -1 for none. Only where c is no matrix itself.</summary>
    public int ResidualInput { get; init; } = -1;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } a || context.Shape(1) is not { } b)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (a.Rank != 2 || b.Rank != 2) throw new ModelException($"two matrices are expected, {a} and {b} are given");
        var (rows, inner) = _transA ? (a[1], a[0]) : (a[0], a[1]);
        var (innerB, columns) = _transB ? (b[1], b[0]) : (b[0], b[1]);
        if (inner >= 0 && innerB >= 0 && inner != innerB) throw new ModelException($"the inner dimensions of {a} and {b} differ: {inner} and {innerB}");
        if (context.HasInput(2) && context.Shape(2) is { IsConcrete: true } c && rows >= 0 && columns >= 0 && !context.Broadcast(Shape.Of(rows, columns), c)!.Equals(Shape.Of(rows, columns)))
        {
            throw new ModelException($"c {c} does not broadcast to [{rows},{columns}]");
        }
        context.SetOutput(0, context.Element(0), rows, columns);
    }

    protected override void PrepareWide(PrepareContext context)
    {
        if (context.Constant(1) is not { Element: DataType.Float32, Rank: 2, Count: > 0 } b) return;
        var (rows, columns) = _transB ? ((int)b[1], (int)b[0]) : ((int)b[0], (int)b[1]);
        _packed = PackedMatrix<float>.Pack(rows, columns, b.Values<float>(), _transB ? 1 : columns, _transB ? rows : 1);
        context.Forget(1);
    }

    protected override long ComputeScratchBytes(RunContext context) =>
        context.OptionalInput(2) is { } c && !IsMatrix(context, c) ? Math.Max(context.Output(0)[0], context.Output(0)[1]) * c.Element.Width : 0;

    protected override void Compute(RunContext context)
    {
        switch (context.Input(0).Element)
        {
            case DataType.Float32: Run<float>(context, _packed); break;
            case DataType.Float64: Run<double>(context, null); break;
            default:
                var function = new Integers(this, context);
                NumberTypes.Run(context.Input(0).Element, ref function);
                break;
        }
    }

    private static bool IsMatrix(RunContext context, TensorValue c) => c.Count == context.Output(0).Count && c.Rank == 2 && c[0] == context.Output(0)[0];

    private void Run<T>(RunContext context, PackedMatrix<T>? packed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var a = context.Input(0);
        var y = context.Output(0);
        int m = (int)y[0], n = (int)y[1], k = (int)a[_transA ? 0 : 1];
        var epilogue = Epilogue<T>(context, m, n);
        var (aRow, aColumn) = _transA ? (1, m) : (k, 1);
        if (packed is not null)
        {
            Gemm.Run(m, n, k, a.Values<T>(), aRow, aColumn, packed, y.Values<T>(), n, epilogue, context.Threads);
            return;
        }
        var (bRow, bColumn) = _transB ? (1, k) : (n, 1);
        Gemm.Run(m, n, k, a.Values<T>(), aRow, aColumn, context.Input(1).Values<T>(), bRow, bColumn, y.Values<T>(), n, epilogue, context.Threads);
    }

    private GemmEpilogue<T> Epilogue<T>(RunContext context, int m, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T? alpha = _alpha == 1 ? null : T.CreateTruncating(_alpha);
        var beta = T.CreateTruncating(_beta);
        var residual = ResidualInput >= 0 ? context.Input(ResidualInput).Values<T>() : default;
        if (context.OptionalInput(2) is not { } c || _beta == 0) return new() { Alpha = alpha, Residual = residual, ResidualRowStride = n, Activation = Activation };
        if (IsMatrix(context, c)) return new() { Alpha = alpha, Residual = c.Values<T>(), ResidualRowStride = n, Beta = beta, Activation = Activation };
        var values = c.Values<T>();
        var perRow = c.Rank == 2 && c[0] == m && c[1] == 1 && m > 1;
        ReadOnlySpan<T> bias = values;
        if (_beta != 1 || values.Length != (perRow ? m : n))
        {
            var scaled = MemoryMarshal.Cast<byte, T>(context.Scratch)[..(perRow ? m : n)];
            for (var i = 0; i < scaled.Length; i++) scaled[i] = beta * values[values.Length == 1 ? 0 : i];
            bias = scaled;
        }
        return new() { Alpha = alpha, Bias = bias, BiasKind = perRow ? BiasKind.PerRow : BiasKind.PerColumn, Residual = residual, ResidualRowStride = n, Activation = Activation };
    }

    private readonly ref struct Integers(GemmOperator owner, RunContext context) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var y = context.Output(0);
            int m = (int)y[0], n = (int)y[1], k = (int)context.Input(0)[owner._transA ? 0 : 1];
            var (aRow, aColumn) = owner._transA ? (1, m) : (k, 1);
            var (bRow, bColumn) = owner._transB ? (1, k) : (n, 1);
            var product = y.Values<T>();
            IntegerProduct.Run<T>(m, n, k, context.Input(0).Values<T>(), aRow, aColumn, context.Input(1).Values<T>(), bRow, bColumn, product);
            var c = context.OptionalInput(2);
            var values = c is null ? default : c.Values<T>();
            var (rowStep, columnStep) = c is null ? (0, 0) : Steps(c);
            for (var i = 0; i < product.Length; i++)
            {
                var scaled = Scaled(product[i], owner._alpha);
                product[i] = c is null ? scaled : unchecked(scaled + Scaled(values[i / n * rowStep + i % n * columnStep], owner._beta));
            }
        }

        private static (int Row, int Column) Steps(TensorValue c) => c.Rank switch
        {
            0 => (0, 0),
            1 => (0, c[0] == 1 ? 0 : 1),
            _ => (c[0] == 1 ? 0 : (int)c[1], c[1] == 1 ? 0 : 1),
        };

        private static T Scaled<T>(T value, float factor) where T : unmanaged, INumber<T> => factor == 1 ? value : T.CreateTruncating(double.CreateTruncating(value) * factor);
    }
}

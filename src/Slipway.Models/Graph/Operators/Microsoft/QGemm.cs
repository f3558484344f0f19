using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// QGemm: <c>alpha · op(a) · op(b) + c</c> of quantized matrices, op the transpose or nothing: the exact int32 product, zero points taken off, plus c in its units; as floats, or quantized again when
/// the result's scale is given. Inputs a, its scale and zero point, b, its scales and zero points (one, or one for each column), c, the result's scale and zero point.
/// </summary>
internal sealed class QGemm(NodeInfo node) : Operator
{
    private const int ScaleA = 1, ZeroA = 2, B = 3, ScaleB = 4, ZeroB = 5, C = 6, ScaleY = 7, ZeroY = 8;

    private readonly float _alpha = node.Float("alpha", 1);
    private readonly bool _transA = node.Flag("transA");
    private readonly bool _transB = node.Flag("transB");
    private PackedIntegers? _packed;

    public override void Infer(InferenceContext context)
    {
        var (a, b) = (context.Shape(0), context.Shape(B));
        if (a is { Rank: not 2 } || b is { Rank: not 2 }) throw new ModelException($"two matrices are expected, {a} and {b} are given");
        var (rows, inner) = a is null ? (context.NewSymbol(), -1) : (a[_transA ? 1 : 0], a[_transA ? 0 : 1]);
        var (innerB, columns) = b is null ? (-1, context.NewSymbol()) : (b[_transB ? 1 : 0], b[_transB ? 0 : 1]);
        if (inner >= 0 && innerB >= 0 && inner != innerB) throw new ModelException($"the product of {a} and {b}: inner dimensions {inner} and {innerB} differ");
        context.SetOutput(0, context.HasInput(ScaleY) ? context.HasInput(ZeroY) ? context.Element(ZeroY) : context.Element(0) : DataType.Float32, rows, columns);
    }

    public override void Prepare(PrepareContext context)
    {
        if (context.Constant(B) is not { Rank: 2, Count: > 0, Element: DataType.Int8 or DataType.UInt8 } b) return;
        var zero = context.Constant(ZeroB);
        var columns = b[_transB ? 0 : 1];
        if (context.HasInput(ZeroB) && (zero is null || zero.Element != b.Element || (zero.Count != 1 && zero.Count != columns))) return;
        _packed = b.Element == DataType.Int8 ? Pack<sbyte>(b, zero) : Pack<byte>(b, zero);
        context.Forget(B);
    }

    private PackedIntegers Pack<T>(TensorValue b, TensorValue? zero) where T : unmanaged
    {
        var (rows, columns) = _transB ? ((int)b[1], (int)b[0]) : ((int)b[0], (int)b[1]);
        return PackedIntegers.Pack<T>(rows, columns, b.Values<T>(), _transB ? 1 : columns, _transB ? rows : 1, zero is null ? [] : zero.Values<T>());
    }

    /// <summary>The sums, and a scale for each column.</summary>
    public override long ScratchBytes(RunContext context) => sizeof(int) * (context.Output(0).Count + context.Output(0)[1]);

    public override void Run(RunContext context)
    {
        var y = context.Output(0);
        if (y.Count == 0) return;
        var scratch = MemoryMarshal.Cast<byte, int>(context.Scratch);
        var sums = scratch[..y.Count];
        switch (context.Input(0).Element, context.Input(B).Element)
        {
            case (DataType.UInt8, DataType.UInt8): Multiply<byte, byte>(context, sums); break;
            case (DataType.UInt8, DataType.Int8): Multiply<byte, sbyte>(context, sums); break;
            case (DataType.Int8, DataType.UInt8): Multiply<sbyte, byte>(context, sums); break;
            case (DataType.Int8, DataType.Int8): Multiply<sbyte, sbyte>(context, sums); break;
            default: throw new RecordException($"int8 or uint8 is expected, {context.Input(0).Type} and {context.Input(B).Type} are given");
        }
        if (context.OptionalInput(C) is { } c) Add(c, sums, (int)y[0], (int)y[1]);
        var scales = MemoryMarshal.Cast<int, float>(scratch.Slice(y.Count, (int)y[1]));
        Scales(context, scales);
        switch (y.Element)
        {
            case DataType.Float32: Scale(sums, scales, y.Values<float>()); break;
            case DataType.Int8: Requantization.Rows(sums, default, scales, (sbyte)LinearQuantization.Of(context, ScaleY, ZeroY, DataType.Int8).Zero, y.Values<sbyte>()); break;
            default: Requantization.Rows(sums, default, scales, (byte)LinearQuantization.Of(context, ScaleY, ZeroY, DataType.UInt8).Zero, y.Values<byte>()); break;
        }
    }

    private void Multiply<TLeft, TRight>(RunContext context, Span<int> sums)
        where TLeft : unmanaged
        where TRight : unmanaged
    {
        var (a, b, y) = (context.Input(0), context.Input(B), context.Output(0));
        int m = (int)y[0], n = (int)y[1], k = (int)a[_transA ? 0 : 1];
        var (aRow, aColumn) = _transA ? (1, m) : (k, 1);
        var zeroA = Zeros<TLeft>(context.OptionalInput(ZeroA), a, 1);
        if (_packed is not null)
        {
            IntegerGemm.Run(m, n, k, a.Values<TLeft>(), aRow, aColumn, zeroA, _packed, sums, n, context.Threads);
            return;
        }
        var (bRow, bColumn) = _transB ? (1, k) : (n, 1);
        IntegerGemm.RunBatch(1, m, n, k, a.Values<TLeft>(), 0, aRow, aColumn, zeroA, b.Values<TRight>(), 0, bRow, bColumn, Zeros<TRight>(context.OptionalInput(ZeroB), b, n), sums, 0, n, context.Threads);
    }

    private static ReadOnlySpan<T> Zeros<T>(TensorValue? zero, TensorValue of, int columns) where T : unmanaged =>
        zero is null ? default
        : zero.Element == of.Element && (zero.Count == 1 || zero.Count == columns) ? zero.Values<T>()
        : throw new RecordException($"the zero point {zero.Type} does not fit {of.Type}");

    private void Scales(RunContext context, Span<float> scales)
    {
        if (context.Input(ScaleA) is not { Element: DataType.Float32, Count: 1 } left) throw new RecordException($"one scale is expected for the left matrix, {context.Input(ScaleA).Type} is given");
        if (context.Input(ScaleB) is not { Element: DataType.Float32 } right || (right.Count != 1 && right.Count != scales.Length)) throw new RecordException($"one scale or {scales.Length} are expected for the right matrix, {context.Input(ScaleB).Type} is given");
        if (context.OptionalInput(ScaleY) is { } given && given is not { Element: DataType.Float32, Count: 1 }) throw new RecordException($"one scale is expected for the result, {given.Type} is given");
        var result = context.OptionalInput(ScaleY) is { } scale ? scale.Values<float>()[0] : 1;
        var values = right.Values<float>();
        for (var i = 0; i < scales.Length; i++) scales[i] = _alpha * left.Values<float>()[0] * values[values.Length == 1 ? 0 : i] / result;
    }

    private static void Add(TensorValue c, Span<int> sums, int rows, int columns)
    {
        if (c.Element != DataType.Int32) throw new RecordException($"c has elements of int32, {c.Type} is given");
        var (row, column) = (c.Rank >= 2 ? c[^2] : 1, c.Rank >= 1 ? c[^1] : 1);
        if (c.Rank > 2 || (row != 1 && row != rows) || (column != 1 && column != columns)) throw new RecordException($"c {c.Type} does not broadcast to [{rows},{columns}]");
        var values = c.Values<int>();
        for (var i = 0; i < rows; i++)
        {
            var from = row == 1 ? 0 : i * (int)column;
            var to = sums.Slice(i * columns, columns);
            if (column == 1) System.Numerics.Tensors.TensorPrimitives.Add(to, values[from], to);
            else System.Numerics.Tensors.TensorPrimitives.Add(to, values.Slice(from, columns), to);
        }
    }

    private static void Scale(ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, Span<float> y)
    {
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(sums, y);
        for (var row = 0; row < y.Length; row += scales.Length) System.Numerics.Tensors.TensorPrimitives.Multiply(y.Slice(row, scales.Length), scales, y.Slice(row, scales.Length));
    }
}

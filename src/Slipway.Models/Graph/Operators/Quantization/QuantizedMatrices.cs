using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Products of stacks of int8 or uint8 matrices with their zero points taken off: exact, sums wrap around.
/// A zero point is one for all, one for each row of left or each column of right matrices, or these for each matrix of the stack.
/// </summary>
internal sealed class QuantizedMatrices
{
    private MatrixStack? _stack;
    private int[] _product = [];
    private float[] _scales = [];

    public static QuantizedMatrices Of(RunContext context)
    {
        if (context.State is not QuantizedMatrices kept) context.State = kept = new QuantizedMatrices();
        return kept;
    }

    public MatrixStack Stack => _stack!;

    /// <summary>Room for a number for each column.</summary>
    public Span<float> Scales(int columns)
    {
        if (_scales.Length < columns) _scales = new float[columns];
        return _scales.AsSpan(0, columns);
    }

    /// <summary>A constant right matrix with its zero point, packed; null when it is not one matrix, or its zero point is not known yet.</summary>
    public static PackedIntegers? Pack(PrepareContext context, int matrix, int zeroPoint, bool hasZeroPoint)
    {
        if (context.Constant(matrix) is not { Rank: 2, Count: > 0, Element: DataType.Int8 or DataType.UInt8 } b) return null;
        var zero = hasZeroPoint ? context.Constant(zeroPoint) : null;
        if (hasZeroPoint && (zero is null || zero.Element != b.Element || (zero.Count != 1 && zero.Count != b[1]))) return null;
        context.Forget(matrix);
        return b.Element == DataType.Int8
            ? PackedIntegers.Pack<sbyte>((int)b[0], (int)b[1], b.Values<sbyte>(), (int)b[1], 1, zero is null ? [] : zero.Values<sbyte>())
            : PackedIntegers.Pack<byte>((int)b[0], (int)b[1], b.Values<byte>(), (int)b[1], 1, zero is null ? [] : zero.Values<byte>());
    }

    /// <summary>The products, one after another; valid until the next run.</summary>
    /// <param name="packed">The right matrix, if it was packed.</param>
    public Span<int> Multiply(TensorValue a, TensorValue? zeroA, TensorValue b, TensorValue? zeroB, PackedIntegers? packed, int threads)
    {
        MatrixStack.Of(ref _stack, a.Shape, b.Shape);
        Check(a, zeroA, a.Rank == 1 ? 1 : a[a.Rank - 2]);
        Check(b, zeroB, _stack.N);
        var count = checked(_stack.Count * _stack.M * _stack.N);
        if (_product.Length < count) _product = new int[count];
        var product = _product.AsSpan(0, count);
        if (a.Element == DataType.Int8) FromLeft<sbyte>(a, zeroA, b, zeroB, packed, product, threads);
        else FromLeft<byte>(a, zeroA, b, zeroB, packed, product, threads);
        return product;
    }

    private static void Check(TensorValue matrices, TensorValue? zero, long lines)
    {
        if (matrices.Element is not (DataType.Int8 or DataType.UInt8)) throw new RecordException($"int8 or uint8 matrices are expected, {matrices.Type} is given");
        if (zero is null || zero.Count == 1) return;
        var stacked = matrices.Count / Math.Max(1, matrices.Rank == 1 ? matrices[0] : matrices[matrices.Rank - 1] * matrices[matrices.Rank - 2]) * lines;
        if (zero.Element != matrices.Element || (zero.Count != lines && zero.Count != stacked)) throw new RecordException($"the zero point {zero.Type} does not fit {matrices.Type}: one, or {lines} are expected");
    }

    private void FromLeft<TLeft>(TensorValue a, TensorValue? zeroA, TensorValue b, TensorValue? zeroB, PackedIntegers? packed, Span<int> product, int threads) where TLeft : unmanaged
    {
        if (b.Element == DataType.Int8) Run<TLeft, sbyte>(a, zeroA, b, zeroB, packed, product, threads);
        else Run<TLeft, byte>(a, zeroA, b, zeroB, packed, product, threads);
    }

    private void Run<TLeft, TRight>(TensorValue a, TensorValue? zeroA, TensorValue b, TensorValue? zeroB, PackedIntegers? packed, Span<int> product, int threads)
        where TLeft : unmanaged
        where TRight : unmanaged
    {
        // Zero points of rows are those of one matrix: a stack whose rows were joined is taken apart again.
        var rows = zeroA is { Count: > 1 } && a.Rank > 1 ? (int)a[a.Rank - 2] : Stack.M;
        var parts = rows == 0 ? 0 : Stack.M / rows;
        int m = Stack.M, n = Stack.N, k = Stack.K;
        for (var i = 0; i < Stack.Count * parts; i++)
        {
            var (matrix, part) = (i / parts, i % parts);
            var left = a.Values<TLeft>().Slice(Stack.A(matrix) * m * k + part * rows * k, rows * k);
            var leftZero = ZeroPoints<TLeft>(zeroA, rows, Stack.A(matrix) * parts + part);
            var result = product.Slice(i * rows * n, rows * n);
            if (packed is not null)
            {
                IntegerGemm.Run(rows, n, k, left, k, 1, leftZero, packed, result, n, threads);
                continue;
            }
            var right = b.Values<TRight>().Slice(Stack.B(matrix) * k * n, k * n);
            IntegerGemm.RunBatch(1, rows, n, k, left, 0, k, 1, leftZero, right, 0, n, 1, ZeroPoints<TRight>(zeroB, n, Stack.B(matrix)), result, 0, n, threads);
        }
    }

    private static ReadOnlySpan<T> ZeroPoints<T>(TensorValue? zero, int lines, int matrix) where T : unmanaged
    {
        if (zero is null) return [];
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(zero.Bytes);
        return values.Length == 1 || values.Length == lines ? values : values.Slice(matrix * lines, lines);
    }
}

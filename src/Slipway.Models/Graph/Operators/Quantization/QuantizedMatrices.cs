using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Quantized matrices with their zero points taken off, as int32, and their product: exact, sums wrap around.</summary>
internal sealed class QuantizedMatrices
{
    private int[] _a = [];
    private int[] _b = [];
    private int[] _product = [];
    private MatrixStack? _stack;

    public static QuantizedMatrices Of(RunContext context)
    {
        if (context.State is not QuantizedMatrices kept) context.State = kept = new QuantizedMatrices();
        return kept;
    }

    public MatrixStack Stack => _stack!;

    /// <summary>The product of the stacks, one after another; valid until the next run.</summary>
    public ReadOnlySpan<int> Multiply(TensorValue a, TensorValue? zeroA, TensorValue b, TensorValue? zeroB)
    {
        MatrixStack.Of(ref _stack, a.Shape, b.Shape);
        Load(a, zeroA, (int)(a.Rank == 1 ? 1 : a[a.Rank - 2]), _stack.K, true, ref _a);
        Load(b, zeroB, _stack.K, _stack.N, false, ref _b);
        int sizeA = _stack.M * _stack.K, sizeB = _stack.K * _stack.N, sizeC = _stack.M * _stack.N;
        var count = checked(_stack.Count * sizeC);
        if (_product.Length < count) _product = new int[count];
        for (var i = 0; i < _stack.Count; i++)
        {
            IntegerProduct.Run<int, int, int>(_stack.M, _stack.N, _stack.K, _a.AsSpan(_stack.A(i) * sizeA, sizeA), _stack.K, 1, _b.AsSpan(_stack.B(i) * sizeB, sizeB), _stack.N, 1, _product.AsSpan(i * sizeC, sizeC));
        }
        return _product.AsSpan(0, count);
    }

    /// <summary>The zero point or scale of element [row, column] of a matrix: one for all, one for each row of a left or each column of a right matrix, for all matrices or for each.</summary>
    public static int Place(int count, int matrix, int rows, int columns, int row, int column, bool byRow)
    {
        if (count == 1) return 0;
        var along = byRow ? row : column;
        var lines = byRow ? rows : columns;
        return count == lines ? along : matrix * lines + along;
    }

    private static void Load(TensorValue x, TensorValue? zero, int rows, int columns, bool byRow, ref int[] target)
    {
        if (target.Length < x.Count) target = new int[x.Count];
        var lines = byRow ? rows : columns;
        var matrices = rows * columns == 0 ? 0 : x.Count / (rows * columns);
        var zeros = zero?.Count ?? 0;
        if (zeros > 1 && zeros != lines && zeros != matrices * lines) throw new RecordException($"the zero point {zero!.Type} does not fit {x.Type}: one, or one for each {(byRow ? "row" : "column")} is expected");
        if (x.Element is not (DataType.Int8 or DataType.UInt8)) throw new RecordException($"int8 or uint8 matrices are expected, {x.Type} is given");
        var unsigned = x.Element == DataType.UInt8;
        var bytes = x.Values<byte>();
        for (var i = 0; i < x.Count; i++)
        {
            var off = zeros == 0 ? 0 : (int)zero!.IntAt(zeros == 1 ? 0 : Place(zeros, i / (rows * columns), rows, columns, i / columns % rows, i % columns, byRow));
            target[i] = (unsigned ? bytes[i] : (sbyte)bytes[i]) - off;
        }
    }
}

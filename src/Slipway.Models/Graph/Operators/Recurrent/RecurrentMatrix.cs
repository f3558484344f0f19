using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Weights [rows, columns] that vectors [.., columns] are multiplied with from the left: packed at load, or as they are in a tensor.</summary>
internal readonly ref struct RecurrentMatrix<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T>? _packed;
    private readonly ReadOnlySpan<T> _values;
    private readonly int _rows;
    private readonly int _columns;

    public RecurrentMatrix(PackedMatrix<T> packed) => (_packed, _rows, _columns) = (packed, packed.Columns, packed.Rows);

    public RecurrentMatrix(ReadOnlySpan<T> values, int rows, int columns)
    {
        _values = values;
        (_rows, _columns) = (rows, columns);
    }

    /// <summary>What was packed at load; null of weights that are known only now.</summary>
    public PackedMatrix<T>? Packed => _packed;

    /// <summary>result [count, rows] = vectors · weightsᵀ and what the epilogue adds.</summary>
    public void Multiply(int count, ReadOnlySpan<T> vectors, Span<T> result, int resultStride, in GemmEpilogue<T> epilogue, int threads)
    {
        if (_packed is not null) Gemm.Run(count, _rows, _columns, vectors, _columns, 1, _packed, result, resultStride, epilogue, threads);
        else Gemm.Run(count, _rows, _columns, vectors, _columns, 1, _values, 1, _columns, result, resultStride, epilogue, threads);
    }
}

/// <summary>The packed weights of one direction.</summary>
/// <param name="Input">The weights of the input, [gates · hidden, input].</param>
/// <param name="Recurrent">Those of the state, [gates · hidden, hidden], in the parts that a step multiplies at once.</param>
internal sealed record RecurrentWeights<T>(PackedMatrix<T> Input, PackedMatrix<T>[] Recurrent) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="parts">How many gates each part of the recurrent weights has.</param>
    public static RecurrentWeights<T>[] Pack(ReadOnlySpan<T> input, ReadOnlySpan<T> recurrent, int directions, int hidden, int inputSize, ReadOnlySpan<int> parts)
    {
        var packed = new RecurrentWeights<T>[directions];
        int inputAt = 0, recurrentAt = 0;
        for (var d = 0; d < directions; d++)
        {
            var gates = 0;
            var matrices = new PackedMatrix<T>[parts.Length];
            for (var p = 0; p < parts.Length; p++)
            {
                matrices[p] = PackedMatrix<T>.Pack(hidden, parts[p] * hidden, recurrent[recurrentAt..], 1, hidden);
                recurrentAt += parts[p] * hidden * hidden;
                gates += parts[p];
            }
            packed[d] = new RecurrentWeights<T>(PackedMatrix<T>.Pack(inputSize, gates * hidden, input[inputAt..], 1, inputSize), matrices);
            inputAt += gates * hidden * inputSize;
        }
        return packed;
    }
}

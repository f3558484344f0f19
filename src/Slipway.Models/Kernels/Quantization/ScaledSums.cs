using System.Numerics;

using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>Rows of int32 sums as floats: <c>activation(sum·scale + bias + residual)</c>, every operation rounded, in this order.</summary>
internal static unsafe class ScaledSums
{
    /// <summary>Elements that stay in a first-level cache between the steps.</summary>
    private const int BlockElements = 4096;

    /// <param name="scales">One for each column.</param>
    /// <param name="bias">None, or one for each column.</param>
    /// <param name="residual">None, or one for each element.</param>
    /// <exception cref="ArgumentException">The spans do not fit each other.</exception>
    public static void Run(ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, ReadOnlySpan<float> residual, Activation activation, Span<float> y)
    {
        if (y.IsEmpty) return;
        var columns = scales.Length;
        if (sums.Length != y.Length || columns == 0 || y.Length % columns != 0) throw new ArgumentException($"{sums.Length} sums in rows of {columns} do not become {y.Length} numbers", nameof(sums));
        if ((!bias.IsEmpty && bias.Length != columns) || (!residual.IsEmpty && residual.Length != y.Length)) throw new ArgumentException($"a bias of {bias.Length} and {residual.Length} addends do not fit rows of {columns}", nameof(bias));
        fixed (float* addend = bias, more = residual, to = y)
        {
            var loop = new EpilogueLoop<float>
            {
                Alpha = 1, Beta = 1, Bias = addend, BiasKind = bias.IsEmpty ? BiasKind.None : BiasKind.PerColumn, Residual = residual.IsEmpty ? null : more, ResidualRow = columns,
                Activation = activation.Kind, Low = (float)activation.Alpha, High = (float)activation.Beta,
            };
            var (rows, together) = (y.Length / columns, Math.Max(1, BlockElements / columns));
            for (var row = 0; row < rows; row += together)
            {
                var count = Math.Min(together, rows - row);
                for (var i = row; i < row + count; i++) Scale(sums.Slice(i * columns, columns), scales, y.Slice(i * columns, columns));
                var block = to + ((nint)row * columns);
                if (!loop.IsEmpty) loop.Apply(block, columns, block, columns, count, columns, row, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, Span<float> y)
    {
        var j = 0;
        for (; j <= y.Length - Vector<float>.Count; j += Vector<float>.Count) (Vector.ConvertToSingle(new Vector<int>(sums[j..])) * new Vector<float>(scales[j..])).CopyTo(y[j..]);
        for (; j < y.Length; j++) y[j] = sums[j] * scales[j];
    }
}

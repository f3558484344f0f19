using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>Normalisation across neighbouring channels (Krizhevsky, Sutskever, Hinton, 2012).</summary>
internal static class LocalResponseNorm
{
    private const int ColumnsPerTile = 512;
    private const int ElementsPerPart = 4096;

    /// <summary>y = x / (bias + alpha / size · Σ x²)^beta; the sum over ⌊(size − 1) / 2⌋ channels before and ⌈(size − 1) / 2⌉ after, in their order.</summary>
    /// <param name="x">[batch, channels, inner].</param>
    /// <param name="y">As <paramref name="x"/>; shares no memory with it.</param>
    /// <param name="size">Channels of the window.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static unsafe void Run(ReadOnlySpan<float> x, Span<float> y, int batch, int channels, int inner, int size, float alpha, float beta, float bias, int threads = 1)
    {
        RowMoments.RequireLength(x.Length, (long)batch * channels * inner, nameof(x));
        RowMoments.RequireLength(y.Length, x.Length, nameof(y));
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (x.IsEmpty) return;
        var tiles = (inner + ColumnsPerTile - 1) / ColumnsPerTile;
        fixed (float* source = x, target = y)
        {
            var rows = new Rows(source, target, channels, inner, tiles, size, alpha / size, beta, bias);
            ParallelRows.Run(rows, (long)batch * channels * tiles, Math.Min(inner, ColumnsPerTile), ElementsPerPart, threads);
        }
    }

    private readonly unsafe struct Rows(float* x, float* y, int channels, int inner, int tiles, int size, float factor, float beta, float bias) : IRows
    {
        [SkipLocalsInit]
        public void Run(long first, long end)
        {
            Span<float> sums = stackalloc float[ColumnsPerTile];
            ReadOnlySpan<float> exponent = [beta];
            for (var at = first; at < end; at++)
            {
                var (row, tile) = Math.DivRem(at, tiles);
                var (image, channel) = Math.DivRem(row, channels);
                var column = tile * ColumnsPerTile;
                var columns = (int)Math.Min(ColumnsPerTile, inner - column);
                var divisors = sums[..columns];
                divisors.Clear();
                var from = Math.Max(0, channel - ((size - 1) / 2));
                var to = Math.Min(channels - 1L, channel + (size / 2));
                for (var c = from; c <= to; c++) AddSquares(divisors, new ReadOnlySpan<float>(x + (((image * channels) + c) * inner) + column, columns));
                RowMoments.ScaleAndShift(divisors, divisors, factor, bias);
                VectorMath.Pow(divisors, exponent, divisors);
                var offset = (row * inner) + column;
                for (var i = 0; i < columns; i++) y[offset + i] = x[offset + i] / divisors[i];
            }
        }

        private static void AddSquares(Span<float> sums, ReadOnlySpan<float> row)
        {
            for (var i = 0; i < sums.Length; i++) sums[i] = MathF.FusedMultiplyAdd(row[i], row[i], sums[i]);
        }
    }
}

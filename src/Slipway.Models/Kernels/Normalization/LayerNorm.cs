using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Rows normalised to mean 0 and variance 1 (Ba, Kiros, Hinton, "Layer normalization", 2016), or to a mean square of 1 (Zhang, Sennrich, "Root mean
/// square layer normalization", 2019).
/// </summary>
internal static class LayerNorm
{
    private const int ElementsPerPart = 16384;

    /// <summary>y = (x − mean) / √(variance + epsilon) · scale + shift.</summary>
    /// <param name="x">[rows, n].</param>
    /// <param name="y">[rows, n]; the memory of <paramref name="x"/> or none of it.</param>
    /// <param name="n">Elements of a row.</param>
    /// <param name="scale">[n], or nothing.</param>
    /// <param name="shift">[n], or nothing; nothing where there is no scale.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="means">[rows], or nothing when they are not wanted.</param>
    /// <param name="inverseDeviations">[rows] of 1 / √(variance + epsilon), or nothing when they are not wanted.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, int n, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, T epsilon, Span<T> means = default, Span<T> inverseDeviations = default, int threads = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, y, n, scale, shift, epsilon, means, inverseDeviations, centered: true, threads);

    /// <summary>y = x / √(mean of x² + epsilon) · scale.</summary>
    /// <inheritdoc cref="Run{T}(ReadOnlySpan{T}, Span{T}, int, ReadOnlySpan{T}, ReadOnlySpan{T}, T, Span{T}, Span{T}, int)"/>
    public static void RunRootMeanSquare<T>(ReadOnlySpan<T> x, Span<T> y, int n, ReadOnlySpan<T> scale, T epsilon, Span<T> inverseDeviations = default, int threads = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, y, n, scale, default, epsilon, default, inverseDeviations, centered: false, threads);

    private static unsafe void Run<T>(ReadOnlySpan<T> x, Span<T> y, int n, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, T epsilon, Span<T> means, Span<T> inverseDeviations, bool centered, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowMoments.RequireLength(y.Length, x.Length, nameof(y));
        if (x.IsEmpty) return;
        if (n <= 0 || x.Length % n != 0) throw new ArgumentException($"{x.Length} elements are no rows of {n}", nameof(n));
        var count = x.Length / n;
        if (!scale.IsEmpty) RowMoments.RequireLength(scale.Length, n, nameof(scale));
        if (!shift.IsEmpty) RowMoments.RequireLength(shift.Length, scale.Length, nameof(shift));
        if (!means.IsEmpty) RowMoments.RequireLength(means.Length, count, nameof(means));
        if (!inverseDeviations.IsEmpty) RowMoments.RequireLength(inverseDeviations.Length, count, nameof(inverseDeviations));
        fixed (T* source = x, target = y, scales = scale, shifts = shift, mean = means, inverse = inverseDeviations)
        {
            var rows = new Rows<T>(source, target, n, scales, shifts, epsilon, mean, inverse, centered);
            ParallelRows.Run(rows, count, n, ElementsPerPart, threads);
        }
    }

    private readonly unsafe struct Rows<T>(T* x, T* y, int n, T* scale, T* shift, T epsilon, T* means, T* inverseDeviations, bool centered) : IRows
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(long first, long end)
        {
            var scales = new ReadOnlySpan<T>(scale, scale == null ? 0 : n);
            var shifts = new ReadOnlySpan<T>(shift, shift == null ? 0 : n);
            for (var row = first; row < end; row++)
            {
                var source = new ReadOnlySpan<T>(x + (row * n), n);
                var mean = centered ? RowMoments.Mean(source) : T.Zero;
                var variance = centered ? RowMoments.Variance(source, mean) : RowMoments.MeanSquare(source);
                var inverse = T.One / T.Sqrt(variance + epsilon);
                if (means != null) means[row] = mean;
                if (inverseDeviations != null) inverseDeviations[row] = inverse;
                RowMoments.Apply(source, new Span<T>(y + (row * n), n), mean, inverse, scales, shifts);
            }
        }
    }
}

using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Channels normalised to mean 0 and variance 1 in groups (Wu, He, "Group normalization", 2018). As many groups as channels is instance
/// normalisation.
/// </summary>
internal static class GroupNorm
{
    private const int ElementsPerPart = 16384;

    /// <summary>y = (x − mean) / √(variance + epsilon) · scale + shift.</summary>
    /// <param name="x">[batch, channels, inner].</param>
    /// <param name="y">As <paramref name="x"/>; the same memory or none of it.</param>
    /// <param name="channels">A multiple of <paramref name="groups"/>.</param>
    /// <param name="groups">Each takes neighbouring channels and has one mean and variance.</param>
    /// <param name="scale">[channels].</param>
    /// <param name="shift">[channels].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static unsafe void Run<T>(ReadOnlySpan<T> x, Span<T> y, int batch, int channels, int inner, int groups, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, T epsilon, int threads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowMoments.RequireLength(x.Length, (long)batch * channels * inner, nameof(x));
        RowMoments.RequireLength(y.Length, x.Length, nameof(y));
        RowMoments.RequireLength(scale.Length, channels, nameof(scale));
        RowMoments.RequireLength(shift.Length, channels, nameof(shift));
        if (groups <= 0 || channels % groups != 0) throw new ArgumentException($"{channels} channels do not make {groups} groups", nameof(groups));
        if (x.IsEmpty) return;
        fixed (T* source = x, target = y, scales = scale, shifts = shift)
        {
            var rows = new Rows<T>(source, target, channels / groups, inner, groups, scales, shifts, epsilon);
            ParallelRows.Run(rows, (long)batch * groups, (long)(channels / groups) * inner, ElementsPerPart, threads);
        }
    }

    private readonly unsafe struct Rows<T>(T* x, T* y, int channels, int inner, int groups, T* scale, T* shift, T epsilon) : IRows
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(long first, long end)
        {
            var n = checked(channels * inner);
            for (var row = first; row < end; row++)
            {
                var source = new ReadOnlySpan<T>(x + (row * n), n);
                var target = new Span<T>(y + (row * n), n);
                var mean = RowMoments.Mean(source);
                var inverse = T.One / T.Sqrt(RowMoments.Variance(source, mean) + epsilon);
                var channel = row % groups * channels;
                for (var i = 0; i < n; i += inner, channel++)
                {
                    var factor = inverse * scale[channel];
                    RowMoments.ScaleAndShift(source.Slice(i, inner), target.Slice(i, inner), factor, T.FusedMultiplyAdd(-mean, factor, shift[channel]));
                }
            }
        }
    }
}

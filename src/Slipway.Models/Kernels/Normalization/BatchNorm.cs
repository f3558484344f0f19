using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>Batch normalisation with known moments (Ioffe, Szegedy, 2015): a scale and a shift of each channel, found once.</summary>
internal static class BatchNorm
{
    private const int ElementsPerPart = 32768;

    /// <summary>factor = scale / √(variance + epsilon), shift = bias − mean · factor, in float64 and rounded.</summary>
    /// <param name="scale">[channels], as all others.</param>
    public static void Fold<T>(ReadOnlySpan<T> scale, ReadOnlySpan<T> bias, ReadOnlySpan<T> mean, ReadOnlySpan<T> variance, double epsilon, Span<T> factors, Span<T> shifts)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowMoments.RequireLength(bias.Length, scale.Length, nameof(bias));
        RowMoments.RequireLength(mean.Length, scale.Length, nameof(mean));
        RowMoments.RequireLength(variance.Length, scale.Length, nameof(variance));
        RowMoments.RequireLength(factors.Length, scale.Length, nameof(factors));
        RowMoments.RequireLength(shifts.Length, scale.Length, nameof(shifts));
        for (var i = 0; i < scale.Length; i++)
        {
            var factor = double.CreateTruncating(scale[i]) / Math.Sqrt(double.CreateTruncating(variance[i]) + epsilon);
            shifts[i] = T.CreateTruncating(double.CreateTruncating(bias[i]) - (double.CreateTruncating(mean[i]) * factor));
            factors[i] = T.CreateTruncating(factor);
        }
    }

    /// <summary>y = x · factor + shift of its channel, rounded once.</summary>
    /// <param name="x">[batch, channels, inner].</param>
    /// <param name="y">As <paramref name="x"/>; the same memory or none of it.</param>
    /// <param name="inner">Elements of a channel next to each other.</param>
    /// <param name="factors">[channels].</param>
    /// <param name="shifts">[channels].</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public static unsafe void Run<T>(ReadOnlySpan<T> x, Span<T> y, int inner, ReadOnlySpan<T> factors, ReadOnlySpan<T> shifts, int threads = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowMoments.RequireLength(y.Length, x.Length, nameof(y));
        RowMoments.RequireLength(shifts.Length, factors.Length, nameof(shifts));
        if (x.IsEmpty) return;
        if (inner <= 0 || x.Length % ((long)inner * factors.Length) != 0) throw new ArgumentException($"{x.Length} elements are not channels of {inner}, {factors.Length} of them", nameof(inner));
        fixed (T* source = x, target = y, factor = factors, shift = shifts)
        {
            var rows = inner == 1 ? x.Length / factors.Length : x.Length / inner;
            ParallelRows.Run(new Rows<T>(source, target, inner, factor, shift, factors.Length), rows, x.Length / rows, ElementsPerPart, threads);
        }
    }

    private readonly unsafe struct Rows<T>(T* x, T* y, int inner, T* factors, T* shifts, int channels) : IRows
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(long first, long end)
        {
            for (var row = first; row < end; row++)
            {
                if (inner == 1)
                {
                    var at = row * channels;
                    RowMoments.Apply(new ReadOnlySpan<T>(x + at, channels), new Span<T>(y + at, channels), T.Zero, T.One, new ReadOnlySpan<T>(factors, channels), new ReadOnlySpan<T>(shifts, channels));
                }
                else
                {
                    var channel = row % channels;
                    RowMoments.ScaleAndShift(new ReadOnlySpan<T>(x + (row * inner), inner), new Span<T>(y + (row * inner), inner), factors[channel], shifts[channel]);
                }
            }
        }
    }
}

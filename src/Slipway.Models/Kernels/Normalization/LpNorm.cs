using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>Division by the sum of magnitudes, or by the root of the sum of squares, over the middle of [outer, n, inner].</summary>
internal static class LpNorm
{
    /// <param name="x">[outer, n, inner].</param>
    /// <param name="y">As <paramref name="x"/>; the same memory or none of it. Zero where the norm is.</param>
    /// <param name="p">1 or 2.</param>
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner, int p)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowMoments.RequireLength(x.Length, (long)outer * n * inner, nameof(x));
        RowMoments.RequireLength(y.Length, x.Length, nameof(y));
        if (p is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(p), p, "the norm is that of 1 or 2");
        for (var row = 0; row < outer; row++)
        {
            var rows = x.Slice(row * n * inner, n * inner);
            var result = y.Slice(row * n * inner, n * inner);
            for (var column = 0; column < inner; column++)
            {
                var norm = inner > 1 ? NormOfColumn(rows, column, n, inner, p)
                    : p == 1 ? LaneReduction.Reduce<T, MagnitudeReduction<T>>(rows)
                    : T.Sqrt(LaneReduction.Reduce<T, SquareReduction<T>>(rows));
                for (var i = column; i < rows.Length; i += inner) result[i] = T.IsZero(norm) ? T.Zero : rows[i] / norm;
            }
        }
    }

    private static T NormOfColumn<T>(ReadOnlySpan<T> rows, int column, int n, int inner, int p)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (var i = 0; i < n; i++)
        {
            var element = rows[(i * inner) + column];
            sum = p == 1 ? sum + T.Abs(element) : T.FusedMultiplyAdd(element, element, sum);
        }
        return p == 1 ? sum : T.Sqrt(sum);
    }
}

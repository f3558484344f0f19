using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>Where the largest or smallest element stands in the middle of three dimensions [outer, n, inner]. NaN is both the largest and the smallest.</summary>
internal static class ArgReductions
{
    /// <param name="x">[outer, n, inner], row-major.</param>
    /// <param name="result">[outer, inner].</param>
    /// <param name="last">Of equal elements the last one is wanted, not the first.</param>
    public static void Max<T>(ReadOnlySpan<T> x, Span<long> result, int outer, int n, int inner, bool last = false)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Run<T, MaxReduction<T>>(x, result, outer, n, inner, last);

    /// <inheritdoc cref="Max{T}"/>
    public static void Min<T>(ReadOnlySpan<T> x, Span<long> result, int outer, int n, int inner, bool last = false)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Run<T, MinReduction<T>>(x, result, outer, n, inner, last);

    /// <summary>1 where the first of the largest elements of [outer, n, inner] stands, 0 elsewhere.</summary>
    /// <param name="y">As <paramref name="x"/>; shares no memory with it.</param>
    public static void Hardmax<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Check(x.Length, y.Length, outer, n, inner, (long)outer * n * inner);
        y.Clear();
        if (x.IsEmpty) return;
        for (var row = 0; row < outer; row++)
        {
            var rows = x.Slice(row * n * inner, n * inner);
            for (var column = 0; column < inner; column++) y[(((row * n) + (int)Find<T, MaxReduction<T>>(rows, column, n, inner, last: false)) * inner) + column] = T.One;
        }
    }

    private static void Run<T, TReduction>(ReadOnlySpan<T> x, Span<long> result, int outer, int n, int inner, bool last)
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        Check(x.Length, result.Length, outer, n, inner, (long)outer * inner);
        if (n == 0 && result.Length > 0) throw new ArgumentException("the largest of no elements is wanted", nameof(n));
        for (var row = 0; row < outer; row++)
        {
            var rows = x.Slice(row * n * inner, n * inner);
            for (var column = 0; column < inner; column++) result[(row * inner) + column] = Find<T, TReduction>(rows, column, n, inner, last);
        }
    }

    private static long Find<T, TReduction>(ReadOnlySpan<T> rows, int column, int n, int inner, bool last)
        where T : unmanaged, INumber<T>
        where TReduction : struct, IReduction<T>
    {
        if (inner == 1)
        {
            var best = LaneReduction.Reduce<T, TReduction>(rows);
            return last ? rows.LastIndexOf(best) : rows.IndexOf(best);
        }
        var found = 0;
        var value = rows[column];
        for (var i = 1; i < n; i++)
        {
            var candidate = rows[(i * inner) + column];
            var combined = TReduction.Combine(value, candidate);
            if (combined.Equals(value) && !(last && candidate.Equals(value))) continue;
            (found, value) = (i, combined);
        }
        return found;
    }

    private static void Check(int count, int resultCount, int outer, int n, int inner, long wanted)
    {
        if (outer < 0 || n < 0 || inner < 0 || count != (long)outer * n * inner) throw new ArgumentException($"has {count} elements where {outer} · {n} · {inner} are wanted", nameof(count));
        if (resultCount != wanted) throw new ArgumentException($"has {resultCount} elements where {wanted} are wanted", nameof(resultCount));
    }
}

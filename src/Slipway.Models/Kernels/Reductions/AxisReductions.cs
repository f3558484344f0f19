using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>The reductions of the standard, see <see cref="Reductions"/> for their order. Integers wrap; roots and logarithms of integers are truncated.</summary>
internal static class AxisReductions
{
    public static void Sum<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reductions.Run<T, SumReduction<T>>(plan, x, result, threads);

    public static void Prod<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reductions.Run<T, ProductReduction<T>>(plan, x, result, threads);

    public static void Max<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reductions.Run<T, MaxReduction<T>>(plan, x, result, threads);

    public static void Min<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reductions.Run<T, MinReduction<T>>(plan, x, result, threads);

    public static void L1<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reductions.Run<T, MagnitudeReduction<T>>(plan, x, result, threads);

    public static void SumSquare<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reductions.Run<T, SquareReduction<T>>(plan, x, result, threads);

    /// <summary>The sum divided by the count; of integers truncated. Of no elements NaN, or 0 where there is none.</summary>
    public static void Mean<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Reductions.Run<T, SumReduction<T>>(plan, x, result, threads);
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half))
        {
            var count = T.CreateTruncating(plan.ReducedCount);
            for (var i = 0; i < result.Length; i++) result[i] /= count;
            return;
        }
        if (plan.ReducedCount == 0) return;
        // A count may be too large for the type.
        for (var i = 0; i < result.Length; i++) result[i] = T.CreateTruncating(Int128.CreateTruncating(result[i]) / plan.ReducedCount);
    }

    /// <summary>The root of the sum of squares.</summary>
    public static void L2<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Reductions.Run<T, SquareReduction<T>>(plan, x, result, threads);
        // The root of a float32 number in float64, rounded, is the correctly rounded root.
        for (var i = 0; i < result.Length; i++) result[i] = T.CreateTruncating(Math.Sqrt(double.CreateTruncating(result[i])));
    }

    /// <summary>The logarithm of the sum.</summary>
    public static void LogSum<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads = 1)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Reductions.Run<T, SumReduction<T>>(plan, x, result, threads);
        if (typeof(T) == typeof(float))
        {
            var values = MemoryMarshal.Cast<T, float>(result);
            VectorMath.Log(values, values);
            return;
        }
        Span<double> one = stackalloc double[1];
        for (var i = 0; i < result.Length; i++)
        {
            one[0] = double.CreateTruncating(result[i]);
            VectorMath.Log(one, one);
            result[i] = T.CreateTruncating(one[0]);
        }
    }
}

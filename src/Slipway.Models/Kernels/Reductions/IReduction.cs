using System.Runtime.CompilerServices;
using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>How elements are taken together. The vector form gives the bits of the scalar one in each lane.</summary>
internal interface IReduction<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The result of no elements.</summary>
    static abstract T Identity { get; }

    /// <summary>An element that changes no result.</summary>
    static abstract T Neutral { get; }

    static abstract T Accumulate(T sum, T x);

    static abstract SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x);

    /// <summary>Two results as one.</summary>
    static abstract T Combine(T a, T b);

    static abstract SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b);
}

internal readonly struct SumReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static T Neutral => T.Zero;

    public static T Accumulate(T sum, T x) => sum + x;

    public static SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x) => sum + x;

    public static T Combine(T a, T b) => a + b;

    public static SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b) => a + b;
}

internal readonly struct ProductReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.One;

    public static T Neutral => T.One;

    public static T Accumulate(T sum, T x) => sum * x;

    public static SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x) => sum * x;

    public static T Combine(T a, T b) => a * b;

    public static SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b) => a * b;
}

/// <summary>NaN when any is. Of no elements the least number, −∞ where there is one.</summary>
internal readonly struct MaxReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(float) ? (T)(object)float.NegativeInfinity : typeof(T) == typeof(double) ? (T)(object)double.NegativeInfinity : typeof(T) == typeof(Half) ? (T)(object)Half.NegativeInfinity : T.MinValue;

    public static T Neutral => Identity;

    public static T Accumulate(T sum, T x) => T.Max(sum, x);

    public static SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x) => SimdVector512<T>.Max(sum, x);

    public static T Combine(T a, T b) => T.Max(a, b);

    public static SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b) => SimdVector512<T>.Max(a, b);
}

/// <summary>NaN when any is. Of no elements the greatest number, +∞ where there is one.</summary>
internal readonly struct MinReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(float) ? (T)(object)float.PositiveInfinity : typeof(T) == typeof(double) ? (T)(object)double.PositiveInfinity : typeof(T) == typeof(Half) ? (T)(object)Half.PositiveInfinity : T.MaxValue;

    public static T Neutral => Identity;

    public static T Accumulate(T sum, T x) => T.Min(sum, x);

    public static SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x) => SimdVector512<T>.Min(sum, x);

    public static T Combine(T a, T b) => T.Min(a, b);

    public static SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b) => SimdVector512<T>.Min(a, b);
}

/// <summary>The sum of magnitudes.</summary>
internal readonly struct MagnitudeReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static T Neutral => T.Zero;

    public static T Accumulate(T sum, T x) => sum + (T.IsNegative(x) ? T.Zero - x : x);

    public static SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x) => sum + SimdVector512<T>.Abs(x);

    public static T Combine(T a, T b) => a + b;

    public static SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b) => a + b;
}

/// <summary>The sum of squares; a square and its addition are rounded once.</summary>
internal readonly struct SquareReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static T Neutral => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Accumulate(T sum, T x)
    {
        if (typeof(T) == typeof(float)) return (T)(object)MathF.FusedMultiplyAdd((float)(object)x, (float)(object)x, (float)(object)sum);
        if (typeof(T) == typeof(double)) return (T)(object)Math.FusedMultiplyAdd((double)(object)x, (double)(object)x, (double)(object)sum);
        return sum + (x * x);
    }

    public static SimdVector512<T> Accumulate(SimdVector512<T> sum, SimdVector512<T> x) =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? SimdVector512<T>.FusedMultiplyAdd(x, x, sum) : sum + (x * x);

    public static T Combine(T a, T b) => a + b;

    public static SimdVector512<T> Combine(SimdVector512<T> a, SimdVector512<T> b) => a + b;
}

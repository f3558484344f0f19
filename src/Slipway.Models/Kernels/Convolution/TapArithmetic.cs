using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>What is done with the elements under a window, a vector of windows at a time.</summary>
/// <typeparam name="TVector">A vector of <see cref="float"/>.</typeparam>
internal unsafe interface ITapArithmetic<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Before the first tap.</summary>
    static abstract TVector Start { get; }

    static abstract TVector Load(float* from);
    static abstract void Store(float* to, TVector vector);

    /// <summary>The tap's weight in every lane, where there are weights.</summary>
    static abstract TVector Weight(float* from);

    /// <summary>What holds after one more tap.</summary>
    static abstract TVector Take(TVector element, TVector weight, TVector before);
}

/// <summary>A weighted sum by fused multiply-add.</summary>
internal readonly unsafe struct WeightedSum<TVector, TLanes> : ITapArithmetic<TVector>
    where TVector : unmanaged
    where TLanes : IGemmLanes<float, TVector>
{
    public static int Count => TLanes.Count;

    public static TVector Start => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* from) => TLanes.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, TVector vector) => TLanes.Store(to, vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Weight(float* from) => TLanes.Broadcast(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Take(TVector element, TVector weight, TVector before) => TLanes.MultiplyAdd(element, weight, before);
}

/// <summary>The sum.</summary>
internal readonly unsafe struct PlainSum : ITapArithmetic<Vector<float>>
{
    public static int Count => Vector<float>.Count;

    public static Vector<float> Start => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from) => Vector.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector<float> vector) => vector.Store(to);

    public static Vector<float> Weight(float* from) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Take(Vector<float> element, Vector<float> weight, Vector<float> before) => before + element;
}

/// <summary>The largest; NaN if any is.</summary>
internal readonly unsafe struct Largest : ITapArithmetic<Vector<float>>
{
    public static int Count => Vector<float>.Count;

    public static Vector<float> Start => Vector.Create(float.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from) => Vector.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector<float> vector) => vector.Store(to);

    public static Vector<float> Weight(float* from) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Take(Vector<float> element, Vector<float> weight, Vector<float> before) => Vector.Max(before, element);
}

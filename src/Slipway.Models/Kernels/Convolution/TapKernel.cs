using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Sums of taps over neighbouring elements of a plane: one channel of a convolution.</summary>
internal abstract unsafe class TapKernel
{
    /// <summary>Vectors that are computed at once.</summary>
    protected const int Block = 4;

    /// <summary>Floats of a vector.</summary>
    public abstract int VectorLength { get; }

    /// <summary>Floats that <see cref="Flat"/> may write too many, and read.</summary>
    public int Slack => Block * VectorLength;

    public static TapKernel For(GemmKernel vectors) => GemmSelection.Resolve(vectors) switch
    {
        GemmKernel.Vector512 => new TapKernel<Vector512<float>, GemmLanes512<float>>(),
        GemmKernel.Vector256 => new TapKernel<Vector256<float>, GemmLanes256<float>>(),
        _ => new TapKernel<Vector<float>, GemmLanesPortable<float>>(),
    };

    /// <summary>Rows of at least <see cref="VectorLength"/> outputs each.</summary>
    /// <param name="plane">Where the first output's place is.</param>
    /// <param name="pitch">From a row of the plane to the next.</param>
    /// <param name="offsets">Of the taps.</param>
    /// <param name="weights">Of the taps.</param>
    /// <param name="taps">How many.</param>
    /// <param name="to">The outputs, rows side by side.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Outputs in a row.</param>
    public abstract void Rows(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, int rows, int columns);

    /// <summary>Neighbouring outputs, whether or not their places are outputs, as many as <paramref name="count"/> and up to <see cref="Slack"/> more.</summary>
    /// <param name="plane">Where the first output's place is.</param>
    /// <param name="offsets">Of the taps.</param>
    /// <param name="weights">Of the taps.</param>
    /// <param name="taps">How many.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="count">How many are needed.</param>
    public abstract void Flat(float* plane, int* offsets, float* weights, int taps, float* to, int count);
}

internal sealed unsafe class TapKernel<TVector, TLanes> : TapKernel
    where TVector : unmanaged
    where TLanes : IGemmLanes<float, TVector>
{
    public override int VectorLength => TLanes.Count;

    public override void Rows(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, int rows, int columns)
    {
        var last = columns - TLanes.Count;
        var row = 0;
        for (; row <= rows - Block; row += Block, plane += Block * pitch, to += Block * columns)
        {
            for (var column = 0; column < last; column += TLanes.Count) Four(plane + column, pitch, offsets, weights, taps, to + column, columns);
            Four(plane + last, pitch, offsets, weights, taps, to + last, columns);
        }
        for (; row < rows; row++, plane += pitch, to += columns)
        {
            for (var column = 0; column < last; column += TLanes.Count) One(plane + column, offsets, weights, taps, to + column);
            One(plane + last, offsets, weights, taps, to + last);
        }
    }

    public override void Flat(float* plane, int* offsets, float* weights, int taps, float* to, int count)
    {
        for (var i = 0; i < count; i += Block * TLanes.Count) Four(plane + i, TLanes.Count, offsets, weights, taps, to + i, TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, nint toPitch)
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        for (var tap = 0; tap < taps; tap++)
        {
            var from = plane + offsets[tap];
            var weight = TLanes.Broadcast(weights + tap);
            c0 = TLanes.MultiplyAdd(TLanes.Load(from), weight, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Load(from + pitch), weight, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Load(from + (2 * pitch)), weight, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Load(from + (3 * pitch)), weight, c3);
        }
        TLanes.Store(to, c0);
        TLanes.Store(to + toPitch, c1);
        TLanes.Store(to + (2 * toPitch), c2);
        TLanes.Store(to + (3 * toPitch), c3);
    }

    private static void One(float* plane, int* offsets, float* weights, int taps, float* to)
    {
        TVector sum = default;
        for (var tap = 0; tap < taps; tap++) sum = TLanes.MultiplyAdd(TLanes.Load(plane + offsets[tap]), TLanes.Broadcast(weights + tap), sum);
        TLanes.Store(to, sum);
    }
}

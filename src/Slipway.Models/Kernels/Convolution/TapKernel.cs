using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// What a window sees of one channel, for every output: from the channel's <see cref="TapPlanes"/>, a vector of neighbouring outputs at a time. The last vector of a row
/// overlaps the one before it; a row shorter than a vector is computed together with some elements of the next, which then writes over them.
/// </summary>
internal abstract unsafe class TapKernel
{
    /// <summary>Rows or vectors that are computed at once.</summary>
    protected const int Block = 4;

    /// <summary>Maxima.</summary>
    public static TapKernel Max { get; } = new TapKernel<Vector<float>, Largest>();

    /// <summary>Sums.</summary>
    public static TapKernel Sum { get; } = new TapKernel<Vector<float>, PlainSum>();

    /// <summary>Floats of a vector.</summary>
    protected abstract int VectorLength { get; }

    /// <summary>Weighted sums.</summary>
    /// <param name="vectors">The widest vectors to use.</param>
    /// <param name="window">Over the channels: short rows take shorter vectors.</param>
    public static TapKernel WeightedSum(GemmKernel vectors, SpatialWindow window)
    {
        vectors = GemmSelection.Resolve(vectors);
        if (vectors == GemmKernel.Vector512 && window.Width.Output <= Vector256<float>.Count) vectors = GemmKernel.Vector256;
        return vectors switch
        {
            GemmKernel.Vector512 => new TapKernel<Vector512<float>, WeightedSum<Vector512<float>, GemmLanes512<float>>>(),
            GemmKernel.Vector256 => new TapKernel<Vector256<float>, WeightedSum<Vector256<float>, GemmLanes256<float>>>(),
            _ => new TapKernel<Vector<float>, WeightedSum<Vector<float>, GemmLanesPortable<float>>>(),
        };
    }

    /// <summary>Rows are shorter than a vector. Then the planes have to be copied, even if the input could serve: reads go beyond them.</summary>
    public bool IsNarrow(SpatialWindow window) => window.Width.Output < VectorLength;

    /// <summary>Floats that a channel's planes take here.</summary>
    public long PlanesLength(TapPlanes planes) => (long)planes.ChannelPitch + VectorLength;

    /// <summary>Floats that <see cref="Run"/> needs for outputs of narrow rows.</summary>
    public long NarrowLength(SpatialWindow window) => IsNarrow(window) ? (long)window.OutputPixels + VectorLength : 0;

    /// <summary>Computes one channel's outputs.</summary>
    /// <param name="window">Over the channel.</param>
    /// <param name="planes">How the planes lie.</param>
    /// <param name="plane">The channel's planes, <see cref="PlanesLength"/> floats; the input itself where that serves and the window is not narrow.</param>
    /// <param name="weights">Of the taps, if the kernel has weights.</param>
    /// <param name="narrow"><see cref="NarrowLength"/> floats.</param>
    /// <param name="output">Of the channel.</param>
    public void Run(SpatialWindow window, TapPlanes planes, float* plane, float* weights, float* narrow, float* output)
    {
        var (rows, columns) = (window.Height.Output, window.Width.Output);
        var to = IsNarrow(window) ? narrow : output;
        fixed (int* offsets = planes.Offsets)
        {
            for (var z = 0; z < window.Depth.Output; z++, plane += planes.SlicePitch, to += rows * columns) Rows(plane, planes.RowPitch, offsets, weights, window.Taps, to, rows, columns);
        }
        if (IsNarrow(window)) new ReadOnlySpan<float>(narrow, window.OutputPixels).CopyTo(new Span<float>(output, window.OutputPixels));
    }

    /// <summary>Rows of outputs; where they are narrow, up to a vector more is written behind the last.</summary>
    /// <param name="plane">Where the first output's place is.</param>
    /// <param name="pitch">From a row of the plane to the next.</param>
    /// <param name="offsets">Of the taps.</param>
    /// <param name="weights">Of the taps.</param>
    /// <param name="taps">How many.</param>
    /// <param name="to">The outputs, rows side by side.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Outputs in a row.</param>
    protected abstract void Rows(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, int rows, int columns);
}

/// <inheritdoc/>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TArithmetic">What is done with the elements.</typeparam>
internal sealed unsafe class TapKernel<TVector, TArithmetic> : TapKernel
    where TVector : unmanaged
    where TArithmetic : ITapArithmetic<TVector>
{
    protected override int VectorLength => TArithmetic.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Rows(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, int rows, int columns)
    {
        var last = Math.Max(columns - TArithmetic.Count, 0);
        if (rows < Block)
        {
            for (var row = 0; row < rows; row++, plane += pitch, to += columns)
            {
                var column = 0;
                for (; column <= columns - (Block * TArithmetic.Count); column += Block * TArithmetic.Count) Four(plane + column, TArithmetic.Count, offsets, weights, taps, to + column, TArithmetic.Count);
                for (; column < last; column += TArithmetic.Count) One(plane + column, offsets, weights, taps, to + column);
                One(plane + last, offsets, weights, taps, to + last);
            }
            return;
        }
        // The last block of rows overlaps the one before it, too.
        for (var done = 0; done < rows; done += Block)
        {
            var row = Math.Min(done, rows - Block);
            var (from, target) = (row * pitch, (nint)row * columns);
            for (var column = 0; column < last; column += TArithmetic.Count) Four(plane + from + column, pitch, offsets, weights, taps, to + target + column, columns);
            Four(plane + from + last, pitch, offsets, weights, taps, to + target + last, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, nint toPitch)
    {
        TVector c0 = TArithmetic.Start, c1 = TArithmetic.Start, c2 = TArithmetic.Start, c3 = TArithmetic.Start;
        for (var tap = 0; tap < taps; tap++)
        {
            var from = plane + offsets[tap];
            var weight = TArithmetic.Weight(weights + tap);
            c0 = TArithmetic.Take(TArithmetic.Load(from), weight, c0);
            c1 = TArithmetic.Take(TArithmetic.Load(from + pitch), weight, c1);
            c2 = TArithmetic.Take(TArithmetic.Load(from + (2 * pitch)), weight, c2);
            c3 = TArithmetic.Take(TArithmetic.Load(from + (3 * pitch)), weight, c3);
        }
        TArithmetic.Store(to, c0);
        TArithmetic.Store(to + toPitch, c1);
        TArithmetic.Store(to + (2 * toPitch), c2);
        TArithmetic.Store(to + (3 * toPitch), c3);
    }

    private static void One(float* plane, int* offsets, float* weights, int taps, float* to)
    {
        var sum = TArithmetic.Start;
        for (var tap = 0; tap < taps; tap++) sum = TArithmetic.Take(TArithmetic.Load(plane + offsets[tap]), TArithmetic.Weight(weights + tap), sum);
        TArithmetic.Store(to, sum);
    }
}

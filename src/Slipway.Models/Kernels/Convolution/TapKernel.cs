using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// What a window sees of one channel, for every output: from the channel's <see cref="TapPlanes"/>, a vector of neighbouring outputs at a time. Rows shorter than a
/// vector are computed together with the places between them, which are left out afterwards.
/// </summary>
internal abstract unsafe class TapKernel
{
    /// <summary>Vectors that are computed at once.</summary>
    protected const int Block = 4;

    /// <summary>Maxima.</summary>
    public static TapKernel Max { get; } = new TapKernel<Vector<float>, Largest>();

    /// <summary>Sums.</summary>
    public static TapKernel Sum { get; } = new TapKernel<Vector<float>, PlainSum>();

    /// <summary>Floats of a vector.</summary>
    protected abstract int VectorLength { get; }

    /// <summary>Floats that may be read behind the planes and written behind the flat memory.</summary>
    private int Slack => Block * VectorLength;

    /// <summary>Weighted sums.</summary>
    public static TapKernel WeightedSum(GemmKernel vectors) => GemmSelection.Resolve(vectors) switch
    {
        GemmKernel.Vector512 => new TapKernel<Vector512<float>, WeightedSum<Vector512<float>, GemmLanes512<float>>>(),
        GemmKernel.Vector256 => new TapKernel<Vector256<float>, WeightedSum<Vector256<float>, GemmLanes256<float>>>(),
        _ => new TapKernel<Vector<float>, WeightedSum<Vector<float>, GemmLanesPortable<float>>>(),
    };

    /// <summary>The planes have to be copied, even if the input could serve: there are no places behind it.</summary>
    public bool IsNarrow(SpatialWindow window) => window.Width.Output < VectorLength;

    /// <summary>Floats that a channel's planes take here.</summary>
    public long PlanesLength(TapPlanes planes) => (long)planes.ChannelPitch + Slack;

    /// <summary>Floats of flat memory that <see cref="Run"/> needs.</summary>
    public long FlatLength(SpatialWindow window, TapPlanes planes) => IsNarrow(window) ? (long)FlatCount(window, planes) + Slack : 0;

    /// <summary>Computes one channel's outputs.</summary>
    /// <param name="window">Over the channel.</param>
    /// <param name="planes">How the planes lie.</param>
    /// <param name="plane">The channel's planes, <see cref="PlanesLength"/> floats; the input itself where that serves and the window is not narrow.</param>
    /// <param name="weights">Of the taps, if the kernel has weights.</param>
    /// <param name="flat"><see cref="FlatLength"/> floats.</param>
    /// <param name="output">Of the channel.</param>
    public void Run(SpatialWindow window, TapPlanes planes, float* plane, float* weights, float* flat, float* output)
    {
        var (rows, columns) = (window.Height.Output, window.Width.Output);
        fixed (int* offsets = planes.Offsets)
        {
            for (var z = 0; z < window.Depth.Output; z++, plane += planes.SlicePitch, output += rows * columns)
            {
                if (!IsNarrow(window))
                {
                    Rows(plane, planes.RowPitch, offsets, weights, window.Taps, output, rows, columns);
                    continue;
                }
                Flat(plane, offsets, weights, window.Taps, flat, FlatCount(window, planes));
                for (var y = 0; y < rows; y++) StridedCopy.Run(flat + ((nint)y * planes.RowPitch), 1, output + (y * columns), columns);
            }
        }
    }

    /// <summary>Rows of at least <see cref="VectorLength"/> outputs each.</summary>
    /// <param name="plane">Where the first output's place is.</param>
    /// <param name="pitch">From a row of the plane to the next.</param>
    /// <param name="offsets">Of the taps.</param>
    /// <param name="weights">Of the taps.</param>
    /// <param name="taps">How many.</param>
    /// <param name="to">The outputs, rows side by side.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Outputs in a row.</param>
    protected abstract void Rows(float* plane, nint pitch, int* offsets, float* weights, int taps, float* to, int rows, int columns);

    /// <summary>Neighbouring places, whether or not they are outputs, as many as <paramref name="count"/> and up to <see cref="Slack"/> more.</summary>
    protected abstract void Flat(float* plane, int* offsets, float* weights, int taps, float* to, int count);

    /// <summary>Outputs of a slice and the places between them.</summary>
    private static int FlatCount(SpatialWindow window, TapPlanes planes) => ((window.Height.Output - 1) * planes.RowPitch) + window.Width.Output;
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
        var last = columns - TArithmetic.Count;
        var row = 0;
        for (; row <= rows - Block; row += Block, plane += Block * pitch, to += Block * columns)
        {
            for (var column = 0; column < last; column += TArithmetic.Count) Four(plane + column, pitch, offsets, weights, taps, to + column, columns);
            Four(plane + last, pitch, offsets, weights, taps, to + last, columns);
        }
        for (; row < rows; row++, plane += pitch, to += columns)
        {
            for (var column = 0; column < last; column += TArithmetic.Count) One(plane + column, offsets, weights, taps, to + column);
            One(plane + last, offsets, weights, taps, to + last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Flat(float* plane, int* offsets, float* weights, int taps, float* to, int count)
    {
        for (var i = 0; i < count; i += Block * TArithmetic.Count) Four(plane + i, TArithmetic.Count, offsets, weights, taps, to + i, TArithmetic.Count);
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

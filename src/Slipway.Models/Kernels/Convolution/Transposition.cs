using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Turns outputs that lie filter by filter within a pixel into the layout of ONNX.</summary>
internal static unsafe class Transposition
{
    private const int Side = 4;

    /// <param name="from">For each pixel, its filters.</param>
    /// <param name="pitch">From a pixel to the next.</param>
    /// <param name="pixels">How many.</param>
    /// <param name="filters">How many.</param>
    /// <param name="to">For each filter, its pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint pitch, int pixels, int filters, float* to)
    {
        var (wholePixels, wholeFilters) = Sse.IsSupported ? (pixels & -Side, filters & -Side) : (0, 0);
        for (var filter = 0; filter < wholeFilters; filter += Side)
        {
            for (var pixel = 0; pixel < wholePixels; pixel += Side) Block(from + (pixel * pitch) + filter, pitch, to + ((nint)filter * pixels) + pixel, pixels);
            for (var pixel = wholePixels; pixel < pixels; pixel++) Copy(from, pitch, pixels, pixel, filter, filter + Side, to);
        }
        for (var pixel = 0; pixel < pixels; pixel++) Copy(from, pitch, pixels, pixel, wholeFilters, filters, to);
    }

    private static void Copy(float* from, nint pitch, nint pixels, nint pixel, int first, int end, float* to)
    {
        for (var filter = first; filter < end; filter++) to[(filter * pixels) + pixel] = from[(pixel * pitch) + filter];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint pitch, float* to, nint pixels)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + pitch), c = Vector128.Load(from + (2 * pitch)), d = Vector128.Load(from + (3 * pitch));
        Vector128<float> ac = Sse.UnpackLow(a, c), bd = Sse.UnpackLow(b, d), acHigh = Sse.UnpackHigh(a, c), bdHigh = Sse.UnpackHigh(b, d);
        Sse.UnpackLow(ac, bd).Store(to);
        Sse.UnpackHigh(ac, bd).Store(to + pixels);
        Sse.UnpackLow(acHigh, bdHigh).Store(to + (2 * pixels));
        Sse.UnpackHigh(acHigh, bdHigh).Store(to + (3 * pixels));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>Four bytes by four signed bytes, added to int32 without saturation.</summary>
internal interface IByteDotProduct
{
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> bytes, Vector256<sbyte> weights);
}

internal readonly struct DotProductInstruction : IByteDotProduct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> bytes, Vector256<sbyte> weights) => AvxVnni.MultiplyWideningAndAdd(sum, bytes, weights);
}

/// <summary>By int16: even bytes, then odd ones. A product of two pairs is far from overflow, where one of bytes would saturate.</summary>
internal readonly struct DotProductByPairs : IByteDotProduct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> bytes, Vector256<sbyte> weights)
    {
        var (x, w) = (bytes.AsInt16(), weights.AsInt16());
        var even = Avx2.MultiplyAddAdjacent(x & Vector256.Create((short)0xFF), (w << 8) >> 8);
        return sum + even + Avx2.MultiplyAddAdjacent(x >>> 8, w >> 8);
    }
}

/// <summary>Brings the bytes under eight outputs side by side, four for each.</summary>
internal unsafe interface IByteWindow
{
    /// <param name="half">From the first output's bytes to the fifth's.</param>
    static abstract Vector256<byte> Load(byte* from, nint half, Vector256<byte> order);

    /// <param name="output">0 to 7.</param>
    /// <param name="distance">From the first output's first byte.</param>
    /// <param name="half">As <see cref="Load"/>.</param>
    static abstract byte Place(int output, int distance, int half);
}

/// <summary>Out of 32 bytes at once.</summary>
internal unsafe readonly struct BytePermutation : IByteWindow
{
    public static bool IsSupported => Avx512Vbmi.VL.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* from, nint half, Vector256<byte> order) => Avx512Vbmi.VL.PermuteVar32x8(Vector256.Load(from), order);

    public static byte Place(int output, int distance, int half) => (byte)distance;
}

/// <summary>Out of 16 bytes for each half.</summary>
internal unsafe readonly struct ByteShuffle : IByteWindow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* from, nint half, Vector256<byte> order) => Avx2.Shuffle(Vector256.Create(Vector128.Load(from), Vector128.Load(from + half)), order);

    public static byte Place(int output, int distance, int half) => (byte)(output < 4 ? distance : distance - half);
}

/// <summary>
/// One channel under one filter: eight or sixteen outputs of a line at a time in registers. Of each four taps of a row one instruction brings the bytes under eight outputs side by side.
/// </summary>
internal static unsafe class IntegerTaps
{
    /// <summary>Outputs of a vector.</summary>
    private const int Lanes = 8;
    private const int HalfBytes = 16;

    /// <summary>Whether the bytes under four outputs are 16 at most.</summary>
    public static bool Reaches(WindowAxis width) => ((Lanes / 2) - 1) * ((long)width.Stride + width.Dilation) < HalfBytes;

    /// <summary>Bytes beyond the last line's first window that are read.</summary>
    public static long Slack(WindowAxis width) => ((width.Output + (2L * Lanes)) * width.Stride) + ((width.Kernel + (2L * IntegerFilters.TapGroup)) * width.Dilation) + (4 * HalfBytes);

    /// <summary>Where each group of four taps is in a window.</summary>
    public static int[] Offsets(IntegerPlanes planes, ConvolutionShape shape)
    {
        var groups = (shape.Width.Kernel + IntegerFilters.TapGroup - 1) / IntegerFilters.TapGroup;
        var offsets = new int[shape.Taps / shape.Width.Kernel * groups];
        for (var i = 0; i < offsets.Length; i++) offsets[i] = planes.TapRow(i / groups) + (i % groups * IntegerFilters.TapGroup * shape.Width.Dilation);
        return offsets;
    }

    /// <summary>Which bytes of a window eight outputs take: one vector for a convolution.</summary>
    public static Vector256<byte> Order<TWindow>(WindowAxis width)
        where TWindow : IByteWindow
    {
        var order = stackalloc byte[Vector256<byte>.Count];
        for (var i = 0; i < Vector256<byte>.Count; i++) order[i] = TWindow.Place(i / 4, ((i / 4) * width.Stride) + ((i % 4) * width.Dilation), (Lanes / 2) * width.Stride);
        return Vector256.Load(order);
    }

    /// <summary>Writes the sums of some lines.</summary>
    /// <param name="order">As <see cref="Order{TWindow}"/> says.</param>
    /// <param name="plane">With its padding and <see cref="Slack"/>.</param>
    /// <param name="weights">By row of taps and group of four.</param>
    /// <param name="line">The first.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="sums">Line after line; up to 15 behind the last are overwritten.</param>
    public static void Run<TDot, TWindow>(IntegerConvolution convolution, Vector256<byte> order, byte* plane, int* weights, int line, int end, int* sums)
        where TDot : IByteDotProduct
        where TWindow : IByteWindow
    {
        var (width, count) = (convolution.Shape.Width, convolution.LineOutputs);
        nint half = (Lanes / 2) * width.Stride, step = Lanes * width.Stride;
        var lines = convolution.Lines[line..end];
        if (convolution.TapWords.Length == 3) Lines3<TDot, TWindow>(order, half, step, convolution.TapWords, plane, weights, lines, count, sums);
        else Lines<TDot, TWindow>(order, half, step, convolution.TapWords, plane, weights, lines, count, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lines3<TDot, TWindow>(Vector256<byte> order, nint half, nint step, ReadOnlySpan<int> offsets, byte* plane, int* weights, ReadOnlySpan<int> lines, int count, int* sums)
        where TDot : IByteDotProduct
        where TWindow : IByteWindow
    {
        var (first, second, third) = (Vector256.Create(weights[0]).AsSByte(), Vector256.Create(weights[1]).AsSByte(), Vector256.Create(weights[2]).AsSByte());
        nint toSecond = offsets[1] - offsets[0], toThird = offsets[2] - offsets[0];
        plane += offsets[0];
        foreach (var line in lines)
        {
            var from = plane + line;
            for (nint x = 0; x < count; x += Lanes, from += step)
            {
                var sum = TDot.Add(Vector256<int>.Zero, TWindow.Load(from, half, order), first);
                sum = TDot.Add(sum, TWindow.Load(from + toSecond, half, order), second);
                TDot.Add(sum, TWindow.Load(from + toThird, half, order), third).Store(sums + x);
            }
            sums += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lines<TDot, TWindow>(Vector256<byte> order, nint half, nint step, ReadOnlySpan<int> offsets, byte* plane, int* weights, ReadOnlySpan<int> lines, int count, int* sums)
        where TDot : IByteDotProduct
        where TWindow : IByteWindow
    {
        foreach (var line in lines)
        {
            var from = plane + line;
            nint x = 0;
            for (; x < count - Lanes; x += 2 * Lanes, from += 2 * step)
            {
                Vector256<int> left = default, right = default;
                for (var i = 0; i < offsets.Length; i++)
                {
                    var weight = Vector256.Create(weights[i]).AsSByte();
                    var read = from + offsets[i];
                    left = TDot.Add(left, TWindow.Load(read, half, order), weight);
                    right = TDot.Add(right, TWindow.Load(read + step, half, order), weight);
                }
                left.Store(sums + x);
                right.Store(sums + x + Lanes);
            }
            if (x < count)
            {
                Vector256<int> sum = default;
                for (var i = 0; i < offsets.Length; i++) sum = TDot.Add(sum, TWindow.Load(from + offsets[i], half, order), Vector256.Create(weights[i]).AsSByte());
                sum.Store(sums + x);
            }
            sums += count;
        }
    }
}

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

/// <summary>
/// One channel under one filter: eight or sixteen outputs of a line at a time in registers. Of each four taps of a row one shuffle brings the bytes of four outputs side by side, out of 16
/// that lie under them.
/// </summary>
internal static unsafe class IntegerTaps
{
    /// <summary>Outputs of a vector.</summary>
    private const int Lanes = 8;
    private const int HalfBytes = 16;

    /// <summary>Whether the bytes under four outputs are 16 at most.</summary>
    public static bool Reaches(WindowAxis width) => (Lanes / 2 - 1) * ((long)width.Stride + width.Dilation) < HalfBytes;

    /// <summary>Bytes beyond the last line's first window that are read.</summary>
    public static long Slack(WindowAxis width) => ((width.Output + (2L * Lanes)) * width.Stride) + ((width.Kernel + (2L * IntegerFilters.TapGroup)) * width.Dilation) + (2 * HalfBytes);

    /// <summary>Where each group of four taps is in a window.</summary>
    public static int[] Offsets(IntegerPlanes planes, ConvolutionShape shape)
    {
        var groups = (shape.Width.Kernel + IntegerFilters.TapGroup - 1) / IntegerFilters.TapGroup;
        var offsets = new int[shape.Taps / shape.Width.Kernel * groups];
        for (var i = 0; i < offsets.Length; i++) offsets[i] = planes.TapRow(i / groups) + (i % groups * IntegerFilters.TapGroup * shape.Width.Dilation);
        return offsets;
    }

    /// <summary>Writes the sums of some lines.</summary>
    /// <param name="plane">With its padding and <see cref="Slack"/>.</param>
    /// <param name="weights">By row of taps and group of four.</param>
    /// <param name="line">The first.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="sums">Line after line; up to 15 behind the last are overwritten.</param>
    public static void Run<TDot>(IntegerConvolution convolution, byte* plane, byte flip, int* weights, int line, int end, int* sums)
        where TDot : IByteDotProduct
    {
        var lines = convolution.Lines[line..end];
        if (convolution.TapWords.Length == 3) Lines3<TDot>(convolution, plane, flip, weights, lines, sums);
        else Lines<TDot>(convolution, plane, flip, weights, lines, sums);
    }

    /// <summary>For each output of a half and each of four taps, which byte.</summary>
    private static Vector256<byte> Order(WindowAxis width)
    {
        var order = stackalloc byte[HalfBytes];
        for (var i = 0; i < HalfBytes; i++) order[i] = (byte)(((i / 4) * width.Stride) + ((i % 4) * width.Dilation));
        var half = Vector128.Load(order);
        return Vector256.Create(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Window(byte* from, nint half, Vector256<byte> order, Vector256<byte> flips) =>
        Avx2.Shuffle(Vector256.Create(Vector128.Load(from), Vector128.Load(from + half)) ^ flips, order);

    private static void Lines3<TDot>(IntegerConvolution convolution, byte* plane, byte flip, int* weights, ReadOnlySpan<int> lines, int* sums)
        where TDot : IByteDotProduct
    {
        var width = convolution.Shape.Width;
        var offsets = convolution.TapWords;
        var (order, flips) = (Order(width), Vector256.Create(flip));
        var (first, second, third) = (Vector256.Create(weights[0]).AsSByte(), Vector256.Create(weights[1]).AsSByte(), Vector256.Create(weights[2]).AsSByte());
        nint half = (Lanes / 2) * width.Stride, step = Lanes * width.Stride, toSecond = offsets[1] - offsets[0], toThird = offsets[2] - offsets[0];
        plane += offsets[0];
        foreach (var line in lines)
        {
            var from = plane + line;
            for (var x = 0; x < width.Output; x += Lanes, from += step)
            {
                var sum = TDot.Add(Vector256<int>.Zero, Window(from, half, order, flips), first);
                sum = TDot.Add(sum, Window(from + toSecond, half, order, flips), second);
                TDot.Add(sum, Window(from + toThird, half, order, flips), third).Store(sums + x);
            }
            sums += width.Output;
        }
    }

    private static void Lines<TDot>(IntegerConvolution convolution, byte* plane, byte flip, int* weights, ReadOnlySpan<int> lines, int* sums)
        where TDot : IByteDotProduct
    {
        var width = convolution.Shape.Width;
        var offsets = convolution.TapWords;
        var (order, flips) = (Order(width), Vector256.Create(flip));
        nint half = (Lanes / 2) * width.Stride, step = Lanes * width.Stride;
        foreach (var line in lines)
        {
            var from = plane + line;
            var x = 0;
            for (; x < width.Output - Lanes; x += 2 * Lanes, from += 2 * step)
            {
                Vector256<int> left = default, right = default;
                for (var i = 0; i < offsets.Length; i++)
                {
                    var weight = Vector256.Create(weights[i]).AsSByte();
                    var read = from + offsets[i];
                    left = TDot.Add(left, Window(read, half, order, flips), weight);
                    right = TDot.Add(right, Window(read + step, half, order, flips), weight);
                }
                left.Store(sums + x);
                right.Store(sums + x + Lanes);
            }
            if (x < width.Output)
            {
                Vector256<int> sum = default;
                for (var i = 0; i < offsets.Length; i++) sum = TDot.Add(sum, Window(from + offsets[i], half, order, flips), Vector256.Create(weights[i]).AsSByte());
                sum.Store(sums + x);
            }
            sums += width.Output;
        }
    }
}

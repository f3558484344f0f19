using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Max pooling of int8 or uint8 over one or two spatial axes: rows under a window first, in vectors, then what is left of their columns.</summary>
internal static class ByteMaxPooling
{
    /// <summary>Whether the window has no depth, and padding that is in proportion to the rows.</summary>
    public static bool Fits(SpatialWindow window) => window.Rank <= 2 && RowBytes(window) <= 4L * (window.Width.Input + window.Width.Output) + 1024;

    /// <summary>Bytes of a padded row.</summary>
    public static long RowBytes(SpatialWindow window) => Math.Max((long)window.Width.PadBegin + window.Width.Input, ((window.Width.Output - 1L) * window.Width.Stride) + window.Width.Extent) + Vector256<byte>.Count;

    /// <param name="planes">Items times channels.</param>
    /// <param name="row">Room for <see cref="RowBytes"/>.</param>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    public static void Run<T>(SpatialWindow window, int planes, ReadOnlySpan<T> input, Span<T> output, Span<T> row)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (!Fits(window) || input.Length != planes * window.InputPixels || output.Length != planes * window.OutputPixels || row.Length < RowBytes(window)) throw new ArgumentException("a pooling of bytes has one or two axes and tensors of its size", nameof(window));
        var (height, width, outputs, lines) = (window.Height, window.Width, window.Width.Output, window.Height.Output);
        // What is beside the elements stays as it is.
        row.Fill(T.MinValue);
        var inside = row.Slice(width.PadBegin, width.Input);
        for (var line = 0; line < planes * lines; line++)
        {
            var (plane, y) = Math.DivRem(line, lines);
            var isFirst = true;
            for (var ky = 0; ky < height.Kernel; ky++)
            {
                var iy = ((long)y * height.Stride) + ((long)ky * height.Dilation) - height.PadBegin;
                if (iy < 0 || iy >= height.Input) continue;
                var from = input.Slice((plane * window.InputPixels) + ((int)iy * width.Input), width.Input);
                if (isFirst) from.CopyTo(inside);
                else TensorPrimitives.Max(inside, from, inside);
                isFirst = false;
            }
            if (isFirst) inside.Fill(T.MinValue);
            Columns(row, width, output.Slice(line * outputs, outputs));
        }
    }

    /// <summary>The largest elements of a row under each window.</summary>
    private static void Columns<T>(ReadOnlySpan<T> row, WindowAxis width, Span<T> to)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var x = 0;
        if (width.Stride <= 2)
        {
            for (; x <= to.Length - Vector128<T>.Count; x += Vector128<T>.Count)
            {
                var largest = Elements(row, x * width.Stride, width.Stride);
                for (var kx = 1; kx < width.Kernel; kx++) largest = Vector128.Max(largest, Elements(row, (x * width.Stride) + (kx * width.Dilation), width.Stride));
                largest.CopyTo(to[x..]);
            }
        }
        for (; x < to.Length; x++)
        {
            var at = x * width.Stride;
            var largest = row[at];
            for (var kx = 1; kx < width.Kernel; kx++) largest = T.Max(largest, row[at + (kx * width.Dilation)]);
            to[x] = largest;
        }
    }

    /// <summary>Sixteen elements, side by side or every second one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Elements<T>(ReadOnlySpan<T> row, int at, int stride)
        where T : unmanaged
    {
        if (stride == 1) return Vector128.Create(row.Slice(at, Vector128<T>.Count));
        var pairs = Vector256.Create(row.Slice(at, Vector256<T>.Count)).AsUInt16() & Vector256.Create((ushort)0xFF);
        return Vector128.Narrow(pairs.GetLower(), pairs.GetUpper()).As<byte, T>();
    }
}

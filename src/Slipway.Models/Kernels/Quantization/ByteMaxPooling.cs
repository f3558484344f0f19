using System.Numerics;
using System.Numerics.Tensors;

namespace Slipway.Models.Kernels;

/// <summary>Max pooling of int8 or uint8 over one or two spatial axes: rows under a window first, in vectors, then what is left of their columns.</summary>
internal static class ByteMaxPooling
{
    /// <summary>Whether the window has no depth.</summary>
    public static bool Fits(SpatialWindow window) => window.Rank <= 2;

    /// <param name="planes">Items times channels.</param>
    /// <param name="row">Room for a row of the input.</param>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    public static void Run<T>(SpatialWindow window, int planes, ReadOnlySpan<T> input, Span<T> output, Span<T> row)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (!Fits(window) || input.Length != planes * window.InputPixels || output.Length != planes * window.OutputPixels || row.Length < window.Width.Input) throw new ArgumentException("a pooling of bytes has one or two axes and tensors of its size", nameof(window));
        var (height, width) = (window.Height, window.Width);
        row = row[..width.Input];
        for (var line = 0; line < planes * height.Output; line++)
        {
            var (plane, y) = Math.DivRem(line, height.Output);
            row.Fill(T.MinValue);
            for (var ky = 0; ky < height.Kernel; ky++)
            {
                var iy = ((long)y * height.Stride) + ((long)ky * height.Dilation) - height.PadBegin;
                if (iy >= 0 && iy < height.Input) TensorPrimitives.Max(row, input.Slice((plane * window.InputPixels) + ((int)iy * width.Input), width.Input), row);
            }
            var to = output.Slice(line * width.Output, width.Output);
            for (var x = 0; x < to.Length; x++)
            {
                var largest = T.MinValue;
                var at = ((long)x * width.Stride) - width.PadBegin;
                for (var kx = 0; kx < width.Kernel; kx++, at += width.Dilation)
                {
                    if (at >= 0 && at < row.Length) largest = T.Max(largest, row[(int)at]);
                }
                to[x] = largest;
            }
        }
    }
}

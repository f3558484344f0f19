using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Groups of one channel (depthwise): each filter over its channel, row by row, without columns.</summary>
internal sealed partial class IntegerConvolution
{
    /// <summary>More filters for a channel are worth a product of matrices.</summary>
    private const int MostFilters = 4;

    private bool IsByChannel => Shape.ChannelsPerGroup == 1 && Shape.FiltersPerGroup <= MostFilters;

    private void RunByChannel<TInput, TWeight, TTarget>(int batch, ReadOnlySpan<TInput> input, TInput inputZero, ReadOnlySpan<TWeight> weights, ReadOnlySpan<TWeight> weightZeros, ref TTarget target, Span<int> sums)
        where TInput : unmanaged
        where TWeight : unmanaged
        where TTarget : ITarget, allows ref struct
    {
        var (depth, height) = (Shape.Depth, Shape.Height);
        var zero = ByteLanes.Number(inputZero);
        for (var item = 0; item < batch; item++)
        {
            for (var filter = 0; filter < Shape.Filters; filter++)
            {
                var plane = input.Slice(((item * Shape.Channels) + (filter / Shape.FiltersPerGroup)) * Shape.InputPixels, Shape.InputPixels);
                var taps = weights.Slice(filter * Shape.Taps, Shape.Taps);
                var weightZero = weightZeros.IsEmpty ? 0 : ByteLanes.Number(weightZeros[weightZeros.Length == 1 ? 0 : filter]);
                var first = ((item * Shape.Filters) + filter) * Shape.OutputPixels;
                for (var line = 0; line < depth.Output * height.Output; line++)
                {
                    sums.Clear();
                    AddRows(plane, zero, taps, weightZero, line / height.Output, line % height.Output, sums);
                    target.Take(sums, filter, first + (line * Shape.Width.Output));
                }
            }
        }
    }

    /// <summary>Adds all taps of one row of outputs. Taps over the padding add nothing: it counts as the zero point.</summary>
    private void AddRows<TInput, TWeight>(ReadOnlySpan<TInput> plane, int zero, ReadOnlySpan<TWeight> taps, int weightZero, int z, int y, Span<int> sums)
        where TInput : unmanaged
        where TWeight : unmanaged
    {
        var (depth, height, width) = (Shape.Depth, Shape.Height, Shape.Width);
        for (var tap = 0; tap < taps.Length; tap += width.Kernel)
        {
            var (kz, ky) = Math.DivRem(tap / width.Kernel, height.Kernel);
            var iz = ((long)z * depth.Stride) + ((long)kz * depth.Dilation) - depth.PadBegin;
            var iy = ((long)y * height.Stride) + ((long)ky * height.Dilation) - height.PadBegin;
            if (iz < 0 || iz >= depth.Input || iy < 0 || iy >= height.Input) continue;
            var row = plane.Slice((int)((iz * height.Input) + iy) * width.Input, width.Input);
            for (var kx = 0; kx < width.Kernel; kx++) AddTap(row, ((long)kx * width.Dilation) - width.PadBegin, width.Stride, zero, ByteLanes.Number(taps[tap + kx]) - weightZero, sums);
        }
    }

    /// <param name="begin">The element of the row under the first output; may be before it.</param>
    private static void AddTap<T>(ReadOnlySpan<T> row, long begin, int stride, int zero, int weight, Span<int> sums)
        where T : unmanaged
    {
        var x = (int)Math.Min(begin >= 0 ? 0 : (stride - 1 - begin) / stride, sums.Length);
        var end = (int)Math.Clamp((row.Length - begin + stride - 1) / stride, 0, sums.Length);
        if (Vector256.IsHardwareAccelerated && stride <= 2)
        {
            var (zeros, weights) = (Vector256.Create(zero), Vector256.Create(weight));
            for (; x <= end - ByteLanes.Count && begin + ((long)x * stride) + (ByteLanes.Count * stride) <= row.Length; x += ByteLanes.Count)
            {
                var elements = row.Slice((int)begin + (x * stride), ByteLanes.Count * stride);
                var numbers = stride == 1 ? ByteLanes.Load(in elements[0]) : ByteLanes.LoadEven(in elements[0]);
                var sum = sums.Slice(x, ByteLanes.Count);
                (Vector256.Create<int>(sum) + ((numbers - zeros) * weights)).CopyTo(sum);
            }
        }
        for (; x < end; x++) sums[x] = unchecked(sums[x] + ((ByteLanes.Number(row[(int)(begin + ((long)x * stride))]) - zero) * weight));
    }
}

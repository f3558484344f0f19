using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// Deformable convolution over two spatial axes (Dai and others, 2017; with a mask: Zhu and others, 2018): each tap of each output reads where an offset says, between pixels
/// by bilinear interpolation, and zero outside the input; a mask weighs what it reads.
/// </summary>
internal sealed class DeformableConvolution
{
    private const int Axes = 2;

    /// <param name="shape">Of one item, with two spatial axes.</param>
    /// <param name="offsetGroups">Into which the channels are divided that share offsets and masks.</param>
    /// <exception cref="ModelException">There are not two spatial axes, or channels cannot be divided so.</exception>
    public DeformableConvolution(ConvolutionShape shape, int offsetGroups)
    {
        if (shape.Window.Rank != Axes) throw new ModelException($"a deformable convolution has {Axes} spatial axes, not {shape.Window.Rank}");
        if (offsetGroups < 1 || shape.Channels % offsetGroups != 0) throw new ModelException($"a deformable convolution's {shape.Channels} channels cannot be divided into {offsetGroups} groups of offsets");
        (Shape, OffsetGroups) = (shape, offsetGroups);
        MaskLength = SpatialWindow.Count("deformable convolution's mask", offsetGroups, shape.Taps, shape.OutputPixels);
        OffsetsLength = SpatialWindow.Count("deformable convolution's offsets", Axes, MaskLength);
    }

    public ConvolutionShape Shape { get; }
    public int OffsetGroups { get; }

    /// <summary>Elements of one item's offsets: <c>[offset groups · taps · 2, output pixels]</c>, down and then right for each tap.</summary>
    public int OffsetsLength { get; }

    /// <summary>Elements of one item's mask: <c>[offset groups · taps, output pixels]</c>.</summary>
    public int MaskLength { get; }

    /// <summary>Convolves a batch; each output is a chain of fused multiply-adds in the order channel, height, width of the window, from 0, then the bias.</summary>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="input">Items side by side.</param>
    /// <param name="weights">As <see cref="ConvolutionShape"/> says.</param>
    /// <param name="offsets">Items side by side, <see cref="OffsetsLength"/> each.</param>
    /// <param name="bias">One value for each filter, or empty.</param>
    /// <param name="mask">Items side by side, <see cref="MaskLength"/> each; or empty for ones.</param>
    /// <param name="output">Items side by side.</param>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    public void Run<T>(int batch, ReadOnlySpan<T> input, ReadOnlySpan<T> weights, ReadOnlySpan<T> offsets, ReadOnlySpan<T> bias, ReadOnlySpan<T> mask, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Require("input", (long)batch * Shape.InputLength, input.Length);
        Require("weights", Shape.WeightsLength, weights.Length);
        Require("offsets", (long)batch * OffsetsLength, offsets.Length);
        if (!bias.IsEmpty) Require("bias", Shape.Filters, bias.Length);
        if (!mask.IsEmpty) Require("mask", (long)batch * MaskLength, mask.Length);
        Require("output", (long)batch * Shape.OutputLength, output.Length);
        for (var item = 0; item < batch; item++)
        {
            var own = output.Slice(item * Shape.OutputLength, Shape.OutputLength);
            own.Clear();
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                var pixels = input.Slice((item * Shape.InputLength) + (channel * Shape.InputPixels), Shape.InputPixels);
                var tap = channel / (Shape.Channels / OffsetGroups) * Shape.Taps;
                for (var i = 0; i < Shape.Taps; i++, tap++)
                {
                    var moved = offsets.Slice((item * OffsetsLength) + (Axes * tap * Shape.OutputPixels), Axes * Shape.OutputPixels);
                    var weighed = mask.IsEmpty ? mask : mask.Slice((item * MaskLength) + (tap * Shape.OutputPixels), Shape.OutputPixels);
                    Add(pixels, weights, moved, weighed, channel, i, own);
                }
            }
            if (bias.IsEmpty) continue;
            for (var i = 0; i < own.Length; i++) own[i] += bias[i / Shape.OutputPixels];
        }
    }

    /// <summary>Adds what all filters of a channel's group see of it through one tap.</summary>
    private void Add<T>(ReadOnlySpan<T> pixels, ReadOnlySpan<T> weights, ReadOnlySpan<T> offsets, ReadOnlySpan<T> mask, int channel, int tap, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (height, width) = (Shape.Height, Shape.Width);
        var (ky, kx) = Math.DivRem(tap, width.Kernel);
        var (group, own) = Math.DivRem(channel, Shape.ChannelsPerGroup);
        for (var pixel = 0; pixel < Shape.OutputPixels; pixel++)
        {
            var (oy, ox) = Math.DivRem(pixel, width.Output);
            var y = T.CreateTruncating(((long)oy * height.Stride) + ((long)ky * height.Dilation) - height.PadBegin) + offsets[pixel];
            var x = T.CreateTruncating(((long)ox * width.Stride) + ((long)kx * width.Dilation) - width.PadBegin) + offsets[Shape.OutputPixels + pixel];
            var value = Between(pixels, y, x);
            if (!mask.IsEmpty) value *= mask[pixel];
            for (var i = 0; i < Shape.FiltersPerGroup; i++)
            {
                var filter = (group * Shape.FiltersPerGroup) + i;
                ref var sum = ref output[(filter * Shape.OutputPixels) + pixel];
                sum = T.FusedMultiplyAdd(value, weights[(((filter * Shape.ChannelsPerGroup) + own) * Shape.Taps) + tap], sum);
            }
        }
    }

    private T Between<T>(ReadOnlySpan<T> pixels, T y, T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (rows, columns) = (Shape.Height.Input, Shape.Width.Input);
        // Also false where an offset is not a number.
        if (!(y > T.NegativeOne && y < T.CreateTruncating(rows) && x > T.NegativeOne && x < T.CreateTruncating(columns))) return T.Zero;
        var (top, left) = (int.CreateTruncating(T.Floor(y)), int.CreateTruncating(T.Floor(x)));
        var (down, right) = (y - T.CreateTruncating(top), x - T.CreateTruncating(left));
        var upper = (At(pixels, top, left) * (T.One - right)) + (At(pixels, top, left + 1) * right);
        var lower = (At(pixels, top + 1, left) * (T.One - right)) + (At(pixels, top + 1, left + 1) * right);
        return (upper * (T.One - down)) + (lower * down);
    }

    private T At<T>(ReadOnlySpan<T> pixels, int y, int x)
        where T : unmanaged, INumberBase<T> => (uint)y < (uint)Shape.Height.Input && (uint)x < (uint)Shape.Width.Input ? pixels[(y * Shape.Width.Input) + x] : T.Zero;

    private static void Require(string what, long expected, int found)
    {
        if (expected != found) throw new ArgumentException($"a deformable convolution's {what} should have the length {expected} and has {found}", what);
    }
}

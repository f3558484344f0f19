using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// A channel as <see cref="DepthwiseShiftConvolution"/> reads it: for every tap along the width a copy, shifted by that tap, with zeros where the tap sees padding and rows
/// of zeros above and below. As each output row is as long as a row of the input, a copy is whole vectors, a mask laid over each.
/// </summary>
internal sealed unsafe class DepthwisePlanes
{
    /// <summary>Floats that a copy of whole vectors may read or write too many.</summary>
    private static readonly int Slack = Vector512<float>.Count - 1;

    private readonly ConvolutionShape _shape;
    private readonly int _above;
    private readonly int _plane;
    private readonly int _padded;
    private readonly float[] _masks;

    /// <param name="shape">One that <see cref="Supports"/>.</param>
    public DepthwisePlanes(ConvolutionShape shape)
    {
        _shape = shape;
        var (height, width) = (shape.Height, shape.Width);
        // Each copy begins on a vector's boundary, behind the rows above it.
        _above = Whole(height.PadBegin * width.Output);
        _plane = Whole(_above + ((height.Output + height.Extent - 1 - height.PadBegin) * width.Output));
        _padded = Whole(shape.InputPixels);
        Length = Whole((width.Kernel * _plane) + Slack);
        Offsets = new int[shape.Taps];
        _masks = new float[width.Kernel * _padded];
        var all = BitConverter.UInt32BitsToSingle(uint.MaxValue);
        for (var x = 0; x < width.Kernel; x++)
        {
            for (var y = 0; y < height.Kernel; y++) Offsets[(y * width.Kernel) + x] = (x * _plane) + _above + (((y * height.Dilation) - height.PadBegin) * width.Output);
            var (left, right) = width.Inside(x);
            for (var row = 0; row < height.Input; row++) _masks.AsSpan((x * _padded) + (row * width.Input) + left, right - left).Fill(all);
        }
    }

    /// <summary>Floats of a channel's copies.</summary>
    public int Length { get; }

    /// <summary>Where each tap begins, from an output's place.</summary>
    public int[] Offsets { get; }

    /// <summary>Whether the window moves by one element over two axes and gives as many outputs as there are inputs.</summary>
    public static bool Supports(ConvolutionShape shape) =>
        shape.Depth == WindowAxis.Absent && shape.Height.Stride == 1 && shape.Width.Stride == 1 && shape.Height.Output == shape.Height.Input && shape.Width.Output == shape.Width.Input;

    /// <summary>Floats of a channel's copies, about.</summary>
    public static long LengthOf(ConvolutionShape shape) => ((((long)shape.Height.Output + shape.Height.Extent) * shape.Width.Output) + (2 * Slack)) * shape.Width.Kernel;

    /// <summary>Writes the rows of zeros, which channels leave as they are.</summary>
    public void Pad(float* to) => new Span<float>(to, Length).Clear();

    /// <summary>Writes a channel between them.</summary>
    /// <param name="channel">Its pixels.</param>
    /// <param name="first">The first float that may be read.</param>
    /// <param name="end">Behind the last float that may be read.</param>
    /// <param name="to"><see cref="Length"/> floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(float* channel, float* first, float* end, float* to)
    {
        to += _above;
        fixed (float* masks = _masks)
        {
            var mask = masks;
            for (var x = 0; x < _shape.Width.Kernel; x++, to += _plane, mask += _padded)
            {
                var from = channel + (x * _shape.Width.Dilation) - _shape.Width.PadBegin;
                if (from < first || from + _padded > end)
                {
                    FillSlowly(channel, x, to);
                    continue;
                }
                for (var i = 0; i < _padded; i += Vector512<float>.Count) (Vector512.Load(from + i) & Vector512.Load(mask + i)).Store(to + i);
            }
        }
    }

    private static int Whole(int floats) => (floats + Slack) / Vector512<float>.Count * Vector512<float>.Count;

    /// <summary>Where whole vectors would be beyond the input.</summary>
    private void FillSlowly(float* channel, int tap, float* to)
    {
        var (left, right) = _shape.Width.Inside(tap);
        var shift = (tap * _shape.Width.Dilation) - _shape.Width.PadBegin;
        for (var row = 0; row < _shape.Height.Input; row++, channel += _shape.Width.Input, to += _shape.Width.Output)
        {
            for (var i = 0; i < _shape.Width.Output; i++) to[i] = i >= left && i < right ? channel[i + shift] : 0;
        }
    }
}

using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// The padded input of a convolution as <see cref="DirectConvolution"/> reads it: for each channel and each tap along depth and width an own copy of some rows, as long as
/// a row of outputs. So the outputs of a band of rows lie side by side, and so does what they see at a tap, from one row to the next without a gap.
/// </summary>
internal sealed unsafe class WindowBands
{
    private readonly ConvolutionShape _shape;
    private readonly TapAxis _depth, _height;
    private readonly (int First, int End)[] _inside;
    private readonly int _planeRows;
    private readonly int _plane;

    /// <param name="shape">Of the convolution.</param>
    /// <param name="rows">Rows of outputs in a band.</param>
    public WindowBands(ConvolutionShape shape, int rows)
    {
        _shape = shape;
        (_depth, _height) = (new TapAxis(shape.Depth), new TapAxis(shape.Height));
        Rows = rows;
        _planeRows = rows + _height.Length - shape.Height.Output;
        _plane = _planeRows * shape.Width.Output;
        _inside = new (int, int)[shape.Width.Kernel];
        for (var tap = 0; tap < _inside.Length; tap++) _inside[tap] = shape.Width.Inside(tap);
        Offsets = new int[shape.WeightsPerFilter];
        var planes = 0;
        var at = 0;
        for (var channel = 0; channel < shape.ChannelsPerGroup; channel++)
        {
            for (var z = 0; z < shape.Depth.Kernel; z++, planes += _height.Phases * shape.Width.Kernel)
            {
                for (var y = 0; y < shape.Height.Kernel; y++)
                {
                    for (var x = 0; x < shape.Width.Kernel; x++) Offsets[at++] = ((planes + (_height.PhaseOf(y) * shape.Width.Kernel) + x) * _plane) + (_height.ShiftOf(y) * shape.Width.Output);
                }
            }
        }
    }

    /// <summary>Rows of outputs in a band.</summary>
    public int Rows { get; }

    /// <summary>Floats of a group's band.</summary>
    public int Length => (int)(_shape.ChannelsPerGroup * PlanesPerChannel(_shape, _height) * _plane);

    /// <summary>Where each tap of each channel begins, from an output's place.</summary>
    public int[] Offsets { get; }

    /// <summary>Floats that a row of outputs takes in a band, and those that a band takes beyond its rows.</summary>
    public static (long Row, long Beyond) FloatsOf(ConvolutionShape shape)
    {
        var height = new TapAxis(shape.Height);
        // Far more than any cache has is as good as the true number, which may be too large to be one.
        var row = (long)Int128.Min(long.MaxValue / int.MaxValue / 4, (Int128)shape.ChannelsPerGroup * PlanesPerChannel(shape, height) * shape.Width.Output);
        return (row, row * (height.Length - shape.Height.Output));
    }

    /// <summary>Writes a band.</summary>
    /// <param name="input">The group's first channel.</param>
    /// <param name="z">The slice of the outputs.</param>
    /// <param name="first">The first row of outputs.</param>
    /// <param name="rows">How many, 1 to <see cref="Rows"/>.</param>
    /// <param name="to"><see cref="Length"/> floats.</param>
    public void Fill(float* input, int z, int first, int rows, float* to) => Fill(input, z, first, rows, 0, _shape.ChannelsPerGroup, to);

    /// <summary>Writes some channels of a band.</summary>
    /// <param name="input">The group's first channel.</param>
    /// <param name="z">The slice of the outputs.</param>
    /// <param name="first">The first row of outputs.</param>
    /// <param name="rows">How many, 1 to <see cref="Rows"/>.</param>
    /// <param name="firstChannel">Of the group.</param>
    /// <param name="endChannel">Behind the last.</param>
    /// <param name="to"><see cref="Length"/> floats: those of all channels.</param>
    public void Fill(float* input, int z, int first, int rows, int firstChannel, int endChannel, float* to)
    {
        rows += _planeRows - Rows;
        input += (nint)firstChannel * _shape.InputPixels;
        to += (nint)(firstChannel * PlanesPerChannel(_shape, _height) * _plane);
        for (var channel = firstChannel; channel < endChannel; channel++, input += _shape.InputPixels)
        {
            for (var depthTap = 0; depthTap < _shape.Depth.Kernel; depthTap++)
            {
                var slice = ((long)z * _shape.Depth.Stride) + ((long)depthTap * _shape.Depth.Dilation) - _shape.Depth.PadBegin;
                var isInside = slice >= 0 && slice < _shape.Depth.Input;
                var from = isInside ? input + ((nint)slice * _shape.Height.Input * _shape.Width.Input) : null;
                for (var phase = 0; phase < _height.Phases; phase++)
                {
                    for (var tap = 0; tap < _shape.Width.Kernel; tap++, to += _plane) FillPlane(from, phase, tap, first, rows, to);
                }
            }
        }
    }

    private static long PlanesPerChannel(ConvolutionShape shape, TapAxis height) => (long)shape.Depth.Kernel * height.Phases * shape.Width.Kernel;

    private void FillPlane(float* slice, int phase, int tap, int first, int rows, float* to)
    {
        var width = _shape.Width.Output;
        var (left, right) = _inside[tap];
        if (slice == null || left == right)
        {
            new Span<float>(to, rows * width).Clear();
            return;
        }
        var (top, bottom) = _height.Inside(phase);
        var (start, end) = (Math.Clamp(top - first, 0, rows), Math.Clamp(bottom - first, 0, rows));
        if (start > 0) new Span<float>(to, start * width).Clear();
        if (end < rows) new Span<float>(to + (end * width), (rows - end) * width).Clear();
        if (start >= end) return;
        var step = (nint)_shape.Height.Stride * _shape.Width.Input;
        var from = slice + ((nint)_height.Position(phase, first + start) * _shape.Width.Input) + ((left * _shape.Width.Stride) + (tap * _shape.Width.Dilation) - _shape.Width.PadBegin);
        to += start * width;
        if (step == width && _shape.Width.Stride == 1)
        {
            // Rows lie as they do in the input, so that they are copied at once: what belongs to the rows beside them falls on the edges.
            StridedCopy.Copy(from, to + left, ((end - start - 1) * width) + right - left);
            Edges(to, end - start, width, left, right);
            return;
        }
        Edges(to, end - start, width, left, right);
        StridedCopy.Run(from, step, _shape.Width.Stride, to + left, width, end - start, right - left);
    }

    private static void Edges(float* to, int rows, int width, int left, int right)
    {
        if (left == 0 && right == width) return;
        for (var row = 0; row < rows; row++, to += width)
        {
            for (var x = 0; x < left; x++) to[x] = 0;
            for (var x = right; x < width; x++) to[x] = 0;
        }
    }
}

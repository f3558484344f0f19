using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// The padded input of a convolution, each channel divided by the strides into planes (see <see cref="TapAxis"/>): there every tap of the window is one offset, and a
/// row of outputs reads a row of neighbouring elements. Without padding and strides the input is its own plane and nothing is copied.
/// </summary>
internal sealed unsafe class TapPlanes
{
    private readonly TapAxis _depth, _height, _width;
    private readonly SpatialWindow _window;

    /// <param name="window">The spatial axes.</param>
    /// <param name="channels">How many channels' planes have to fit one array.</param>
    /// <exception cref="ModelException">They do not.</exception>
    public TapPlanes(SpatialWindow window, int channels)
    {
        _window = window;
        (_depth, _height, _width) = (new TapAxis(window.Depth), new TapAxis(window.Height), new TapAxis(window.Width));
        IsInput = _depth.IsInput && _height.IsInput && _width.IsInput;
        RowPitch = _width.Length;
        var slice = (long)RowPitch * _height.Length;
        var plane = slice * _depth.Length;
        var channel = plane * _depth.Phases * _height.Phases * _width.Phases;
        // Slice and plane are each at most the padded input, whose axes are below 2³¹: only products of three can overflow.
        if ((Int128)slice * _depth.Length * _depth.Phases * _height.Phases * _width.Phases * channels > int.MaxValue)
        {
            throw new ModelException($"the padded input of {channels} channels would have more than {int.MaxValue} elements");
        }
        (SlicePitch, ChannelPitch) = ((int)slice, (int)channel);
        Offsets = new int[window.Taps];
        var tap = 0;
        for (var z = 0; z < window.Depth.Kernel; z++)
        {
            for (var y = 0; y < window.Height.Kernel; y++)
            {
                for (var x = 0; x < window.Width.Kernel; x++)
                {
                    var phase = (((_depth.PhaseOf(z) * _height.Phases) + _height.PhaseOf(y)) * _width.Phases) + _width.PhaseOf(x);
                    Offsets[tap++] = (int)((phase * plane) + (_depth.ShiftOf(z) * slice) + (_height.ShiftOf(y) * RowPitch) + _width.ShiftOf(x));
                }
            }
        }
    }

    /// <summary>The input serves as it is.</summary>
    public bool IsInput { get; }

    /// <summary>Elements from an output's place to the one below it.</summary>
    public int RowPitch { get; }

    /// <summary>Elements from an output's place to the one behind it.</summary>
    public int SlicePitch { get; }

    /// <summary>Elements from a channel to the next.</summary>
    public int ChannelPitch { get; }

    /// <summary>Where each tap begins in a channel.</summary>
    public int[] Offsets { get; }

    /// <summary>Makes planes of padding.</summary>
    /// <param name="planes"><see cref="ChannelPitch"/> elements.</param>
    /// <param name="padding">What is around the input.</param>
    public void Pad(float* planes, float padding) => new Span<float>(planes, ChannelPitch).Fill(padding);

    /// <summary>Writes one channel into planes of padding, or over another channel.</summary>
    /// <param name="channel">Its pixels.</param>
    /// <param name="planes"><see cref="ChannelPitch"/> elements.</param>
    public void Fill(float* channel, float* planes)
    {
        for (var depth = 0; depth < _depth.Phases; depth++)
        {
            for (var height = 0; height < _height.Phases; height++)
            {
                for (var width = 0; width < _width.Phases; width++, planes += (nint)SlicePitch * _depth.Length) FillPlane(channel, planes, depth, height, width);
            }
        }
    }

    private void FillPlane(float* channel, float* plane, int depthPhase, int heightPhase, int widthPhase)
    {
        var (depth, height, width) = (_depth.Inside(depthPhase), _height.Inside(heightPhase), _width.Inside(widthPhase));
        var (rows, count) = (height.End - height.First, width.End - width.First);
        if (rows == 0 || count == 0) return;
        var step = (nint)_window.Height.Stride * _window.Width.Input;
        for (var z = depth.First; z < depth.End; z++)
        {
            var row = channel + ((((nint)_depth.Position(depthPhase, z) * _window.Height.Input) + _height.Position(heightPhase, height.First)) * _window.Width.Input) + _width.Position(widthPhase, width.First);
            var to = plane + ((nint)z * SlicePitch) + ((nint)height.First * RowPitch) + width.First;
            StridedCopy.Run(row, step, _window.Width.Stride, to, RowPitch, rows, count);
        }
    }
}

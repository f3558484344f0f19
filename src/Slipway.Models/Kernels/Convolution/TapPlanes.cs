using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// The padded input of a convolution, each channel divided by the strides into planes (see <see cref="TapAxis"/>): there every tap of the window is one offset, and a
/// row of outputs reads a row of neighbouring elements. Without padding and strides the input is its own plane and nothing is copied.
/// </summary>
internal sealed unsafe class TapPlanes
{
    private readonly TapAxis _depth, _height, _width;
    private readonly ConvolutionShape _shape;

    public TapPlanes(ConvolutionShape shape)
    {
        _shape = shape;
        (_depth, _height, _width) = (new TapAxis(shape.Depth), new TapAxis(shape.Height), new TapAxis(shape.Width));
        IsInput = _depth.IsInput && _height.IsInput && _width.IsInput;
        RowPitch = _width.Length;
        var slice = (long)RowPitch * _height.Length;
        var plane = slice * _depth.Length;
        var channel = plane * _depth.Phases * _height.Phases * _width.Phases;
        if (channel * shape.Channels > int.MaxValue) throw new ModelException($"the padded input of a convolution would have {channel * shape.Channels} elements, more than {int.MaxValue}");
        (SlicePitch, ChannelPitch) = ((int)slice, (int)channel);
        Offsets = new int[shape.Taps];
        var tap = 0;
        for (var z = 0; z < shape.Depth.Kernel; z++)
        {
            for (var y = 0; y < shape.Height.Kernel; y++)
            {
                for (var x = 0; x < shape.Width.Kernel; x++)
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

    /// <summary>Writes the planes of one channel.</summary>
    /// <param name="channel">Its pixels.</param>
    /// <param name="planes"><see cref="ChannelPitch"/> elements.</param>
    public void Fill(float* channel, float* planes)
    {
        for (var depth = 0; depth < _depth.Phases; depth++)
        {
            for (var height = 0; height < _height.Phases; height++)
            {
                for (var width = 0; width < _width.Phases; width++) planes = FillPlane(channel, planes, depth, height, width);
            }
        }
    }

    private float* FillPlane(float* channel, float* plane, int depthPhase, int heightPhase, int widthPhase)
    {
        var (depth, height, width) = (_depth.Inside(depthPhase), _height.Inside(heightPhase), _width.Inside(widthPhase));
        var count = width.End - width.First;
        var from = channel + _width.Position(widthPhase, width.First);
        var before = (height.First * RowPitch) + width.First;
        var between = RowPitch - count;
        for (var z = 0; z < _depth.Length; z++, plane += SlicePitch)
        {
            if (z < depth.First || z >= depth.End || height.First == height.End || count == 0)
            {
                new Span<float>(plane, SlicePitch).Clear();
                continue;
            }
            Clear(plane, before);
            var to = plane + before;
            var row = from + ((((nint)_depth.Position(depthPhase, z) * _shape.Height.Input) + _height.Position(heightPhase, height.First)) * _shape.Width.Input);
            var step = (nint)_shape.Height.Stride * _shape.Width.Input;
            for (var y = height.First; y < height.End; y++, row += step, to += RowPitch)
            {
                StridedCopy.Run(row, _width.Stride, to, count);
                if (y < height.End - 1) Clear(to + count, between);
            }
            to -= between;
            Clear(to, (int)(plane + SlicePitch - to));
        }
        return plane;
    }

    private static void Clear(float* to, int count)
    {
        if (count > 16)
        {
            new Span<float>(to, count).Clear();
            return;
        }
        for (var i = 0; i < count; i++) to[i] = 0;
    }
}

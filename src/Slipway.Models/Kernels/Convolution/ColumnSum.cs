using System.Numerics;
using System.Numerics.Tensors;
using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// Adds columns into images, the inverse walk of a convolution's (col2im): columns <c>[taps, positions]</c> of one channel, image <c>[depth, height, width]</c>. Each element
/// of the image is the sum of what falls on it in the order of the taps.
/// </summary>
internal sealed record ColumnSum
{
    private const int MostAxes = 3;
    private readonly ColumnAxis _depth = ColumnAxis.Absent, _height = ColumnAxis.Absent, _width;

    /// <param name="axes">One to three, outermost first.</param>
    /// <exception cref="ModelException">A number is out of range, or there would be more than <see cref="int.MaxValue"/> elements.</exception>
    public ColumnSum(params ReadOnlySpan<ColumnAxis> axes)
    {
        if (axes.Length is < 1 or > MostAxes) throw new ModelException($"columns are added along one to {MostAxes} spatial axes, not {axes.Length}");
        foreach (var axis in axes)
        {
            if (axis.Image < 1 || axis.Columns < 1 || axis.Kernel < 1 || axis.Stride < 1 || axis.Dilation < 1) throw new ModelException($"columns cannot be added along {axis}: all but the padding have to be at least 1");
        }
        _width = axes[^1];
        if (axes.Length > 1) _height = axes[^2];
        if (axes.Length > 2) _depth = axes[^3];
        ImageLength = SpatialWindow.Count("image", _depth.Image, _height.Image, _width.Image);
        Positions = SpatialWindow.Count("columns", _depth.Columns, _height.Columns, _width.Columns);
        Taps = SpatialWindow.Count("window", _depth.Kernel, _height.Kernel, _width.Kernel);
        ColumnsLength = SpatialWindow.Count("columns", Taps, Positions);
    }

    /// <summary>Elements of a channel's image.</summary>
    public int ImageLength { get; }

    /// <summary>Positions of the window.</summary>
    public int Positions { get; }

    /// <summary>Rows of a channel's columns.</summary>
    public int Taps { get; }

    /// <summary>Elements of a channel's columns.</summary>
    public int ColumnsLength { get; }

    /// <summary>Makes one channel's image.</summary>
    /// <param name="columns"><see cref="ColumnsLength"/> elements.</param>
    /// <param name="image"><see cref="ImageLength"/> elements; what they held does not matter.</param>
    public void Run<T>(ReadOnlySpan<T> columns, Span<T> image)
        where T : unmanaged, INumberBase<T>
    {
        image[..ImageLength].Clear();
        var row = 0;
        for (var z = 0; z < _depth.Kernel; z++)
        {
            for (var y = 0; y < _height.Kernel; y++)
            {
                for (var x = 0; x < _width.Kernel; x++) Add(columns.Slice(row++ * Positions, Positions), image, z, y, x);
            }
        }
    }

    private void Add<T>(ReadOnlySpan<T> positions, Span<T> image, int depthTap, int heightTap, int widthTap)
        where T : unmanaged, INumberBase<T>
    {
        var (slices, rows, line) = (_depth.Inside(depthTap), _height.Inside(heightTap), _width.Inside(widthTap));
        var count = line.End - line.First;
        if (count == 0) return;
        for (var z = slices.First; z < slices.End; z++)
        {
            for (var y = rows.First; y < rows.End; y++)
            {
                var from = positions.Slice((((z * _height.Columns) + y) * _width.Columns) + line.First, count);
                var at = (((_depth.Place(z, depthTap) * _height.Image) + _height.Place(y, heightTap)) * _width.Image) + _width.Place(line.First, widthTap);
                var to = image[(int)at..];
                if (_width.Stride == 1)
                {
                    TensorPrimitives.Add(to[..count], from, to[..count]);
                    continue;
                }
                for (var i = 0; i < from.Length; i++) to[i * _width.Stride] += from[i];
            }
        }
    }
}

using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>How a window moves over spatial axes: what Conv, pooling and their kind say in attributes (kernel_shape, strides, dilations, pads, auto_pad, ceil_mode).</summary>
internal sealed class Window
{
    private readonly string _autoPad;
    private readonly bool _ceil;
    private readonly long[]? _kernel, _strides, _dilations, _pads;

    public Window(NodeInfo node)
    {
        _autoPad = node.Text("auto_pad", "NOTSET");
        _ceil = node.Flag("ceil_mode");
        _kernel = Positive(node, "kernel_shape");
        _strides = Positive(node, "strides");
        _dilations = Positive(node, "dilations");
        _pads = node.Ints("pads");
        if (_autoPad is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER")) throw node.Wrong($"auto_pad '{_autoPad}' is unknown; there are NOTSET, VALID, SAME_UPPER, SAME_LOWER");
        if (_pads is not null && (_pads.Length % 2 != 0 || Array.Exists(_pads, p => Math.Abs(p) > int.MaxValue))) throw node.Wrong("pads has no begin and end for each axis");
    }

    public bool HasKernel => _kernel is not null;

    public long Stride(int axis) => _strides is null ? 1 : _strides[axis];

    public long Dilation(int axis) => _dilations is null ? 1 : _dilations[axis];

    /// <summary>The window's size along an axis, from the attribute or else from the weights [filters, channels, …].</summary>
    public long Kernel(int axis, ReadOnlySpan<long> weights) => _kernel is not null ? _kernel[axis] : axis + 2 < weights.Length ? weights[axis + 2] : throw new ModelException("kernel_shape is missing");

    /// <summary>Throws unless all attributes speak of so many axes.</summary>
    public void Require(int axes)
    {
        Require(_kernel, axes, "kernel_shape");
        Require(_strides, axes, "strides");
        Require(_dilations, axes, "dilations");
        Require(_pads, 2 * axes, "pads");
    }

    /// <summary>The size of the output along an axis, and the padding that makes it; a symbol gives a symbol.</summary>
    public long Output(int axis, int axes, long input, long kernel, Func<long> newSymbol)
    {
        if (input < 0 || kernel < 0) return newSymbol();
        var output = Place(axis, axes, input, kernel).Output;
        return output >= 0 ? output : throw new ModelException($"a window of {kernel} does not fit into axis {axis} of size {input}");
    }

    /// <summary>Where the window begins and ends along an axis of known size.</summary>
    public WindowPlace Place(int axis, int axes, long input, long kernel)
    {
        var (stride, reach) = (Stride(axis), ((kernel - 1) * Dilation(axis)) + 1);
        if (_autoPad is "SAME_UPPER" or "SAME_LOWER")
        {
            var output = (input + stride - 1) / stride;
            var padding = Math.Max(0, ((output - 1) * stride) + reach - input);
            var small = padding / 2;
            return _autoPad == "SAME_UPPER" ? new(output, small, padding - small) : new(output, padding - small, small);
        }
        var (begin, end) = _autoPad == "VALID" || _pads is null ? (0L, 0L) : (_pads[axis], _pads[axis + axes]);
        var room = input + begin + end - reach;
        if (room < 0) return new(-1, begin, end);
        var places = (room / stride) + 1;
        if (_ceil && room % stride != 0)
        {
            // The last window must begin inside of the input or the padding before it.
            if (places * stride < input + begin) places++;
        }
        return new(places, begin, end);
    }

    private static long[]? Positive(NodeInfo node, string name)
    {
        var values = node.Ints(name);
        if (values is not null && Array.Exists(values, v => v is < 1 or > int.MaxValue)) throw node.Wrong($"{name} must be positive");
        return values is { Length: 0 } ? null : values;
    }

    private static void Require(long[]? values, int length, string name)
    {
        if (values is not null && values.Length != length) throw new ModelException($"{name} has {values.Length} numbers, {length} are expected");
    }
}

/// <param name="Output">Places of the window; -1 when it does not fit.</param>
/// <param name="Begin">Padding before the first element, <paramref name="End"/> after the last.</param>
internal readonly record struct WindowPlace(long Output, long Begin, long End);

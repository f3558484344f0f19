using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// What a convolution of one item of a batch computes: input <c>[channels, depth, height, width]</c>, weights
/// <c>[filters, channels / groups, kernel depth, kernel height, kernel width]</c>, output <c>[filters, output depth, output height, output width]</c>, all dense
/// and row-major.
/// </summary>
internal sealed record ConvolutionShape
{
    /// <param name="channels">Of the input.</param>
    /// <param name="filters">Channels of the output.</param>
    /// <param name="groups">Into which channels and filters are divided.</param>
    /// <param name="axes">One to three spatial axes, outermost first.</param>
    /// <exception cref="ModelException">A number is out of range, a window does not fit, or a tensor would have more than <see cref="int.MaxValue"/> elements.</exception>
    public ConvolutionShape(int channels, int filters, int groups, params ReadOnlySpan<WindowAxis> axes)
    {
        if (channels < 1) throw new ModelException($"a convolution has at least one input channel, not {channels}");
        if (filters < 1) throw new ModelException($"a convolution has at least one filter, not {filters}");
        if (groups < 1 || channels % groups != 0 || filters % groups != 0)
        {
            throw new ModelException($"a convolution's {channels} channels and {filters} filters cannot be divided into {groups} groups");
        }
        Channels = channels;
        Filters = filters;
        Groups = groups;
        Window = new SpatialWindow(axes);
        InputLength = SpatialWindow.Count("convolution's input", channels, InputPixels);
        OutputLength = SpatialWindow.Count("convolution's output", filters, OutputPixels);
        WeightsPerFilter = SpatialWindow.Count("convolution's weights", channels / groups, Taps);
        WeightsLength = SpatialWindow.Count("convolution's weights", filters, WeightsPerFilter);
    }

    public int Channels { get; }
    public int Filters { get; }
    public int Groups { get; }

    /// <summary>The spatial axes.</summary>
    public SpatialWindow Window { get; }

    public WindowAxis Depth => Window.Depth;
    public WindowAxis Height => Window.Height;
    public WindowAxis Width => Window.Width;

    public int ChannelsPerGroup => Channels / Groups;
    public int FiltersPerGroup => Filters / Groups;

    /// <summary>Elements of one channel of the input.</summary>
    public int InputPixels => Window.InputPixels;

    /// <summary>Elements of the input of one item.</summary>
    public int InputLength { get; }

    /// <summary>Elements of one filter's output.</summary>
    public int OutputPixels => Window.OutputPixels;

    /// <summary>Elements of the output of one item.</summary>
    public int OutputLength { get; }

    /// <summary>Positions of the window over one channel.</summary>
    public int Taps => Window.Taps;

    /// <summary>Terms of the sum behind one output.</summary>
    public int WeightsPerFilter { get; }

    public int WeightsLength { get; }

    /// <summary>Multiplications and additions for one item.</summary>
    public long Operations => 2L * OutputLength * WeightsPerFilter;

    /// <summary>True when each group has one channel.</summary>
    public bool IsDepthwise => Groups > 1 && ChannelsPerGroup == 1;
}

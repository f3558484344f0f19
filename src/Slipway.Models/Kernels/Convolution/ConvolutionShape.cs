using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// What a convolution of one item of a batch computes: input <c>[channels, depth, height, width]</c>, weights
/// <c>[filters, channels / groups, kernel depth, kernel height, kernel width]</c>, output <c>[filters, output depth, output height, output width]</c>, all dense
/// and row-major. Fewer spatial axes than three are the last ones; the others are <see cref="ConvolutionAxis.Absent"/>.
/// </summary>
internal sealed record ConvolutionShape
{
    private const int MostAxes = 3;
    private static readonly string[] AxisNames = ["depth", "height", "width"];

    /// <param name="channels">Of the input.</param>
    /// <param name="filters">Channels of the output.</param>
    /// <param name="groups">Into which channels and filters are divided.</param>
    /// <param name="axes">One to three spatial axes, outermost first.</param>
    /// <exception cref="ModelException">A number is out of range, a window does not fit, or a tensor would have more than <see cref="int.MaxValue"/> elements.</exception>
    public ConvolutionShape(int channels, int filters, int groups, params ReadOnlySpan<ConvolutionAxis> axes)
    {
        if (axes.Length is < 1 or > MostAxes) throw new ModelException($"a convolution has one to {MostAxes} spatial axes, not {axes.Length}");
        if (channels < 1) throw new ModelException($"a convolution has at least one input channel, not {channels}");
        if (filters < 1) throw new ModelException($"a convolution has at least one filter, not {filters}");
        if (groups < 1 || channels % groups != 0 || filters % groups != 0)
        {
            throw new ModelException($"a convolution's {channels} channels and {filters} filters cannot be divided into {groups} groups");
        }
        Channels = channels;
        Filters = filters;
        Groups = groups;
        Rank = axes.Length;
        Width = axes[^1].Checked(AxisNames[2]);
        Height = axes.Length > 1 ? axes[^2].Checked(AxisNames[1]) : ConvolutionAxis.Absent;
        Depth = axes.Length > 2 ? axes[^3].Checked(AxisNames[0]) : ConvolutionAxis.Absent;
        InputPixels = Count("input", Depth.Input, Height.Input, Width.Input);
        InputLength = Count("input", channels, InputPixels);
        OutputPixels = Count("output", Depth.Output, Height.Output, Width.Output);
        OutputLength = Count("output", filters, OutputPixels);
        Taps = Count("window", Depth.Kernel, Height.Kernel, Width.Kernel);
        WeightsPerFilter = Count("weights", channels / groups, Taps);
        WeightsLength = Count("weights", filters, WeightsPerFilter);
    }

    public int Channels { get; }
    public int Filters { get; }
    public int Groups { get; }

    /// <summary>Spatial axes of the tensors, 1 to 3.</summary>
    public int Rank { get; }

    public ConvolutionAxis Depth { get; }
    public ConvolutionAxis Height { get; }
    public ConvolutionAxis Width { get; }

    public int ChannelsPerGroup => Channels / Groups;
    public int FiltersPerGroup => Filters / Groups;

    /// <summary>Elements of one channel of the input.</summary>
    public int InputPixels { get; }

    /// <summary>Elements of the input of one item.</summary>
    public int InputLength { get; }

    /// <summary>Elements of one filter's output.</summary>
    public int OutputPixels { get; }

    /// <summary>Elements of the output of one item.</summary>
    public int OutputLength { get; }

    /// <summary>Positions of the window over one channel.</summary>
    public int Taps { get; }

    /// <summary>Terms of the sum behind one output.</summary>
    public int WeightsPerFilter { get; }

    public int WeightsLength { get; }

    /// <summary>Multiplications and additions for one item.</summary>
    public long Operations => 2L * OutputLength * WeightsPerFilter;

    /// <summary>True when each group has one channel.</summary>
    public bool IsDepthwise => Groups > 1 && ChannelsPerGroup == 1;

    /// <summary>True when each output sees the one pixel of the input that has its place.</summary>
    public bool IsPointwise => Depth.IsPointwise && Height.IsPointwise && Width.IsPointwise;

    private static int Count(string of, params ReadOnlySpan<int> factors)
    {
        long count = 1;
        foreach (var factor in factors)
        {
            count *= factor;
            if (count > int.MaxValue) throw new ModelException($"a convolution's {of} would have more than {int.MaxValue} elements");
        }
        return (int)count;
    }
}

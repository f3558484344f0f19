namespace Slipway.Models.Kernels;

/// <summary>How many taps along an axis count, for each output.</summary>
/// <param name="axis">Of the window.</param>
/// <param name="withPadding">Taps over the padding count too.</param>
internal readonly struct WindowCounts(WindowAxis axis, bool withPadding)
{
    /// <summary>Every tap of every output counts.</summary>
    public bool IsWhole => this[0] == axis.Kernel && this[axis.Output - 1] == axis.Kernel;

    /// <summary>The taps that count for an output.</summary>
    public int this[int output]
    {
        get
        {
            var (first, end) = withPadding ? Taps(output, -axis.PadBegin, (long)axis.Input + axis.PadEnd) : Inside(output);
            return end - first;
        }
    }

    /// <summary>The taps of an output that are over the input: from the first to before the end.</summary>
    public (int First, int End) Inside(int output) => Taps(output, 0, axis.Input);

    /// <summary>Where an output's tap is in the input.</summary>
    public int Position(int output, int tap) => (int)(Begin(output) + ((long)tap * axis.Dilation));

    private (int First, int End) Taps(int output, long least, long end)
    {
        var begin = Begin(output);
        var first = Math.Clamp(Ceiling(least - begin), 0, axis.Kernel);
        return ((int)first, (int)Math.Clamp(Ceiling(end - begin), first, axis.Kernel));
    }

    private long Begin(int output) => ((long)output * axis.Stride) - axis.PadBegin;

    private long Ceiling(long distance) => distance <= 0 ? 0 : (distance + axis.Dilation - 1) / axis.Dilation;
}

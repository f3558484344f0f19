using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// A window that moves over one to three spatial axes, of a convolution or a pooling. Fewer axes than three are the last ones; the others are
/// <see cref="WindowAxis.Absent"/>. Pixels are dense and row-major.
/// </summary>
internal sealed record SpatialWindow
{
    private const int MostAxes = 3;

    /// <param name="axes">One to three, outermost first.</param>
    /// <exception cref="ModelException">A number is out of range, the window does not fit, or there would be more than <see cref="int.MaxValue"/> pixels.</exception>
    public SpatialWindow(params ReadOnlySpan<WindowAxis> axes)
    {
        if (axes.Length is < 1 or > MostAxes) throw new ModelException($"a convolution or pooling has one to {MostAxes} spatial axes, not {axes.Length}");
        Rank = axes.Length;
        Width = axes[^1].Checked("width");
        Height = axes.Length > 1 ? axes[^2].Checked("height") : WindowAxis.Absent;
        Depth = axes.Length > 2 ? axes[^3].Checked("depth") : WindowAxis.Absent;
        InputPixels = Count("input", Depth.Input, Height.Input, Width.Input);
        OutputPixels = Count("output", Depth.Output, Height.Output, Width.Output);
        Taps = Count("window", Depth.Kernel, Height.Kernel, Width.Kernel);
    }

    /// <summary>Axes given, 1 to 3.</summary>
    public int Rank { get; }

    public WindowAxis Depth { get; }
    public WindowAxis Height { get; }
    public WindowAxis Width { get; }

    /// <summary>Elements of one channel of the input.</summary>
    public int InputPixels { get; }

    /// <summary>Elements of one channel of the output.</summary>
    public int OutputPixels { get; }

    /// <summary>Positions of the window over one channel.</summary>
    public int Taps { get; }

    /// <summary>The product of factors that are not negative.</summary>
    /// <exception cref="ModelException">It is more than <see cref="int.MaxValue"/>.</exception>
    public static int Count(string of, params ReadOnlySpan<int> factors)
    {
        long count = 1;
        foreach (var factor in factors)
        {
            count *= factor;
            if (count > int.MaxValue) throw new ModelException($"the {of} would have more than {int.MaxValue} elements");
        }
        return (int)count;
    }
}

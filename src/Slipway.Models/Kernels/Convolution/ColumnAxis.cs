namespace Slipway.Models.Kernels;

/// <summary>One spatial axis along which windows of columns are added into an image: column o and tap t go to <c>o·stride + t·dilation − pad</c>, if that is in the image.</summary>
/// <param name="Image">Elements of the image.</param>
/// <param name="Columns">Positions of the window.</param>
/// <param name="Kernel">Taps of the window.</param>
/// <param name="Stride">From a position to the next, 1 or more.</param>
/// <param name="Dilation">From a tap to the next, 1 or more.</param>
/// <param name="Pad">Before the image; below zero where windows begin inside of it.</param>
internal readonly record struct ColumnAxis(int Image, int Columns, int Kernel, int Stride = 1, int Dilation = 1, int Pad = 0)
{
    /// <summary>An axis that is not there.</summary>
    public static readonly ColumnAxis Absent = new(1, 1, 1);

    /// <summary>Where a column's tap goes, maybe outside the image.</summary>
    public long Place(int column, int tap) => ((long)column * Stride) + ((long)tap * Dilation) - Pad;

    /// <summary>The columns whose tap is in the image: from the first to before the end.</summary>
    public (int First, int End) Inside(int tap)
    {
        var first = Math.Clamp(Ceiling(-Place(0, tap)), 0, Columns);
        return ((int)first, (int)Math.Clamp(Ceiling(Image - Place(0, tap)), first, Columns));
    }

    private long Ceiling(long distance) => distance <= 0 ? 0 : (distance + Stride - 1) / Stride;
}

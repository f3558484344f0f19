namespace Slipway.Models.Graph;

/// <summary>How a macroblock, or its chroma, is predicted whole.</summary>
internal enum Vp8Mode
{
    Dc,
    Vertical,
    Horizontal,
    TrueMotion,
}

/// <summary>How a 4 × 4 block is predicted; the numbers are indices of <see cref="Vp8Tables.BlockModes"/>.</summary>
internal enum Vp8BlockMode : byte
{
    Dc,
    TrueMotion,
    Vertical,
    Horizontal,
    DownRight,
    VerticalRight,
    DownLeft,
    VerticalLeft,
    HorizontalDown,
    HorizontalUp,
}

/// <summary>Predicts samples from those above and on the left (RFC 6386, section 12).</summary>
internal static class Vp8Prediction
{
    /// <param name="size">16 for luma, 8 for chroma.</param>
    public static void Whole(Vp8Plane plane, int x, int y, int size, Vp8Mode mode)
    {
        var (samples, stride, at) = (plane.Samples, plane.Stride, plane.At(x, y));
        var above = samples.AsSpan(at - stride, size);
        var mean = mode == Vp8Mode.Dc ? Mean(plane, x, y, size) : (byte)0;
        for (var row = 0; row < size; row++, at += stride)
        {
            var to = samples.AsSpan(at, size);
            if (mode == Vp8Mode.Dc) to.Fill(mean);
            else if (mode == Vp8Mode.Vertical) above.CopyTo(to);
            else if (mode == Vp8Mode.Horizontal) to.Fill(samples[at - 1]);
            else TrueMotion(above, samples[at - 1], samples[plane.At(x - 1, y - 1)], to);
        }
    }

    /// <param name="aboveRight">The four samples that follow those above the block.</param>
    public static void Block(Vp8Plane plane, int x, int y, Vp8BlockMode mode, ReadOnlySpan<byte> aboveRight)
    {
        var (samples, stride, at) = (plane.Samples, plane.Stride, plane.At(x, y));
        // From the lowest on the left (0), over the corner (4), to the last on the right (12).
        Span<byte> edge = stackalloc byte[13];
        for (var i = 0; i < 4; i++) edge[i] = samples[at + ((3 - i) * stride) - 1];
        samples.AsSpan(at - stride - 1, 5).CopyTo(edge[4..]);
        aboveRight.CopyTo(edge[9..]);
        var mean = 4;
        for (var i = 0; i < 4; i++) mean += edge[i] + edge[5 + i];
        for (var row = 0; row < 4; row++)
        {
            var to = samples.AsSpan(at + (row * stride), 4);
            if (mode == Vp8BlockMode.Dc) to.Fill((byte)(mean >> 3));
            else if (mode == Vp8BlockMode.TrueMotion) TrueMotion(edge[5..9], edge[3 - row], edge[4], to);
            else
            {
                for (var column = 0; column < 4; column++) to[column] = Directional(mode, edge, row, column);
            }
        }
    }

    private static byte Directional(Vp8BlockMode mode, ReadOnlySpan<byte> edge, int row, int column)
    {
        switch (mode)
        {
            case Vp8BlockMode.Vertical: return Smooth(edge, 5 + column);
            case Vp8BlockMode.Horizontal: return Smooth(edge, 3 - row);
            case Vp8BlockMode.DownRight: return Smooth(edge, 4 - row + column);
            case Vp8BlockMode.DownLeft: return Smooth(edge, 6 + row + column);
            case Vp8BlockMode.VerticalRight:
                var across = (2 * column) - row;
                return across < -1 ? Smooth(edge, 5 + across) : (across & 1) == 0 ? Between(edge, 4 + (across / 2)) : Smooth(edge, 4 + ((across + 1) / 2));
            case Vp8BlockMode.HorizontalDown:
                var down = (2 * row) - column;
                return down < -1 ? Smooth(edge, 3 - down) : (down & 1) == 0 ? Between(edge, 3 - (down / 2)) : Smooth(edge, 4 - ((down + 1) / 2));
            case Vp8BlockMode.VerticalLeft:
                // The last two of the column do not follow the line.
                if (column == 3 && row >= 2) return Smooth(edge, 8 + row);
                return (row & 1) == 0 ? Between(edge, 5 + column + (row / 2)) : Smooth(edge, 6 + column + (row / 2));
            default:
                var up = column + (2 * row);
                return up > 5 ? edge[0] : (up & 1) == 0 ? Between(edge, 2 - (up / 2)) : Smooth(edge, 2 - (up / 2));
        }
    }

    /// <summary>A sample and its neighbours, one part, two, one; beyond an end the end counts again.</summary>
    private static byte Smooth(ReadOnlySpan<byte> edge, int i) => (byte)((edge[Math.Max(i - 1, 0)] + (2 * edge[i]) + edge[Math.Min(i + 1, 12)] + 2) >> 2);

    private static byte Between(ReadOnlySpan<byte> edge, int i) => (byte)((edge[i] + edge[i + 1] + 1) >> 1);

    private static void TrueMotion(ReadOnlySpan<byte> above, int left, int corner, Span<byte> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = Vp8Transform.Clamp(above[i] + left - corner);
    }

    /// <summary>Of the samples above and on the left, as far as they belong to the image.</summary>
    private static byte Mean(Vp8Plane plane, int x, int y, int size)
    {
        var (sum, count) = (0, 0);
        for (var i = 0; y > 0 && i < size; i++, count++) sum += plane.Samples[plane.At(x + i, y - 1)];
        for (var i = 0; x > 0 && i < size; i++, count++) sum += plane.Samples[plane.At(x - 1, y + i)];
        return (byte)(count == 0 ? 128 : (sum + (count / 2)) / count);
    }
}

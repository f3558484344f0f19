namespace Slipway.Models.Graph;

/// <summary>The samples of one component, whole macroblocks, with a row above and a column on the left from which the first ones are predicted (RFC 6386, section 12.2).</summary>
internal sealed class Vp8Plane
{
    private const byte Above = 127, Left = 129;

    public Vp8Plane(int width, int height)
    {
        Stride = width + 1;
        Samples = new byte[(long)Stride * (height + 1)];
        Samples.AsSpan(0, Stride).Fill(Above);
        for (var y = 0; y < height; y++) Samples[At(-1, y)] = Left;
    }

    public byte[] Samples { get; }

    public int Stride { get; }

    public int At(int x, int y) => ((y + 1) * Stride) + x + 1;

    public ReadOnlySpan<byte> Row(int y, int width) => Samples.AsSpan(At(0, y), width);
}

namespace Slipway.Models.Graph;

/// <summary>From luma and chroma of half the size to pixels, in integers as libwebp does it, so that results are the same to the last bit.</summary>
internal static class Vp8Colors
{
    public static DecodedImage ToImage(Vp8Plane luma, Vp8Plane blue, Vp8Plane red, int width, int height)
    {
        var image = DecodedImage.OfSize("WebP", width, height, long.MaxValue);
        var (across, down) = ((width + 1) / 2, (height + 1) / 2);
        for (var y = 0; y < height; y++)
        {
            var (near, far) = (y / 2, Neighbour(y, down));
            ToRgb(luma.Row(y, width), blue.Row(near, across), blue.Row(far, across), red.Row(near, across), red.Row(far, across), image.Rgb.AsSpan(3 * y * width, 3 * width));
        }
        return image;
    }

    private static void ToRgb(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> farBlue, ReadOnlySpan<byte> red, ReadOnlySpan<byte> farRed, Span<byte> rgb)
    {
        for (var x = 0; x < luma.Length; x++)
        {
            var (near, far) = (x / 2, Neighbour(x, blue.Length));
            var y = luma[x] * 19077 >> 8;
            var u = Mix(blue[near], blue[far], farBlue[near], farBlue[far]);
            var v = Mix(red[near], red[far], farRed[near], farRed[far]);
            rgb[3 * x] = Sample(y + (v * 26149 >> 8) - 14234);
            rgb[(3 * x) + 1] = Sample(y - (u * 6419 >> 8) - (v * 13320 >> 8) + 8708);
            rgb[(3 * x) + 2] = Sample(y + (u * 33050 >> 8) - 17685);
        }
    }

    /// <summary>The second nearest of so many samples of half the size.</summary>
    private static int Neighbour(int place, int count) => Math.Clamp((place / 2) + (place % 2 == 0 ? -1 : 1), 0, count - 1);

    /// <summary>Of four samples by how near they are.</summary>
    private static int Mix(int nearest, int beside, int over, int farthest) => ((9 * nearest) + (3 * beside) + (3 * over) + farthest + 8) >> 4;

    /// <summary>From six fraction bits.</summary>
    private static byte Sample(int value) => Vp8Transform.Clamp(value >> 6);
}

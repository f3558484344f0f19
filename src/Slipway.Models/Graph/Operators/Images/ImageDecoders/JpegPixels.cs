namespace Slipway.Models.Graph;

/// <summary>From coefficients to pixels, in integers as libjpeg does it, so that results are the same to the last bit.</summary>
internal static class JpegPixels
{
    private const int Fraction = 13;

    /// <summary>The inverse cosine transform of C. Loeffler, A. Ligtenberg, G. Moschytz: Practical fast 1-D DCT algorithms with 11 multiplications; constants in 13 fraction bits.</summary>
    public static void Transform(ReadOnlySpan<short> block, ReadOnlySpan<ushort> quantization, Span<byte> samples, int stride)
    {
        Span<int> values = stackalloc int[64];
        Span<int> line = stackalloc int[8];
        for (var i = 0; i < 64; i++) values[i] = block[i] * quantization[i];
        for (var x = 0; x < 8; x++)
        {
            for (var i = 0; i < 8; i++) line[i] = values[(8 * i) + x];
            Transform(line, Fraction - 2);
            for (var i = 0; i < 8; i++) values[(8 * i) + x] = line[i];
        }
        for (var y = 0; y < 8; y++)
        {
            Transform(values.Slice(8 * y, 8), Fraction + 2 + 3);
            for (var x = 0; x < 8; x++) samples[(y * stride) + x] = (byte)Math.Clamp(values[(8 * y) + x] + 128, 0, 255);
        }
    }

    private static void Transform(Span<int> v, int shift)
    {
        var z1 = (v[2] + v[6]) * 4433;
        var (even2, even3) = (z1 - (v[6] * 15137), z1 + (v[2] * 6270));
        var (even0, even1) = ((v[0] + v[4]) << Fraction, (v[0] - v[4]) << Fraction);
        var (a0, a3, a1, a2) = (even0 + even3, even0 - even3, even1 + even2, even1 - even2);
        var (t0, t1, t2, t3) = (v[7], v[5], v[3], v[1]);
        var z5 = (t0 + t2 + t1 + t3) * 9633;
        var (y1, y2, y3, y4) = ((t0 + t3) * -7373, (t1 + t2) * -20995, ((t0 + t2) * -16069) + z5, ((t1 + t3) * -3196) + z5);
        t0 = (t0 * 2446) + y1 + y3;
        t1 = (t1 * 16819) + y2 + y4;
        t2 = (t2 * 25172) + y2 + y3;
        t3 = (t3 * 12299) + y1 + y4;
        var half = 1 << (shift - 1);
        (v[0], v[7]) = ((a0 + t3 + half) >> shift, (a0 - t3 + half) >> shift);
        (v[1], v[6]) = ((a1 + t2 + half) >> shift, (a1 - t2 + half) >> shift);
        (v[2], v[5]) = ((a2 + t1 + half) >> shift, (a2 - t1 + half) >> shift);
        (v[3], v[4]) = ((a3 + t0 + half) >> shift, (a3 - t0 + half) >> shift);
    }

    /// <summary>One row of a component as wide as the image: by 2 smoothly (3 parts of the nearer sample, 1 of the farther), else repeated.</summary>
    /// <param name="h">Samples of the widest component across.</param>
    public static void Upsample(JpegComponent component, int y, int h, int v, Span<byte> row)
    {
        var (across, down) = (h / component.Across, v / component.Down);
        var isWhole = across * component.Across == h && down * component.Down == v;
        var near = Row(component, y * component.Down / v);
        if (isWhole && across == 2 && down <= 2 && component.Width > 2)
        {
            var far = down == 1 ? near : Row(component, Math.Clamp((y / 2) + (y % 2 == 0 ? -1 : 1), 0, component.Height - 1));
            SmoothAcross(near, far, down == 2, row);
        }
        else if (isWhole && across == 1 && down == 2)
        {
            var far = Row(component, Math.Clamp((y / 2) + (y % 2 == 0 ? -1 : 1), 0, component.Height - 1));
            for (var x = 0; x < row.Length; x++) row[x] = (byte)(((3 * near[x]) + far[x] + 1 + (y % 2)) >> 2);
        }
        else
        {
            for (var x = 0; x < row.Length; x++) row[x] = near[x * component.Across / h];
        }
    }

    /// <summary>ITU-R BT.601 in 16 fraction bits.</summary>
    public static void ToRgb(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> rgb)
    {
        const int Half = 1 << 15;
        for (var x = 0; x < rgb.Length / 3; x++)
        {
            var (y, cb, cr) = (luma[x], blue[x] - 128, red[x] - 128);
            rgb[3 * x] = (byte)Math.Clamp(y + (((91881 * cr) + Half) >> 16), 0, 255);
            rgb[(3 * x) + 1] = (byte)Math.Clamp(y + (((-22554 * cb) - (46802 * cr) + Half) >> 16), 0, 255);
            rgb[(3 * x) + 2] = (byte)Math.Clamp(y + (((116130 * cb) + Half) >> 16), 0, 255);
        }
    }

    /// <summary>Cyan, magenta and yellow as they are written: 255 is no ink.</summary>
    public static void Complement(ReadOnlySpan<byte> cyan, ReadOnlySpan<byte> magenta, ReadOnlySpan<byte> yellow, Span<byte> inks)
    {
        for (var x = 0; x < inks.Length / 3; x++) (inks[3 * x], inks[(3 * x) + 1], inks[(3 * x) + 2]) = ((byte)~cyan[x], (byte)~magenta[x], (byte)~yellow[x]);
    }

    /// <summary>From inks to light, as Pillow converts it: what black leaves, less the ink's part of it, a rounded product of 255 parts.</summary>
    public static void Ink(ReadOnlySpan<byte> white, Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var product = (pixels[i] * white[i / 3]) + 128;
            pixels[i] = (byte)(white[i / 3] - (((product >> 8) + product) >> 8));
        }
    }

    private static ReadOnlySpan<byte> Row(JpegComponent component, int y) => component.Samples.AsSpan(y * component.Stride, component.Width);

    private static void SmoothAcross(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool isTwoRows, Span<byte> row)
    {
        // Two rows make sums of 16 parts, one row of 4; rounding goes up and down in turns.
        var (shift, up, down) = isTwoRows ? (4, 8, 7) : (2, 1, 2);
        for (var x = 0; x < row.Length; x++)
        {
            var i = x / 2;
            var neighbour = Math.Clamp(i + (x % 2 == 0 ? -1 : 1), 0, near.Length - 1);
            var (here, there) = isTwoRows ? ((3 * near[i]) + far[i], (3 * near[neighbour]) + far[neighbour]) : (near[i], near[neighbour]);
            row[x] = (byte)(((3 * here) + there + (x % 2 == 0 ? up : down)) >> shift);
        }
    }
}

namespace Slipway.Models.Graph;

/// <summary>What is undone after the pixels are read (RFC 9649, "Transforms").</summary>
internal enum Vp8lTransformKind
{
    Predictor,
    Color,
    SubtractGreen,
    Indexing,
}

/// <param name="Width">Of the image when the transform is undone.</param>
/// <param name="Bits">The logarithm of the size of a tile; of indexing, of the pixels in one.</param>
/// <param name="Data">A pixel a tile, or the colours.</param>
internal sealed record Vp8lTransform(Vp8lTransformKind Kind, int Width, int Bits, uint[] Data)
{
    private const uint Opaque = 0xFF000000;

    /// <param name="pixels">Alpha, red, green and blue, from the highest byte.</param>
    public uint[] Undo(uint[] pixels, int height)
    {
        switch (Kind)
        {
            case Vp8lTransformKind.Predictor:
                Predict(pixels);
                return pixels;
            case Vp8lTransformKind.Color:
                for (var i = 0; i < pixels.Length; i++) pixels[i] = Recolor(pixels[i], Tile(i % Width, i / Width));
                return pixels;
            case Vp8lTransformKind.SubtractGreen:
                foreach (ref var pixel in pixels.AsSpan()) pixel = Add(pixel, (pixel >> 8 & 0xFF) * 0x00010001);
                return pixels;
            default:
                return Unpack(pixels, height);
        }
    }

    /// <summary>The sums of four bytes each, without carry between them.</summary>
    public static uint Add(uint a, uint b) => ((a & 0xFF00FF00) + (b & 0xFF00FF00) & 0xFF00FF00) | ((a & 0x00FF00FF) + (b & 0x00FF00FF) & 0x00FF00FF);

    public static int Blocks(int size, int bits) => (size + (1 << bits) - 1) >> bits;

    private uint Tile(int x, int y) => Data[((y >> Bits) * Blocks(Width, Bits)) + (x >> Bits)];

    private void Predict(uint[] pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % Width, i / Width);
            var predicted = i == 0 ? Opaque
                : y == 0 ? pixels[i - 1]
                : x == 0 ? pixels[i - Width]
                // The pixel after the last of the row above is the first of this row.
                : Predict(Tile(x, y) >> 8 & 15, pixels[i - 1], pixels[i - Width], pixels[i - Width + 1], pixels[i - Width - 1]);
            pixels[i] = Add(pixels[i], predicted);
        }
    }

    private static uint Predict(uint mode, uint left, uint above, uint aboveRight, uint corner) => mode switch
    {
        1 => left,
        2 => above,
        3 => aboveRight,
        4 => corner,
        5 => Mean(Mean(left, aboveRight), above),
        6 => Mean(left, corner),
        7 => Mean(left, above),
        8 => Mean(corner, above),
        9 => Mean(above, aboveRight),
        10 => Mean(Mean(left, corner), Mean(above, aboveRight)),
        11 => Distance(above, corner) < Distance(left, corner) ? left : above,
        12 => Follow(left, above, corner, 1),
        13 => Follow(Mean(left, above), Mean(left, above), corner, 2),
        _ => Opaque,
    };

    private static uint Mean(uint a, uint b) => (((a ^ b) & 0xFEFEFEFE) >> 1) + (a & b);

    private static int Distance(uint a, uint b)
    {
        var sum = 0;
        for (var shift = 0; shift < 32; shift += 8) sum += Math.Abs((int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF));
        return sum;
    }

    /// <summary>Goes on from a pixel as another one differs from the corner, or by a part of that.</summary>
    private static uint Follow(uint from, uint other, uint corner, int part)
    {
        var value = 0u;
        for (var shift = 0; shift < 32; shift += 8)
        {
            var difference = (int)(other >> shift & 0xFF) - (int)(corner >> shift & 0xFF);
            value |= (uint)Math.Clamp((int)(from >> shift & 0xFF) + (difference / part), 0, 255) << shift;
        }
        return value;
    }

    /// <param name="factors">By green for red, by green for blue, by red for blue, from the lowest byte.</param>
    private static uint Recolor(uint pixel, uint factors)
    {
        var green = pixel >> 8;
        var red = (pixel >> 16) + Product(factors, green);
        var blue = pixel + Product(factors >> 8, green) + Product(factors >> 16, red);
        return (pixel & 0xFF00FF00) | (red & 0xFF) << 16 | (blue & 0xFF);
    }

    /// <summary>Of the lowest bytes, which have signs and five fraction bits.</summary>
    private static uint Product(uint factor, uint color) => (uint)((sbyte)factor * (sbyte)color >> 5);

    private uint[] Unpack(uint[] packed, int height)
    {
        var pixels = Bits == 0 ? packed : new uint[Width * height];
        var (stride, depth) = (Blocks(Width, Bits), 8 >> Bits);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % Width, i / Width);
            var green = packed[(y * stride) + (x >> Bits)] >> 8 & 0xFF;
            var index = (int)(green >> ((x & ((1 << Bits) - 1)) * depth)) & ((1 << depth) - 1);
            pixels[i] = index < Data.Length ? Data[index] : 0;
        }
        return pixels;
    }
}

namespace Slipway.Models.Graph;

/// <summary>The inverse transforms of VP8 (RFC 6386, section 14).</summary>
internal static class Vp8Transform
{
    /// <summary>The inverse Walsh-Hadamard transform: the DC coefficients of 16 luma blocks, which lie 16 apart.</summary>
    public static void Second(ReadOnlySpan<short> from, Span<short> blocks)
    {
        Span<int> columns = stackalloc int[16];
        for (var i = 0; i < 4; i++)
        {
            var (a, b, c, d) = (from[i] + from[12 + i], from[4 + i] + from[8 + i], from[4 + i] - from[8 + i], from[i] - from[12 + i]);
            (columns[i], columns[4 + i], columns[8 + i], columns[12 + i]) = (a + b, d + c, a - b, d - c);
        }
        for (var i = 0; i < 16; i += 4)
        {
            var (a, b, c, d) = (columns[i] + columns[i + 3] + 3, columns[i + 1] + columns[i + 2], columns[i + 1] - columns[i + 2], columns[i] - columns[i + 3] + 3);
            (blocks[16 * i], blocks[16 * (i + 1)], blocks[16 * (i + 2)], blocks[16 * (i + 3)]) = ((short)((a + b) >> 3), (short)((d + c) >> 3), (short)((a - b) >> 3), (short)((d - c) >> 3));
        }
    }

    /// <summary>Adds the inverse cosine transform of a block to its 4 × 4 samples.</summary>
    public static void Add(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        Span<int> columns = stackalloc int[16];
        for (var i = 0; i < 4; i++)
        {
            var (a, b, c, d) = Butterfly(block[i], block[4 + i], block[8 + i], block[12 + i]);
            (columns[i], columns[4 + i], columns[8 + i], columns[12 + i]) = (a + d, b + c, b - c, a - d);
        }
        for (var y = 0; y < 4; y++)
        {
            var row = samples.Slice(y * stride, 4);
            var (a, b, c, d) = Butterfly(columns[4 * y] + 4, columns[(4 * y) + 1], columns[(4 * y) + 2], columns[(4 * y) + 3]);
            (row[0], row[1], row[2], row[3]) = (Clamp(row[0] + ((a + d) >> 3)), Clamp(row[1] + ((b + c) >> 3)), Clamp(row[2] + ((b - c) >> 3)), Clamp(row[3] + ((a - d) >> 3)));
        }
    }

    public static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    private static (int A, int B, int C, int D) Butterfly(int first, int second, int third, int fourth) =>
        (first + third, first - third, Sine(second) - Cosine(fourth), Cosine(second) + Sine(fourth));

    /// <summary>√2 · cos(π/8) in 16 fraction bits.</summary>
    private static int Cosine(int value) => value + (value * 20091 >> 16);

    /// <summary>√2 · sin(π/8) in 16 fraction bits.</summary>
    private static int Sine(int value) => value * 35468 >> 16;
}

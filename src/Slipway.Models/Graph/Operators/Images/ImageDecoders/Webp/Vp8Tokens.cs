namespace Slipway.Models.Graph;

/// <summary>Reads the coefficients of blocks (RFC 6386, section 13).</summary>
/// <param name="probabilities">By type, band, context and node.</param>
internal sealed class Vp8Tokens(byte[] probabilities)
{
    public const int LumaAfterSecond = 0, Second = 1, Chroma = 2, Luma = 3;

    private static ReadOnlySpan<byte> Extra1 => [159];

    private static ReadOnlySpan<byte> Extra2 => [165, 145];

    private static ReadOnlySpan<byte> Extra3 => [173, 148, 140];

    private static ReadOnlySpan<byte> Extra4 => [176, 155, 140, 135];

    private static ReadOnlySpan<byte> Extra5 => [180, 157, 141, 134, 130];

    private static ReadOnlySpan<byte> Extra6 => [254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129];

    /// <param name="type">One of the constants above.</param>
    /// <param name="context">Of the blocks above and on the left, how many have tokens.</param>
    /// <param name="first">The first coefficient that the block has.</param>
    /// <param name="block">Receives 16 coefficients, each multiplied; those without a token stay.</param>
    /// <returns>Coefficients to the last token; <paramref name="first"/> where there is none.</returns>
    public int Read(Vp8BoolDecoder bits, int type, int context, int first, int dc, int ac, Span<short> block)
    {
        var isAfterZero = false;
        for (var i = first; i < 16; i++)
        {
            var nodes = probabilities.AsSpan(((((type * 8) + Vp8Tables.Bands[i]) * 3) + context) * 11, 11);
            if (!isAfterZero && !bits.Bit(nodes[0])) return i;
            isAfterZero = !bits.Bit(nodes[1]);
            if (isAfterZero)
            {
                context = 0;
                continue;
            }
            var value = bits.Bit(nodes[2]) ? Larger(bits, nodes) : 1;
            context = value == 1 ? 1 : 2;
            block[Vp8Tables.ZigZag[i]] = (short)((bits.Flag() ? -value : value) * (i == 0 ? dc : ac));
        }
        return 16;
    }

    private static int Larger(Vp8BoolDecoder bits, ReadOnlySpan<byte> nodes)
    {
        if (!bits.Bit(nodes[3])) return !bits.Bit(nodes[4]) ? 2 : bits.Bit(nodes[5]) ? 4 : 3;
        if (!bits.Bit(nodes[6])) return bits.Bit(nodes[7]) ? 7 + Extra(bits, Extra2) : 5 + Extra(bits, Extra1);
        return bits.Bit(nodes[8])
            ? bits.Bit(nodes[10]) ? 67 + Extra(bits, Extra6) : 35 + Extra(bits, Extra5)
            : bits.Bit(nodes[9]) ? 19 + Extra(bits, Extra4) : 11 + Extra(bits, Extra3);
    }

    private static int Extra(Vp8BoolDecoder bits, ReadOnlySpan<byte> probabilities)
    {
        var value = 0;
        foreach (var probability in probabilities) value = value << 1 | (bits.Bit(probability) ? 1 : 0);
        return value;
    }
}

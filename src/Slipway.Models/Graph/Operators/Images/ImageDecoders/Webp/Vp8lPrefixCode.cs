namespace Slipway.Models.Graph;

/// <summary>A canonical prefix code of at most 15 bits (RFC 9649, "Entropy Code"); one with a single symbol takes no bits.</summary>
internal sealed class Vp8lPrefixCode
{
    private const int MostBits = 15, RootBits = 8;

    /// <summary>In the order of their codes.</summary>
    private readonly ushort[] _symbols;
    private readonly ushort[] _counts = new ushort[MostBits + 1];

    /// <summary>Symbol and length of every code that the next bits may begin with; 0 for longer codes.</summary>
    private readonly ushort[] _root;

    /// <param name="lengths">Of each symbol's code; 0 where it has none.</param>
    public Vp8lPrefixCode(ReadOnlySpan<byte> lengths)
    {
        foreach (var length in lengths) _counts[length]++;
        var used = lengths.Length - _counts[0];
        _counts[0] = 0;
        _symbols = new ushort[used];
        Span<int> places = stackalloc int[MostBits + 1];
        var (at, longest, space) = (0, 0, 0);
        for (var bits = 1; bits <= MostBits; bits++)
        {
            places[bits] = at;
            at += _counts[bits];
            if (_counts[bits] > 0) longest = bits;
            space += _counts[bits] << (MostBits - bits);
        }
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0) _symbols[places[lengths[symbol]]++] = (ushort)symbol;
        }
        if (used != 1 && space != 1 << MostBits) throw WebpDecoder.Damaged($"a prefix code of {used} symbols does not use up its codes");
        _root = used == 1 ? [] : new ushort[1 << Math.Min(longest, RootBits)];
        FillRoot();
    }

    public int Decode(Vp8lBits data)
    {
        if (_root.Length == 0) return _symbols[0];
        var bits = data.Peek();
        var entry = _root[bits & (uint)(_root.Length - 1)];
        if (entry != 0)
        {
            data.Skip(entry & 15);
            return entry >> 4;
        }
        for (int length = 1, code = 0, first = 0, index = 0; length <= MostBits; length++, bits >>= 1)
        {
            code = code << 1 | (int)(bits & 1);
            first <<= 1;
            if (code - first < _counts[length])
            {
                data.Skip(length);
                return _symbols[index + code - first];
            }
            index += _counts[length];
            first += _counts[length];
        }
        throw WebpDecoder.Damaged("a prefix code is unknown");
    }

    private void FillRoot()
    {
        for (int length = 1, code = 0, at = 0; length <= RootBits && at < _symbols.Length; length++, code <<= 1)
        {
            for (var i = 0; i < _counts[length] && _root.Length > 0; i++, at++, code++)
            {
                var reversed = 0;
                for (var bit = 0; bit < length; bit++) reversed |= (code >> bit & 1) << (length - 1 - bit);
                for (; reversed < _root.Length; reversed += 1 << length) _root[reversed] = (ushort)(_symbols[at] << 4 | length);
            }
        }
    }
}

namespace Slipway.Models.Graph;

/// <summary>A canonical Huffman code of at most 16 bits (T.81, annex C).</summary>
internal sealed class HuffmanTable
{
    private readonly byte[] _values;
    private readonly int[] _last = new int[17];
    private readonly int[] _offsets = new int[17];

    /// <param name="counts">Codes of 1 to 16 bits.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        _values = values.ToArray();
        for (int bits = 1, code = 0, at = 0; bits <= 16; bits++)
        {
            _offsets[bits] = at - code;
            code += counts[bits - 1];
            at += counts[bits - 1];
            if (code > 1 << bits) throw JpegDecoder.Damaged("a Huffman table has more codes than there can be");
            _last[bits] = counts[bits - 1] > 0 ? code - 1 : -1;
            code <<= 1;
        }
    }

    public int Decode(ref JpegBits data)
    {
        for (int bits = 1, code = 0; bits <= 16; bits++)
        {
            code = code << 1 | data.Bit();
            if (code <= _last[bits]) return _values[code + _offsets[bits]];
        }
        throw JpegDecoder.Damaged("a Huffman code is unknown");
    }
}

/// <summary>Bits of entropy-coded data; a byte 0xFF is followed by 0, and by anything else where the data ends.</summary>
internal ref struct JpegBits(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _bits;
    private int _left;

    /// <summary>Bytes that were begun.</summary>
    public int Position { get; private set; }

    public int Bit()
    {
        if (_left == 0)
        {
            if (Position >= _data.Length) throw JpegDecoder.Damaged("it ends within a scan");
            _bits = _data[Position];
            if (_bits == 0xFF)
            {
                if (Position + 1 >= _data.Length || _data[Position + 1] != 0) throw JpegDecoder.Damaged("a scan ends before its last block");
                Position++;
            }
            Position++;
            _left = 8;
        }
        return _bits >> --_left & 1;
    }

    public int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++) value = value << 1 | Bit();
        return value;
    }

    /// <summary>A number of so many bits: those below half are negative (T.81, F.2.2.1).</summary>
    public int Signed(int count)
    {
        var value = Bits(count);
        return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Goes on after a restart mark.</summary>
    public void Restart()
    {
        _left = 0;
        while (Position + 1 < _data.Length && !(_data[Position] == 0xFF && _data[Position + 1] is >= 0xD0 and <= 0xD7))
        {
            if (_data[Position] == 0xFF && _data[Position + 1] is not (0 or 0xFF)) break;
            Position++;
        }
        if (Position + 1 >= _data.Length || _data[Position + 1] is not (>= 0xD0 and <= 0xD7)) throw JpegDecoder.Damaged("a restart mark is missing");
        Position += 2;
    }
}
